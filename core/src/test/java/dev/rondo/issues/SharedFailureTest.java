package dev.rondo.issues;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.*;

import dev.rondo.*;

import org.junit.jupiter.api.Test;

import java.util.*;

/** The other failures of a group were added for ever to an exception that many had. */
class SharedFailureTest {
    private final List<String> reported = new ArrayList<>();

    @Test
    void oneThatWasAwaited_isThrownAsItIs_andTheOthersAreReported() {
        run(() -> {
            IllegalStateException lost = new IllegalStateException("lost");
            Promise<Void> connection = currentLoop().newPromise();
            connection.fail(lost);
            Task<Void> failed = Task.failed(lost);
            for (Awaitable<Void> shared : List.of(connection, failed)) {
                assertThatThrownBy(() -> group(() -> shared.await())).isSameAs(lost);
                assertThatThrownBy(() ->
                                race(
                                        () -> shared.await(),
                                        () -> {
                                            throw new RuntimeException("other");
                                        }))
                        .isSameAs(lost);
            }
            assertThat(lost).hasNoSuppressedExceptions();
        });
        assertThat(reported).containsExactly("clean-up", "other", "clean-up", "other");
    }

    @Test
    void oneOfTheBodysOwn_thatItWasGiven_isThrownAsItIs() {
        run(() -> {
            IllegalStateException lost = new IllegalStateException("lost");
            Promise<Void> connection = currentLoop().newPromise();
            connection.fail(lost);
            IllegalStateException own = new IllegalStateException("own");
            assertThatThrownBy(() ->
                            taskGroup((TaskGroup group) -> {
                                group.createTask(() -> failInCleanUp("late"));
                                group.createTask(() -> failInCleanUp("later"));
                                yieldNow();
                                connection.await();
                            }))
                    .hasMessage("late")
                    .satisfies(e -> assertThat(e.getSuppressed()).hasSize(2).contains(lost));
            assertThatThrownBy(() -> group(() -> thrown(own))).isSameAs(own);
            assertThat(own.getSuppressed()).hasSize(1);
        });
        assertThat(reported).isEmpty();
    }

    @Test
    void aConstant_getsEachOnce_andNoMoreThanAHundred() {
        IllegalStateException constant = new IllegalStateException("constant");
        RuntimeException another = new RuntimeException("another constant");
        run(() -> {
            for (int i = 0; i < 200; i++) {
                assertThatThrownBy(() -> group(() -> thrown(constant))).isSameAs(constant);
                assertThatThrownBy(() -> race(() -> thrown(constant), () -> thrown(another)))
                        .isSameAs(constant);
            }
        });
        assertThat(constant.getSuppressed()).hasSize(100).containsOnlyOnce(another);
        assertThat(reported).hasSize(101);
    }

    @Test
    void oneThatTakesNone_isThrownAsItIs_andTheOthersAreReported() {
        RuntimeException stubborn = new RuntimeException("stubborn", null, false, false) {};
        run(() -> assertThatThrownBy(() -> group(() -> thrown(stubborn))).isSameAs(stubborn));
        assertThat(reported).containsExactly("clean-up");
    }

    private void run(Action body) {
        Steps.run(body, e -> reported.add(e.getMessage()));
    }

    private static Void thrown(RuntimeException failure) {
        throw failure;
    }

    /** A group in which the action fails first, and then another task in its clean-up. */
    private static void group(Action failing) {
        taskGroup(group -> {
            group.createTask(() -> failInCleanUp("clean-up"));
            group.createTask(failing);
            sleep(ofSeconds(1));
        });
    }

    private static void failInCleanUp(String message) {
        try {
            sleep(ofSeconds(5));
        } finally {
            throw new RuntimeException(message);
        }
    }
}
