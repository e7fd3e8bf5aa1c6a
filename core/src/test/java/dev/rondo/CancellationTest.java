package dev.rondo;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.*;

import dev.rondo.testing.*;

import org.junit.jupiter.api.Test;

import java.util.concurrent.*;

/** Cancelling tasks, at every moment they can be cancelled at. */
class CancellationTest extends Trail {
    @Test
    void twoTasksWaitOnOnePromise_oneIsCancelled_theOtherIsCancelledToo_withNoRequest() {
        VirtualClock.run(() -> {
            Promise<Integer> promise = currentLoop().newPromise();
            Task<Integer> a = createTask(promise::await);
            Task<Integer> b = createTask(promise::await);
            yieldNow();
            a.cancel();
            gatherSettled(a, b).await();
            assertThat(b.isCancelled()).isTrue();
            assertThat(b.cancelling()).isZero();
        });
    }

    @Test
    void cancelAfterTheValueArrived_theTaskIsCancelled_andThePromiseKeepsTheValue() {
        VirtualClock.run(() -> {
            Promise<Integer> promise = currentLoop().newPromise();
            Task<Integer> task = createTask(promise::await);
            yieldNow();
            promise.complete(1);
            task.cancel();
            assertThatThrownBy(task::await).isInstanceOf(CancellationException.class);
            assertThat(promise.result()).isEqualTo(1);
        });
    }

    @Test
    void severalRequestsBeforeItRuns_areOneException_andAreCounted() {
        VirtualClock.run(() -> {
            Promise<Integer> promise = currentLoop().newPromise();
            Task<?> task =
                    createTask(() -> {
                        try {
                            promise.await();
                        } catch (CancellationException e) {
                            trail.add(e.getMessage());
                        }
                        yieldNow();
                        trail.add("no second one");
                    });
            yieldNow();
            promise.cancel();
            task.cancel("a");
            task.cancel("b");
            task.await();
            assertThat(task.cancelling()).isEqualTo(2);
            assertThat(task.isCancelled()).isFalse();
        });
        assertThat(trail).containsExactly(null, "no second one");
    }

    @Test
    void aRequestSwallowed_isNotMadeAgain_andTheTaskMayReturn() {
        VirtualClock.run(() -> {
            Task<Integer> task =
                    createTask(() -> {
                        try {
                            sleeping("swallowed");
                        } catch (CancellationException e) {
                            sleep(ofSeconds(1));
                        }
                        return 5;
                    });
            yieldNow();
            task.cancel();
            assertThat(task.await()).isEqualTo(5);
            assertThat(task.isCancelled()).isFalse();
            assertThat(task.cancelling()).isEqualTo(1);
        });
        assertThat(trail).containsExactly("swallowed");
    }

    @Test
    void aTaskCancelsItself_andIsCancelledAtItsNextSuspension() {
        VirtualClock.run(() -> {
            Task<?> task =
                    createTask(() -> {
                        currentTask().cancel("own");
                        trail.add("goes on");
                        yieldNow();
                        trail.add("wrong");
                    });
            assertThatThrownBy(task::await).hasMessage("own");
        });
        assertThat(trail).containsExactly("goes on");
    }

    @Test
    void aTaskCancelsItself_awaitsWhatIsDone_andReturns_itEndsCancelled() {
        VirtualClock.run(() -> {
            Promise<Integer> done = currentLoop().newPromise();
            done.complete(1);
            Task<?> task =
                    createTask(() -> {
                        currentTask().cancel();
                        trail.add(done.await());
                        return "lost";
                    });
            assertThatThrownBy(task::await).isInstanceOf(CancellationException.class);
            assertThat(task.isCancelled()).isTrue();
        });
        assertThat(trail).containsExactly(1);
    }

    @Test
    void aTaskCancelsItself_andAwaitsAChild_theChildIsCancelledThroughIt() {
        VirtualClock.run(() -> {
            Task<?> child = createTask(() -> sleeping("child"));
            Task<?> task =
                    createTask(() -> {
                        yieldNow();
                        currentTask().cancel();
                        child.await();
                    });
            assertThatThrownBy(task::await).isInstanceOf(CancellationException.class);
            assertThat(child.isCancelled()).isTrue();
        });
        assertThat(trail).containsExactly("child");
    }

    @Test
    void aChildThatSwallowsIt_givesItsValueToTheParent_whichGoesOn() {
        VirtualClock.run(() -> {
            Task<Integer> child =
                    createTask(() -> {
                        try {
                            sleep(ofHours(1));
                        } catch (CancellationException e) {
                            trail.add("swallowed");
                        }
                        return 7;
                    });
            Task<Integer> parent = createTask(child::await);
            yieldNow();
            yieldNow();
            parent.cancel();
            assertThat(parent.await()).isEqualTo(7);
            assertThat(parent.isCancelled()).isFalse();
            assertThat(parent.cancelling()).isEqualTo(1);
            assertThat(child.cancelling()).isEqualTo(1);
        });
    }

    @Test
    void aChildCancelledByAThirdParty_cancelsTheParentThatAwaitsIt_withNoRequest() {
        VirtualClock.run(() -> {
            Task<?> child = createTask(() -> sleeping("child"));
            Task<?> parent = createTask(child::await);
            yieldNow();
            yieldNow();
            child.cancel();
            assertThatThrownBy(parent::await).isInstanceOf(CancellationException.class);
            assertThat(parent.isCancelled()).isTrue();
            assertThat(parent.cancelling()).isZero();
        });
    }

    @Test
    void aCancelledTaskThatAnswersWithAnotherFailure_hasFailed() {
        RuntimeException boom = new RuntimeException("boom");
        VirtualClock.run(() -> {
            Task<?> task =
                    createTask(() -> {
                        try {
                            sleep(ofHours(1));
                        } catch (CancellationException e) {
                            throw boom;
                        }
                    });
            yieldNow();
            task.cancel();
            assertThatThrownBy(task::await).isSameAs(boom);
            assertThat(task.isCancelled()).isFalse();
        });
    }

    @Test
    void ofTwoMessages_theLastCountsBeforeTheStart_theFirstWhileWaiting() {
        VirtualClock.run(() -> {
            Task<?> fresh = createTask(() -> {});
            fresh.cancel("a");
            fresh.cancel("b");
            Task<?> waiting = createTask(() -> sleep(ofHours(1)));
            yieldNow();
            waiting.cancel("a");
            waiting.cancel("b");
            assertThatThrownBy(fresh::await).hasMessage("b");
            assertThatThrownBy(waiting::await).hasMessage("a");
        });
    }

    @Test
    void cancelOfADoneTask_isFalse_andIsNotCounted() {
        VirtualClock.run(() -> {
            Task<?> task = createTask(() -> {});
            task.await();
            assertThat(task.cancel()).isFalse();
            assertThat(task.cancelling()).isZero();
            assertThat(task.uncancel()).isZero();
        });
    }

    @Test
    void aRequestTakenBackBeforeItReachedTheTask_isForgotten() {
        VirtualClock.run(() -> {
            Promise<Integer> promise = currentLoop().newPromise();
            Task<Integer> task = createTask(promise::await);
            Task<Integer> fresh = createTask(() -> 3);
            fresh.cancel();
            fresh.cancel();
            assertThat(fresh.uncancel()).isEqualTo(1);
            assertThat(fresh.uncancel()).isZero();
            yieldNow();
            promise.complete(1);
            task.cancel();
            assertThat(task.uncancel()).isZero();
            assertThat(task.await()).isEqualTo(1);
            assertThat(fresh.await()).isEqualTo(3);
        });
    }

    @Test
    void anInnerTaskThatIgnoredTheFirst_isAskedAgainWithItsAwaiter() {
        VirtualClock.run(() -> {
            Task<?> inner =
                    createTask(() -> {
                        for (int i = 0; i < 2; i++) {
                            try {
                                sleep(ofHours(1));
                            } catch (CancellationException e) {
                                trail.add("ignored " + i);
                            }
                        }
                    });
            Task<?> outer = createTask(inner::await);
            yieldNow();
            yieldNow();
            outer.cancel();
            yieldNow();
            yieldNow();
            outer.cancel();
            outer.await();
        });
        assertThat(trail).containsExactly("ignored 0", "ignored 1");
    }

    @Test
    void whileItCleansUp_aSecondRequestInterruptsTheCleanUp() {
        VirtualClock.run(() -> {
            Task<?> task =
                    createTask(() -> {
                        try {
                            sleep(ofHours(1));
                        } finally {
                            sleeping("clean-up interrupted");
                        }
                    });
            yieldNow();
            task.cancel();
            yieldNow();
            task.cancel();
            assertThatThrownBy(task::await).isInstanceOf(CancellationException.class);
        });
        assertThat(trail).containsExactly("clean-up interrupted");
    }

    @Test
    void inDebugMode_theExceptionSaysWhoAskedAndWhere() {
        try (EventLoop loop = EventLoop.builder().debug(true).build()) {
            loop.run(() -> {
                Task<?> task = createTask("victim", () -> sleep(ofHours(1)));
                yieldNow();
                createTask("culprit", () -> task.cancel("why"));
                assertThatThrownBy(task::await)
                        .hasMessage("why")
                        .cause()
                        .hasMessage("cancelled by Task 'culprit'");
            });
        }
    }

    @Test
    void aRaceOfForeignCancelsAndTheEnd_neverHangsAndNeverLies() {
        try (EventLoop loop = EventLoop.start("race")) {
            for (int i = 0; i < 3000; i++) {
                Task<Integer> task =
                        loop.submit(() -> {
                            yieldNow();
                            yieldNow();
                            return 1;
                        });
                Thread.ofVirtual().start(() -> task.cancel());
                try {
                    assertThat(task.join()).isEqualTo(1);
                    assertThat(task.isCancelled()).isFalse();
                } catch (CancellationException e) {
                    assertThat(task.isCancelled()).isTrue();
                }
            }
        }
    }
}
