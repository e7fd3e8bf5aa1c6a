package dev.rondo;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;

import static java.time.Duration.*;

import dev.rondo.testing.*;
import dev.rondo.testsupport.TestLocals;

import org.junit.jupiter.api.*;

import java.util.*;
import java.util.concurrent.*;
import java.util.function.Supplier;

/** What others keep in thread-locals comes along into tasks. */
class TaskLocalsTest {
    private static final ThreadLocal<String> USER = new ThreadLocal<>();

    private final List<Object> trail = new CopyOnWriteArrayList<>();
    private final List<Throwable> reported = new CopyOnWriteArrayList<>();
    private final EventLoop loop =
            EventLoop.builder().clock(new VirtualClock()).onError(this::report).build();

    private void report(Throwable failure) {
        reported.add(failure);
        trail.add("reported on the loop: " + loop.inLoop());
    }

    private static TaskLocals.Captured user() {
        String user = USER.get();
        return user == null
                ? null
                : () -> {
                    String before = USER.get();
                    USER.set(user);
                    return () -> USER.set(before);
                };
    }

    @BeforeEach
    void capture() {
        TestLocals.capturing = TaskLocalsTest::user;
    }

    @AfterEach
    void captureNothing() {
        TestLocals.capturing = null;
        USER.remove();
        loop.close();
    }

    @Test
    void aTaskBegins_withWhatItsCreatorHadThen_andChangesNothingForIt() {
        USER.set("main's");
        loop.run(() -> {
            trail.add(USER.get());
            Task<?> child =
                    createTask(() -> {
                        trail.add(USER.get());
                        USER.set("child's");
                        sleep(ofSeconds(1));
                        trail.add(USER.get());
                    });
            USER.set("later");
            child.await();
            trail.add(USER.get());
            gather(() -> trail.add(USER.get())).await();
        });
        assertThat(trail).containsExactly("main's", "main's", "child's", "later", "later");
        assertThat(USER.get()).isEqualTo("main's");
    }

    @Test
    void submit_capturesOnThePlainThreadThatCallsIt() {
        USER.set("outside");
        Task<String> task = loop.submit(() -> USER.get());
        USER.set("later");
        loop.run(() -> {});
        assertThat(task.result()).isEqualTo("outside");
    }

    @Test
    void aBlockingCall_hasItToo_andAPoolsThreadIsAsItWas() {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try (pool) {
            loop.run(() -> {
                toThread(pool, () -> USER.set("pool's")).await();
                USER.set("main's");
                trail.add(toThread(() -> USER.get()).await());
                trail.add(
                        toThread(
                                        pool,
                                        () -> {
                                            String user = USER.get();
                                            USER.set("left behind");
                                            return user;
                                        })
                                .await());
                USER.remove();
                trail.add(toThread(pool, () -> USER.get()).await());
            });
        }
        assertThat(trail).containsExactly("main's", "main's", "pool's");
    }

    @Test
    void withNothingToCarry_nothingIsSet() {
        loop.run(() -> trail.add(Optional.ofNullable(USER.get())));
        assertThat(trail).containsExactly(Optional.empty());
    }

    @Test
    void whatFails_isReportedOnTheLoop_andTheTaskRuns() {
        RuntimeException boom = new RuntimeException("boom");
        Map<String, Supplier<TaskLocals.Captured>> failing = new LinkedHashMap<>();
        failing.put(
                "capture",
                () -> {
                    throw boom;
                });
        failing.put(
                "set",
                () ->
                        () -> {
                            throw boom;
                        });
        failing.put(
                "undo",
                () ->
                        () ->
                                () -> {
                                    throw boom;
                                });
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try (pool) {
            failing.forEach((when, capturing) -> {
                TestLocals.capturing = capturing;
                loop.run(() -> trail.add(when));
                assertThat(reported).containsExactly(boom);
                loop.run(() -> {
                    Task<?> call = toThread(pool, () -> trail.add(when + " in a pool"));
                    TestLocals.capturing = null;
                    call.await();
                    yieldNow();
                });
                assertThat(reported).hasSizeGreaterThan(1).containsOnly(boom);
                reported.clear();
            });
        }
        assertThat(trail)
                .contains("capture", "capture in a pool", "set in a pool", "undo in a pool")
                .doesNotContain("reported on the loop: false");
    }

    @Test
    void anUndoThatIsNull_isReported_andTheResultStands() {
        TestLocals.capturing = () -> () -> null;
        assertThat(loop.<Integer>run(() -> 5)).isEqualTo(5);
        assertThat(reported).hasSize(1).first().isInstanceOf(NullPointerException.class);
    }
}
