package dev.rondo.reactor;

import static dev.rondo.reactor.ReactorBridge.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rondo.Async;
import dev.rondo.EventLoop;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import reactor.blockhound.BlockHound;
import reactor.blockhound.BlockingOperationError;
import reactor.core.scheduler.Scheduler;

import java.io.FileInputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** With BlockHound in the JVM: it finds our integration by itself, and knows our threads. */
@Tag("blockhound")
@Timeout(30)
class BlockHoundTest {
    private final EventLoop loop = EventLoop.start("hunted");
    private final Scheduler scheduler = scheduler(loop);

    @BeforeAll
    static void install() {
        BlockHound.install();
    }

    @AfterEach
    void close() {
        loop.close();
    }

    /** Code that blocks, by a call that BlockHound knows. */
    private interface Blocking {
        void run() throws Exception;
    }

    private static void read() throws Exception {
        try (var in = new FileInputStream("/dev/null")) {
            in.read();
        }
    }

    /** What blocking ends with. */
    private static String outcome(Blocking blocking) {
        try {
            blocking.run();
            return "nothing";
        } catch (BlockingOperationError e) {
            return "found";
        } catch (Throwable e) {
            return e.toString();
        }
    }

    private String inTask(Blocking blocking) throws Exception {
        CompletableFuture<String> outcome = new CompletableFuture<>();
        scheduler.schedule(() -> outcome.complete(outcome(blocking)));
        return outcome.get(10, TimeUnit.SECONDS);
    }

    @Test
    void aReadInATask_isFound() throws Exception {
        assertThat(inTask(BlockHoundTest::read)).isEqualTo("found");
    }

    @Test
    void aReadInACoroutine_isFound() {
        assertThat(loop.submit(() -> outcome(BlockHoundTest::read)).join()).isEqualTo("found");
    }

    @Test
    void aSleepInATask_isFound_whereTheLoopHasAPlatformThread() throws Exception {
        assumeTrue("mounted".equals(System.getProperty("dev.rondo.fiber")));
        assertThat(inTask(() -> Thread.sleep(1))).isEqualTo("found");
    }

    @Test
    void elsewhere_alsoInToThread_blockingIsAllowed() {
        assertThat(outcome(BlockHoundTest::read)).isEqualTo("nothing");
        assertThat(
                        loop.submit(() ->
                                        Async.toThread(() -> outcome(BlockHoundTest::read)).await())
                                .join())
                .isEqualTo("nothing");
    }

    @Test
    void theLoopsOwnWaiting_isAllowed() throws Exception {
        // Idle with nothing to do, idle until a timer, and for a coroutine that blocks by parking.
        assertThat(inTask(() -> {})).isEqualTo("nothing");
        CompletableFuture<String> delayed = new CompletableFuture<>();
        scheduler.schedule(() -> delayed.complete("ran"), 20, TimeUnit.MILLISECONDS);
        assertThat(delayed.get(10, TimeUnit.SECONDS)).isEqualTo("ran");
        CountDownLatch parked = new CountDownLatch(1);
        CountDownLatch open = new CountDownLatch(1);
        var stalled =
                loop.submit(() -> {
                    Async.sleep(Duration.ofMillis(1));
                    parked.countDown();
                    open.await();
                    return "went on";
                });
        parked.await();
        open.countDown();
        assertThat(stalled.join()).isEqualTo("went on");
    }
}
