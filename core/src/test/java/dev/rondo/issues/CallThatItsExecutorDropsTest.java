package dev.rondo.issues;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.*;

import dev.rondo.*;
import dev.rondo.sync.*;
import dev.rondo.testing.*;

import org.junit.jupiter.api.Test;

import java.util.*;
import java.util.concurrent.*;

/** A call that an executor had dropped never ended, and held the virtual clock for ever. */
class CallThatItsExecutorDropsTest {
    private final List<Object> trail = new CopyOnWriteArrayList<>();

    private static ThreadPoolExecutor pool(RejectedExecutionHandler handler) {
        return new ThreadPoolExecutor(
                1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(1), handler);
    }

    @Test
    void fails_andLetsTheClockGoOn() {
        VirtualClock.run(() -> {
            Executor dropping = command -> {};
            Task<Integer> call = toThread(dropping, () -> 1);
            assertThatThrownBy(() -> timeout(ofSeconds(5), () -> call.await()))
                    .isInstanceOf(RejectedExecutionException.class)
                    .hasMessageContaining("has dropped the call");
        });
    }

    @Test
    void isToldToTheErrorHandler_ifNobodyWaits() {
        try (EventLoop loop =
                EventLoop.builder()
                        .clock(new VirtualClock())
                        .onFailure(failure -> trail.add(failure.failure().getClass()))
                        .build()) {
            loop.run(() -> {
                toThread(command -> {}, () -> 1);
                sleep(ofSeconds(5));
            });
        }
        assertThat(trail).containsExactly(RejectedExecutionException.class);
    }

    @Test
    void bySomePolicyOrShutdown_whileOneThatIsQueuedForLongIsWaitedFor() {
        ThreadPoolExecutor pool = pool(new ThreadPoolExecutor.DiscardPolicy());
        CountDownLatch release = new CountDownLatch(1);
        VirtualClock.run(() -> {
            Task<String> running =
                    toThread(
                            pool,
                            () -> {
                                release.await();
                                return "ran";
                            });
            Task<String> queued = toThread(pool, () -> "was queued");
            Task<String> discarded = toThread(pool, () -> "never");
            assertThatThrownBy(() -> timeout(ofSeconds(5), () -> discarded.await()))
                    .isInstanceOf(RejectedExecutionException.class);
            release.countDown();
            trail.add(timeout(ofSeconds(5), () -> queued.await()));
            trail.add(running.await());
        });
        pool.shutdown();
        assertThat(trail).containsExactly("was queued", "ran");
    }
}
