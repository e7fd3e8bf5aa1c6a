package dev.rondo;

import static dev.rondo.Async.allTasks;
import static dev.rondo.Async.createTask;
import static dev.rondo.Async.currentLoop;
import static dev.rondo.Async.currentTask;
import static dev.rondo.Async.gather;
import static dev.rondo.Async.sleep;
import static dev.rondo.Async.yieldNow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rondo.internal.loop.Insides;
import dev.rondo.testing.VirtualClock;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;

/** Tasks: starting, resuming, order, names, and the cancellation that run and gather need. */
class TaskTest {
    private final List<Object> trail = new ArrayList<>();

    @Test
    void tasksBeginInOrderOfCreation_notBeforeTheirMakerSuspends() {
        VirtualClock.run(() -> {
            createTask(() -> trail.add("first"));
            createTask(() -> trail.add("second"));
            trail.add("main");
            yieldNow();
        });
        assertThat(trail).containsExactly("main", "first", "second");
    }

    @Test
    void makingACoroutineRunsNothing_awaitingItRunsItInTheCurrentTask_everyTime() {
        VirtualClock.run(() -> {
            Coroutine<Integer> coroutine =
                    () -> {
                        trail.add(currentTask());
                        return trail.size();
                    };
            assertThat(trail).isEmpty();
            assertThat(coroutine.await()).isEqualTo(1);
            assertThat(coroutine.await()).isEqualTo(2);
            assertThat(trail).containsExactly(currentTask(), currentTask());
        });
    }

    @Test
    void aParentResumesOnePassAfterItsChildEnded_inThePlaceOfTheWaiters() {
        VirtualClock.run(() -> {
            Task<?> child = createTask(() -> trail.add("child"));
            child.onDone(task -> trail.add("callback"));
            currentLoop().callSoon(() -> currentLoop().callSoon(() -> trail.add("queued later")));
            child.await();
            trail.add("parent");
        });
        assertThat(trail).containsExactly("child", "callback", "parent", "queued later");
    }

    @Test
    void aTaskThatAwaitsOnlyReadyThings_letsNoOtherRun() {
        VirtualClock.run(() -> {
            Task<?> done = createTask(() -> {});
            done.await();
            createTask(() -> trail.add("other"));
            for (int i = 0; i < 1000; i++) {
                done.await();
                gather(done).await();
            }
            trail.add("main");
            yieldNow();
        });
        assertThat(trail).containsExactly("main", "other");
    }

    @Test
    void codeBetweenTwoAwaits_isAtomic() {
        int[] counter = new int[1];
        VirtualClock.run(() -> {
            List<Task<Void>> tasks = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                tasks.add(
                        createTask(() -> {
                            for (int n = 0; n < 100; n++) {
                                int seen = counter[0];
                                Thread.yield();
                                counter[0] = seen + 1;
                                yieldNow();
                            }
                        }));
            }
            gather(tasks).await();
        });
        assertThat(counter[0]).isEqualTo(5000);
    }

    @Test
    void awaitingItself_isRefused() {
        VirtualClock.run(() -> {
            Task<?>[] self = new Task<?>[1];
            self[0] = createTask(() -> self[0].await());
            assertThatThrownBy(self[0]::await)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("cannot await itself");
        });
    }

    @Test
    void withoutAName_itIsTaskN_withGrowingN_andTheThreadHasTheName() {
        VirtualClock.run(() -> {
            assertThat(currentTask().name()).isEqualTo("Task-1");
            assertThat(createTask(() -> {}).name()).isEqualTo("Task-2");
            assertThat(createTask(() -> 1).name()).isEqualTo("Task-3");
            Task<String> named = createTask("import", () -> Thread.currentThread().getName());
            assertThat(named.name()).isEqualTo("import");
            assertThat(named.await()).isEqualTo("import");
        });
    }

    @Test
    void theThreadOfATaskWithoutAName_hasTheLoops_andInDebugModeTheTasks() {
        try (EventLoop loop = EventLoop.start("orders")) {
            Coroutine<String> threadName = () -> Thread.currentThread().getName();
            assertThat(loop.submit(threadName).join()).isEqualTo("orders");
            loop.debug(true);
            Task<String> second = loop.submit(threadName);
            assertThat(second.join()).isEqualTo("Task-2").isEqualTo(second.name());
        }
    }

    @Test
    void currentTask_isNullInACallback_andRefusedOutside() {
        VirtualClock.run(() -> {
            currentLoop().callSoon(() -> trail.add(String.valueOf(currentTask())));
            yieldNow();
        });
        assertThat(trail).containsExactly("null");
        assertThatThrownBy(Async::currentTask)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("No loop runs on this thread");
    }

    @Test
    void allTasks_hasThoseThatHaveNotBegun_andNoneThatAreDone() {
        VirtualClock.run(() -> {
            Task<?> done = createTask(() -> {});
            done.await();
            Task<?> waiting = createTask(() -> sleep(Duration.ofHours(1)));
            yieldNow();
            Task<?> fresh = createTask(() -> {});
            assertThat(allTasks()).containsExactly(currentTask(), waiting, fresh);
        });
    }

    @Test
    void aCallbackOfTheLoopCanMakeTasks() {
        VirtualClock.run(() -> {
            currentLoop().callSoon(() -> createTask(() -> trail.add("made")));
            yieldNow();
            yieldNow();
        });
        assertThat(trail).containsExactly("made");
    }

    @Test
    void sleepersEndInTheOrderOfTheirTimes_andTheLoopsClockSaysHowLong() {
        VirtualClock.run(() -> {
            Task<?> late = createTask(() -> nap(3));
            Task<?> early = createTask(() -> nap(1));
            nap(2);
            late.await();
            early.await();
            assertThat(currentLoop().time()).isEqualTo(Duration.ofHours(3).toNanos());
        });
        assertThat(trail).containsExactly(1, 2, 3);
    }

    private void nap(int hours) {
        sleep(Duration.ofHours(hours));
        trail.add(hours);
    }

    @Test
    void aTaskCancelledBeforeItsFirstStep_neverRuns_notEvenItsFinally() {
        VirtualClock.run(() -> {
            Task<?> task =
                    createTask(() -> {
                        try {
                            trail.add("body");
                        } finally {
                            trail.add("finally");
                        }
                    });
            assertThat(task.cancel()).isTrue();
            assertThat(task.isDone()).isFalse();
            assertThat(task.cancelling()).isEqualTo(1);
            yieldNow();
            assertThat(task.isCancelled()).isTrue();
            assertThat(task.cancel()).isFalse();
        });
        assertThat(trail).isEmpty();
    }

    @Test
    void cancellingASleeper_takesItsTimerBack() {
        VirtualClock.run(() -> {
            Task<?> task = createTask(() -> sleep(Duration.ofHours(1)));
            yieldNow();
            task.cancel("enough");
            assertThatThrownBy(task::await)
                    .isInstanceOf(CancellationException.class)
                    .hasMessage("enough");
            assertThat(Insides.timers(currentLoop())).isZero();
            assertThat(currentLoop().time()).isZero();
        });
    }

    @Test
    void cancellingATask_cancelsWhatItWaitsForAtOnce_andReachesItFromTheInsideOut() {
        VirtualClock.run(() -> {
            Promise<Integer> promise = currentLoop().newPromise();
            Task<?> child = createTask(() -> waitNoting("child", promise));
            Task<?> parent = createTask(() -> waitNoting("parent", child));
            yieldNow();
            yieldNow();
            parent.cancel();
            assertThat(promise.isCancelled()).isTrue();
            assertThatThrownBy(parent::await).isInstanceOf(CancellationException.class);
            assertThat(child.isCancelled()).isTrue();
        });
        assertThat(trail).containsExactly("child", "parent");
    }

    private void waitNoting(String name, Awaitable<?> awaitable) {
        try {
            awaitable.await();
        } catch (CancellationException e) {
            trail.add(name);
            throw e;
        }
    }

    @Test
    void aPromiseAwaitedByManyTasks_isCancelledInOneGo() {
        VirtualClock.run(() -> {
            Promise<Integer> promise = currentLoop().newPromise();
            List<Task<Integer>> tasks = new ArrayList<>();
            for (int i = 0; i < 20_000; i++) {
                tasks.add(createTask(promise::await));
            }
            yieldNow();
            tasks.getLast().cancel();
            Async.gatherSettled(tasks).await();
            assertThat(tasks).allMatch(Task::isCancelled);
        });
    }

    @Test
    void aDoneTask_keepsNeitherItsCodeNorItsThread() {
        VirtualClock.run(() -> {
            Task<Integer> task = createTask(() -> 1);
            task.await();
            assertThat(Insides.threadOf(task)).isNull();
            assertThat(task.result()).isEqualTo(1);
        });
    }

    @Test
    void run_givesTheResult_orTheSameFailure() {
        assertThat(Async.run(() -> 42)).isEqualTo(42);
        RuntimeException boom = new RuntimeException("boom");
        assertThatThrownBy(() ->
                        Async.run(() -> {
                            throw boom;
                        }))
                .isSameAs(boom);
    }

    @Test
    void run_cancelsWhatIsLeft_inOrderOfCreation_newcomersToo_andWaitsForIt() {
        VirtualClock.run(() -> {
            createTask(() -> lingering("a"));
            createTask(() -> lingering("b"));
            yieldNow();
        });
        assertThat(trail)
                .containsExactly("a cancelled", "b cancelled", "a closed", "b closed", "closing");
        assertThat(orphan.isCancelled()).isTrue();
    }

    private Task<?> orphan;

    private void lingering(String name) {
        try {
            sleep(Duration.ofHours(1));
        } finally {
            trail.add(name + " cancelled");
            createTask(() -> sleep(Duration.ofSeconds(1))).await();
            trail.add(name + " closed");
            if (name.equals("b")) {
                orphan = createTask(() -> trail.add("an orphan of the shutdown ran"));
                orphan.onDone(task -> trail.add("closing"));
            }
        }
    }

    @Test
    void aTaskMadeJustBeforeMainReturns_beginsAndIsCancelledAtItsFirstSuspension() {
        VirtualClock.run(() -> {
            createTask(() -> {
                trail.add("begun");
                yieldNow();
                trail.add("wrong");
            });
        });
        assertThat(trail).containsExactly("begun");
    }
}
