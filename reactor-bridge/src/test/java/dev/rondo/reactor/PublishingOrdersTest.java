package dev.rondo.reactor;

import static dev.rondo.Async.*;
import static dev.rondo.reactor.Orders.explore;
import static dev.rondo.reactor.ReactorBridge.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rondo.reactor.Orders.*;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import reactor.core.Disposable;
import reactor.core.publisher.Flux;

import java.util.*;

/**
 * The body of a flux or mono, in all orders of what its coroutines, its subscriber and others do,
 * on the loop and from another thread. Naive twins show what it finds.
 */
@Timeout(120)
class PublishingOrdersTest {
    private static void requireMany(String what, long orders) {
        assertThat(orders).as(what).isGreaterThan(100);
    }

    /** Two elements, one after the other. */
    private static class Two extends BodyProgram {
        @Override
        void work() throws Exception {
            emit(1);
            emit(2);
        }
    }

    @Test
    void elementsForRequests() {
        requireMany(
                "elements",
                explore(2, () -> new Two().requests(2, 1))
                        + explore(1, () -> new Two().requests(2, 1).cancels(1))
                        + explore(1, () -> new Two().requests(1, 2).cancels(2)));
    }

    /** Two tasks of a group. */
    private static class TwoTasks extends BodyProgram {
        @Override
        void work() throws Exception {
            taskGroup(group -> {
                group.createTask(() -> emit(1));
                group.createTask(() -> emit(2));
            });
        }
    }

    @Test
    void elementsOfTasks() {
        requireMany(
                "tasks",
                explore(1, () -> new TwoTasks().requests(2, 1))
                        + explore(1, () -> new TwoTasks().requests(2, 1).cancels(1))
                        + explore(0, () -> new TwoTasks().requests(1, 1).cancels(2)));
    }

    /** A task that the body does not wait for. */
    private static class Forgotten extends BodyProgram {
        @Override
        void work() throws Exception {
            createTask(() -> {
                try {
                    emit(1);
                    emit(2);
                } catch (IllegalStateException e) {
                    require(body.hasBegun(), "too early: " + e);
                }
            });
            yieldNow();
        }
    }

    /** A subscriber whose onNext suspends the coroutine that emits. */
    private static class SuspendedInNext extends Forgotten {
        @Override
        Taker taker() {
            return new Taker(this) {
                @Override
                void taking() {
                    super.taking();
                    if (!cancelled) {
                        shielded(() -> {
                            yieldNow();
                            yieldNow();
                            yieldNow();
                        });
                    }
                }
            };
        }

        @Override
        void atEnd() {
            // A cancellation may come out of onNext, when the element was taken.
            for (int value : taker.got) {
                if (refused.remove((Object) value)) {
                    given.add(value);
                }
            }
            super.atEnd();
        }
    }

    @Test
    void elementsOfATask_thatOutlivesTheBody() {
        requireMany(
                "forgotten",
                explore(1, () -> new Forgotten().requests(2, 1))
                        + explore(1, () -> new Forgotten().requests(1, 1))
                        + explore(1, () -> new Forgotten().requests(2, 1).cancels(1))
                        + explore(0, () -> new SuspendedInNext().requests(2, 1))
                        + explore(0, () -> new SuspendedInNext().requests(1, 2).cancels(1)));
    }

    /** Callbacks of the loop try beside the body. */
    private static class Tried extends Two {
        BodyProgram tries(int times) {
            Script script = onLoop();
            for (int i = 0; i < times; i++) {
                int value = 10 + i;
                script.then("tryEmit", () -> emitter != null, () -> tryEmit(value));
            }
            return this;
        }

        @Override
        void atEnd() {
            if (!taker.hasEnded() && !taker.cancelled) {
                // What was tried may have had the demand of an element of the body.
                taker.cancel();
                loop().callSoon(() -> {});
            }
            super.atEnd();
        }
    }

    @Test
    void elementsThatAreTried() {
        requireMany(
                "tried",
                explore(1, () -> new Tried().tries(2).requests(1, 4))
                        + explore(1, () -> new Tried().tries(2).requests(1, 4).cancels(1)));
    }

    /** What the subscriber does when it has an element. */
    private enum InNext {
        REQUEST,
        CANCEL,
        CANCEL_TWICE
    }

    private static class Answered extends Two {
        private final InNext answer;

        Answered(InNext answer) {
            this.answer = answer;
        }

        @Override
        Taker taker() {
            return new Taker(this) {
                @Override
                void taking() {
                    super.taking();
                    if (answer == InNext.REQUEST) {
                        request(1);
                    } else {
                        cancel();
                        if (answer == InNext.CANCEL_TWICE) {
                            cancel();
                        }
                    }
                }
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void answersWithinOnNext(InNext answer) {
        requireMany(
                "answer " + answer,
                explore(2, () -> new Answered(answer).requests(1, 1))
                        + explore(2, () -> new Answered(answer).requests(1, 2).cancels(1)));
    }

    /** A failure after an element, or in the clean-up of its cancellation. */
    private static class Failing extends BodyProgram {
        @Override
        void work() throws Exception {
            try {
                emit(1);
                yieldNow();
            } finally {
                fail();
            }
        }
    }

    @Test
    void failures() {
        requireMany(
                "failures",
                explore(1, () -> new Failing().requests(1, 1))
                        + explore(1, () -> new Failing().requests(1, 1).cancels(1))
                        + explore(0, () -> new Failing().requests(1, 1).cancels(2)));
    }

    /** The result of a mono. */
    private static class Result extends BodyProgram {
        private boolean made;

        @Override
        void work() {
            yieldNow();
        }

        @Override
        void subscribe() {
            mono(
                            loop(),
                            () -> {
                                body.run(this::work, () -> {});
                                made = true;
                                return 7;
                            })
                    .subscribe(taker);
        }

        @Override
        void atEnd() {
            given.addAll(taker.got);
            super.atEnd();
            List<Object> gone = new ArrayList<>(taker.got);
            gone.addAll(taker.discarded);
            require(gone.equals(made ? List.of(7) : List.of()), "made " + made + ", gone " + gone);
        }
    }

    @Test
    void results() {
        requireMany(
                "results",
                explore(2, () -> new Result().requests(1, 1))
                        + explore(1, () -> new Result().requests(1, 1).cancels(1))
                        + explore(1, () -> new Result().requests(2, 1).cancels(2)));
    }

    /** A subscriber of Reactor's own, which is disposed of. */
    private static class Disposed extends Two {
        private Disposable disposable;
        private boolean disposed;

        Disposed() {
            for (int i = 0; i < 2; i++) {
                anywhere()
                        .then(
                                "dispose",
                                () -> disposable != null,
                                () -> {
                                    disposable.dispose();
                                    disposed = true;
                                });
            }
        }

        @Override
        void work() throws Exception {
            emit(1);
            yieldNow();
            emit(2);
        }

        @Override
        void subscribe() {
            disposable =
                    Flux.defer(() -> flux(loop(), this::run))
                            .contextWrite(taker.currentContext())
                            .subscribe(
                                    value -> {
                                        require(!disposed, "an element after dispose");
                                        taker.got.add(value);
                                        point("onNext");
                                    },
                                    e -> require(false, "an error: " + e),
                                    () -> {
                                        require(!disposed, "an end after dispose");
                                        taker.completed = true;
                                    });
        }

        @Override
        void atEnd() {
            taker.cancelled = disposed;
            super.atEnd();
        }
    }

    @Test
    void disposing() {
        requireMany("disposed", explore(2, Disposed::new));
    }

    @ParameterizedTest
    @EnumSource
    void aTwin_isCaughtIfItMakesAMistake(NaivePublisher.Mistake mistake) {
        ThrowingCallable exploring =
                () -> {
                    explore(0, () -> new TwoTasks().by(mistake).requests(2, 1));
                    explore(0, () -> new TwoTasks().by(mistake).requests(2, 1).cancels(1));
                    explore(0, () -> new Two().by(mistake).requests(2, 1).cancels(2));
                    explore(1, () -> new Two().by(mistake).requests(2, 1).cancels(1));
                };
        if (mistake == NaivePublisher.Mistake.NONE) {
            assertThatCode(exploring).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(exploring)
                    .isInstanceOf(Violation.class)
                    .hasStackTraceContaining(mistake.shown);
        }
    }
}
