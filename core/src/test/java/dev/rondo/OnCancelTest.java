package dev.rondo;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.*;

import dev.rondo.testing.*;

import org.junit.jupiter.api.Test;

import java.util.*;
import java.util.concurrent.*;

/** What a request to cancel calls at once, whom it would reach, and the question for it. */
class OnCancelTest {
    private final List<Object> trail = new ArrayList<>();

    private Runnable say(String what) {
        return () -> trail.add(what);
    }

    @Test
    void theActionIsCalledWithinTheCallThatAsks_innermostFirst_thenTheBodyGetsIt() {
        VirtualClock.run(() -> {
            Task<Void> task =
                    createTask(() ->
                            onCancel(
                                    say("outer"),
                                    () ->
                                            onCancel(
                                                    say("inner"),
                                                    () -> {
                                                        try {
                                                            sleep(ofHours(1));
                                                        } catch (CancellationException e) {
                                                            trail.add(e.getMessage());
                                                            throw e;
                                                        }
                                                    })));
            yieldNow();
            task.cancel("enough");
            trail.add("asked");
            assertThatThrownBy(task::await).isInstanceOf(CancellationException.class);
            assertThat(trail).containsExactly("inner", "outer", "asked", "enough");
        });
    }

    @Test
    void afterTheBody_noRequestCallsIt() {
        VirtualClock.run(() -> {
            Task<Void> task =
                    createTask(() -> {
                        assertThat(onCancel(say("late"), () -> 7)).isEqualTo(7);
                        sleep(ofHours(1));
                    });
            yieldNow();
            task.cancel();
            assertThatThrownBy(task::await).isInstanceOf(CancellationException.class);
            assertThat(trail).isEmpty();
        });
    }

    @Test
    void aRequestThatIsNotDeliveredYet_callsItAtOnce() {
        VirtualClock.run(() -> {
            Task<Void> task =
                    createTask(() -> {
                        Objects.requireNonNull(currentTask()).cancel();
                        onCancel(say("asked before"), () -> sleep(ofHours(1)));
                    });
            assertThatThrownBy(task::await).isInstanceOf(CancellationException.class);
            assertThat(trail).containsExactly("asked before");
        });
    }

    @Test
    void ofATimeoutAround_butNotOfOneInside() {
        VirtualClock.run(() -> {
            assertThatThrownBy(() ->
                            timeout(
                                    ofSeconds(1),
                                    () -> onCancel(say("around"), () -> sleep(ofHours(1)))))
                    .isInstanceOf(AsyncTimeoutException.class);
            onCancel(
                    say("inside"),
                    () ->
                            assertThatThrownBy(() -> timeout(ofSeconds(1), () -> sleep(ofHours(1))))
                                    .isInstanceOf(AsyncTimeoutException.class));
            assertThat(trail).containsExactly("around");
        });
    }

    @Test
    void ofAGroupAround_butNotOfOneInside() {
        VirtualClock.run(() -> {
            taskGroup(group -> {
                group.createTask(() -> {
                    sleep(ofSeconds(1));
                    group.cancel();
                });
                onCancel(say("around"), () -> sleep(ofHours(1)));
            });
            onCancel(
                    say("inside"),
                    () ->
                            taskGroup(group -> {
                                group.createTask(group::cancel);
                                sleep(ofHours(1));
                            }));
            assertThat(trail).containsExactly("around");
        });
    }

    @Test
    void whatAShieldHoldsBack_callsItWhenTheShieldEnds() {
        VirtualClock.run(() -> {
            Task<Void> task =
                    createTask(() ->
                            onCancel(
                                    say("around"),
                                    () -> {
                                        shielded(() ->
                                                onCancel(
                                                        say("shielded"),
                                                        () -> {
                                                            sleep(ofSeconds(1));
                                                            trail.add("finished");
                                                        }));
                                        sleep(ofHours(1));
                                    }));
            yieldNow();
            task.cancel();
            trail.add("asked");
            assertThatThrownBy(task::await).isInstanceOf(CancellationException.class);
            assertThat(trail).containsExactly("asked", "finished", "around");
        });
    }

    @Test
    void aTaskThatIsAwaited_getsItToo() {
        VirtualClock.run(() -> {
            Task<Void> inner = createTask(() -> onCancel(say("inner"), () -> sleep(ofHours(1))));
            Task<Void> outer = createTask(() -> onCancel(say("outer"), () -> inner.await()));
            yieldNow();
            yieldNow();
            outer.cancel();
            assertThat(trail).containsExactly("outer", "inner");
        });
    }

    @Test
    void anActionThatThrows_isReported_andTheBodyIsCancelledAllTheSame() {
        RuntimeException boom = new RuntimeException("boom");
        try (EventLoop loop =
                EventLoop.builder().clock(new VirtualClock()).onError(trail::add).build()) {
            loop.run(() -> {
                Task<Void> task =
                        createTask(() ->
                                onCancel(
                                        () -> {
                                            throw boom;
                                        },
                                        () -> sleep(ofHours(1))));
                yieldNow();
                task.cancel();
                assertThatThrownBy(task::await).isInstanceOf(CancellationException.class);
            });
        }
        assertThat(trail).containsExactly(boom);
    }

    @Test
    void checkCancelled_throwsARequestThatWaits_once() {
        VirtualClock.run(() -> {
            checkCancelled();
            Task<?> task = Objects.requireNonNull(currentTask());
            task.cancel("now");
            assertThatThrownBy(Async::checkCancelled)
                    .isInstanceOf(CancellationException.class)
                    .hasMessage("now");
            checkCancelled();
            yieldNow();
            task.cancel();
            assertThatThrownBy(
                            () -> {
                                shielded(() -> {
                                    checkCancelled();
                                    trail.add("in the shield");
                                });
                                yieldNow();
                            })
                    .isInstanceOf(CancellationException.class);
            assertThat(trail).containsExactly("in the shield");
            assertThat(task.cancelling()).isEqualTo(2);
            task.uncancel();
            task.uncancel();
        });
        assertThatThrownBy(Async::checkCancelled).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void cancelReaches_whatIsAwaited_throughTasksGathersGroupsAndViews() {
        VirtualClock.run(() -> {
            Promise<Integer> promise = currentLoop().newPromise();
            Task<Integer> view = promise;
            Task<?> leaf = createTask(() -> view.await());
            Task<?> gathering = createTask(() -> gather(leaf, leaf).await());
            Task<?>[] child = new Task<?>[1];
            Task<?> grouping =
                    createTask(() ->
                            taskGroup(group -> {
                                child[0] = group.createTask(() -> gathering.await());
                            }));
            Task<?> top = createTask(() -> timeout(ofHours(1), () -> grouping.await()));
            Task<?> beside = createTask(() -> sleep(ofHours(1)));
            yieldNow();
            yieldNow();
            for (Awaitable<?> other :
                    List.of(top, grouping, child[0], gathering, leaf, view, promise)) {
                assertThat(top.cancelReaches(other)).as(other.toString()).isTrue();
            }
            assertThat(leaf.cancelReaches(top)).isFalse();
            assertThat(beside.cancelReaches(promise)).isFalse();
            assertThat(top.cancelReaches(beside)).isFalse();
            promise.complete(1);
            top.await();
            assertThat(top.cancelReaches(leaf)).isFalse();
            beside.cancel();
        });
    }

    @Test
    void cancelReaches_nothingBehindAShield_andNothingThatIsOnlyLookedAt() {
        VirtualClock.run(() -> {
            Task<?> shielded = createTask(() -> sleep(ofHours(1)));
            Task<?> top = createTask(() -> shield(shielded).await());
            Promise<Integer> promise = currentLoop().newPromise();
            Task<?> inShield = createTask(() -> shielded(() -> promise.await()));
            Task<?> waiting = createTask(() -> waitAll(List.of(shielded)));
            Task<?> running = createTask(() -> shielded.onDone(done -> {}));
            yieldNow();
            yieldNow();
            assertThat(top.cancelReaches(shielded)).isFalse();
            assertThat(inShield.cancelReaches(promise)).isFalse();
            assertThat(waiting.cancelReaches(shielded)).isFalse();
            assertThat(running.cancelReaches(shielded)).isFalse();
            promise.complete(1);
            shielded.cancel();
        });
    }

    @Test
    void cancelReaches_endsInACircle() {
        VirtualClock.run(() -> {
            Task<?>[] circle = new Task<?>[2];
            circle[0] = createTask(() -> circle[1].await());
            circle[1] = createTask(() -> circle[0].await());
            Task<?> outside = createTask(() -> sleep(ofHours(1)));
            yieldNow();
            yieldNow();
            assertThat(circle[0].cancelReaches(circle[1])).isTrue();
            assertThat(outside.cancelReaches(circle[1])).isFalse();
            circle[0].cancel();
            outside.cancel();
        });
    }

    @Test
    void cancelTree_asksTheTasksOfGroupsInTheSameCall_once() {
        VirtualClock.run(() -> {
            Task<?> task =
                    createTask(() ->
                            taskGroup(group -> {
                                group.createTask(() -> record("child"));
                                group.createTask(() ->
                                        taskGroup(inner -> {
                                            inner.createTask(() -> record("grandchild"));
                                        }));
                                record("body");
                            }));
            yieldNow();
            yieldNow();
            yieldNow();
            task.cancelTree("all");
            trail.add("asked");
            assertThatThrownBy(task::await).isInstanceOf(CancellationException.class);
            assertThat(trail)
                    .containsExactly(
                            "body is asked",
                            "child is asked",
                            "grandchild is asked",
                            "asked",
                            "child ends: all",
                            "grandchild ends: all",
                            "body ends: all");
        });
    }

    private void record(String name) {
        onCancel(
                say(name + " is asked"),
                () -> {
                    try {
                        sleep(ofHours(1));
                    } catch (CancellationException e) {
                        // A second request would end this clean-up.
                        sleep(ofSeconds(1));
                        trail.add(name + " ends: " + e.getMessage());
                        throw e;
                    }
                });
    }

    @Test
    void cancelTree_waitsForShields_andAPlainCancelLeavesTheGroupToItsBody() {
        VirtualClock.run(() -> {
            Task<?> task =
                    createTask(() ->
                            shielded(() ->
                                    taskGroup(group -> {
                                        group.createTask(() -> sleep(ofSeconds(1)));
                                    })));
            yieldNow();
            task.cancelTree("all");
            sleep(ofMillis(500));
            assertThat(task.isDone()).isFalse();
            assertThatThrownBy(task::await).isInstanceOf(CancellationException.class);

            Task<?> swallowing =
                    createTask(() ->
                            taskGroup(group -> {
                                Task<?> child = group.createTask(() -> sleep(ofSeconds(1)));
                                try {
                                    sleep(ofHours(1));
                                } catch (CancellationException e) {
                                    trail.add(child.cancelling());
                                }
                            }));
            yieldNow();
            swallowing.cancel();
            swallowing.await();
            assertThat(trail).containsExactly(0);
        });
    }
}
