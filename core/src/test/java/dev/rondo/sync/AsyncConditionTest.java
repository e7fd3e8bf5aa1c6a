package dev.rondo.sync;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.*;

import dev.rondo.*;
import dev.rondo.testing.*;

import org.junit.jupiter.api.Test;

import java.util.*;
import java.util.concurrent.*;

class AsyncConditionTest {
    private final List<Object> trail = new ArrayList<>();
    private final AsyncCondition condition = new AsyncCondition();

    private Task<Void> waiting(String name) {
        return createTask(
                name,
                () ->
                        condition.with(() -> {
                            condition.await();
                            trail.add(name);
                        }));
    }

    @Test
    void withoutTheLock_awaitAndSignalAreRefused_alsoWhenItIsOnlyPromised() {
        VirtualClock.run(() -> {
            for (Action use :
                    List.<Action>of(
                            condition::await,
                            () -> condition.awaitUntil(() -> false),
                            condition::signal,
                            () -> condition.signal(0),
                            condition::signalAll)) {
                assertThatThrownBy(use::run)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("must be held to");
            }
            condition.acquire();
            Task<?> next = createTask(() -> condition.acquire());
            yieldNow();
            condition.release();
            assertThatThrownBy(condition::signal).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(condition::await).isInstanceOf(IllegalStateException.class);
            next.await();
            assertThat(condition.isLocked()).isTrue();
        });
    }

    @Test
    void awaitUntilWhatIsTrue_needsNoLock_andDoesNotSuspend() {
        VirtualClock.run(() -> {
            currentLoop().callSoon(() -> trail.add("another turn"));
            condition.awaitUntil(() -> true);
            assertThat(condition.isLocked()).isFalse();
            assertThat(trail).isEmpty();
        });
    }

    @Test
    void aSignalWithNobodyThere_isNotRemembered() {
        VirtualClock.run(() -> {
            condition.with(condition::signalAll);
            Task<?> a = waiting("a");
            sleep(ofSeconds(1));
            assertThat(a.isDone()).isFalse();
            a.cancel();
        });
        assertThat(trail).isEmpty();
    }

    @Test
    void signals_wakeAsManyAsTold_inTheOrderTheyCame() {
        VirtualClock.run(() -> {
            for (String name : List.of("a", "b", "c", "d")) {
                waiting(name);
            }
            yieldNow();
            condition.with(() -> condition.signal(2));
            sleep(ofSeconds(1));
            trail.add("two");
            condition.with(() -> condition.signal());
            sleep(ofSeconds(1));
            trail.add("one");
            condition.with(() -> condition.signalAll());
            sleep(ofSeconds(1));
        });
        assertThat(trail).containsExactly("a", "b", "two", "c", "one", "d");
    }

    @Test
    void aNegativeNumber_isRefused() {
        VirtualClock.run(() ->
                condition.with(() ->
                        assertThatThrownBy(() -> condition.signal(-1))
                                .isInstanceOf(IllegalArgumentException.class)));
    }

    @Test
    void oneCancelledInThePassOfItsSignal_passesItOn() {
        VirtualClock.run(() -> {
            Task<?> a = waiting("a");
            Task<?> b = waiting("b");
            yieldNow();
            condition.with(() -> condition.signal());
            a.cancel();
            b.await();
            assertThat(a.isCancelled()).isTrue();
            assertThat(condition.isLocked()).isFalse();
        });
        assertThat(trail).containsExactly("b");
    }

    @Test
    void oneCancelledWhileItTakesTheLockAgain_holdsItWhenThatIsThrown_andPassesTheSignalOn() {
        VirtualClock.run(() -> {
            Task<?> a =
                    createTask(
                            "a",
                            () ->
                                    condition.with(() -> {
                                        try {
                                            condition.await();
                                        } catch (CancellationException e) {
                                            trail.add("a: " + e.getMessage() + ", " + condition);
                                            throw e;
                                        }
                                    }));
            Task<?> b = waiting("b");
            yieldNow();
            condition.acquire();
            condition.signal();
            yieldNow();
            a.cancel("first");
            yieldNow();
            a.cancel("last");
            sleep(ofSeconds(1));
            assertThat(a.isDone()).isFalse();
            condition.release();
            b.await();
            assertThat(a.isCancelled()).isTrue();
            assertThat(condition.isLocked()).isFalse();
        });
        assertThat(trail).containsExactly("a: last, AsyncCondition[AsyncLock[held by a]]", "b");
    }

    @Test
    void oneCancelledWhileItWaits_holdsTheLockInItsCleanUp() {
        VirtualClock.run(() -> {
            Task<?> a =
                    createTask(
                            "a",
                            () ->
                                    condition.with(() -> {
                                        try {
                                            condition.await();
                                        } finally {
                                            trail.add(condition.toString());
                                        }
                                    }));
            yieldNow();
            a.cancel();
            gatherSettled(a).await();
            assertThat(condition.isLocked()).isFalse();
        });
        assertThat(trail).containsExactly("AsyncCondition[AsyncLock[held by a]]");
    }

    @Test
    void aTimeoutWhileSomebodyHoldsTheLock_isThrownWhenItIsHeldAgain() {
        VirtualClock.run(() -> {
            Task<?> a =
                    createTask(
                            "a",
                            () ->
                                    condition.with(() -> {
                                        try {
                                            timeout(ofSeconds(1), condition::await);
                                        } catch (AsyncTimeoutException e) {
                                            trail.add(ofNanos(currentLoop().time()).toSeconds());
                                            trail.add(condition.toString());
                                        }
                                        // The request is used up.
                                        yieldNow();
                                        trail.add(currentTask().cancelling());
                                    }));
            yieldNow();
            condition.with(() -> sleep(ofSeconds(5)));
            a.await();
        });
        assertThat(trail).containsExactly(5L, "AsyncCondition[AsyncLock[held by a]]", 0);
    }

    @Test
    void aTimeoutAfterTheSignal_passesItOn() {
        VirtualClock.run(() -> {
            Task<?> a =
                    createTask(() -> condition.with(() -> timeout(ofSeconds(1), condition::await)));
            Task<?> b = waiting("b");
            yieldNow();
            condition.with(() -> {
                condition.signal();
                sleep(ofSeconds(5));
            });
            b.await();
            assertThatThrownBy(a::await).isInstanceOf(AsyncTimeoutException.class);
        });
        assertThat(trail).containsExactly("b");
    }

    @Test
    void theOneSignalled_goesOnAfterTheSignaller_andQueuesForTheLockWithAllOthers() {
        VirtualClock.run(() -> {
            waiting("a");
            yieldNow();
            condition.acquire();
            createTask(() -> condition.with(() -> trail.add("other")));
            yieldNow();
            condition.signal();
            trail.add("signalled");
            sleep(ofSeconds(1));
            trail.add("released");
            condition.release();
            sleep(ofSeconds(1));
        });
        assertThat(trail).containsExactly("signalled", "released", "other", "a");
    }

    @Test
    void awaitUntil_looksAgainAfterEachSignal_andAFailingPredicateIsThrownUnderTheLock() {
        int[] value = new int[1];
        RuntimeException boom = new RuntimeException("boom");
        VirtualClock.run(() -> {
            Task<?> a =
                    createTask(
                            "a",
                            () ->
                                    condition.with(() -> {
                                        condition.awaitUntil(() -> {
                                            trail.add(value[0]);
                                            return value[0] == 2;
                                        });
                                        assertThatThrownBy(() ->
                                                        condition.awaitUntil(() -> {
                                                            throw boom;
                                                        }))
                                                .isSameAs(boom);
                                        trail.add(condition.toString());
                                    }));
            for (int i = 0; i < 2; i++) {
                yieldNow();
                condition.with(() -> {
                    value[0]++;
                    condition.signal();
                });
                sleep(ofSeconds(1));
            }
            a.await();
        });
        assertThat(trail).containsExactly(0, 1, 2, "AsyncCondition[AsyncLock[held by a]]");
    }

    @Test
    void twoConditionsOfOneLock_areSignalledApart() {
        AsyncLock lock = new AsyncLock();
        AsyncCondition other = new AsyncCondition(lock);
        AsyncCondition mine = new AsyncCondition(lock);
        VirtualClock.run(() -> {
            createTask(() ->
                    lock.with(() -> {
                        other.await();
                        trail.add("other");
                    }));
            createTask(() ->
                    mine.with(() -> {
                        mine.await();
                        trail.add("mine");
                    }));
            yieldNow();
            lock.with(() -> mine.signalAll());
            sleep(ofSeconds(1));
            assertThat(other.tryAcquire()).isTrue();
            assertThat(mine.tryAcquire()).isFalse();
            other.signalAll();
            mine.release();
            sleep(ofSeconds(1));
        });
        assertThat(trail).containsExactly("mine", "other");
    }

    @Test
    void aCallbackMaySignal_butNotWait_andKeepsTheLock() {
        VirtualClock.run(() -> {
            waiting("a");
            yieldNow();
            currentLoop()
                    .callSoon(() -> {
                        assertThat(condition.tryAcquire()).isTrue();
                        for (Action use :
                                List.<Action>of(
                                        condition::await, () -> condition.awaitUntil(() -> true))) {
                            assertThatThrownBy(use::run)
                                    .isInstanceOf(IllegalStateException.class)
                                    .hasMessageContaining("Only a coroutine");
                        }
                        assertThat(condition.isLocked()).isTrue();
                        condition.signal();
                        condition.release();
                        trail.add("signalled");
                    });
            sleep(ofSeconds(1));
        });
        assertThat(trail).containsExactly("signalled", "a");
    }

    @Test
    void aLockOfAnotherLoop_isRefused_thoughItIsHeldThere() {
        AsyncLock lock = new AsyncLock();
        AsyncCondition ofTheLock = new AsyncCondition(lock);
        try (EventLoop open = EventLoop.create()) {
            open.run(lock::acquire);
            VirtualClock.run(() -> {
                for (Action use : List.<Action>of(ofTheLock::signal, ofTheLock::await)) {
                    assertThatThrownBy(use::run)
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("the loop that used it first");
                }
            });
        }
        assertThatThrownBy(ofTheLock::signal).hasMessageContaining("No loop runs");
        assertThatThrownBy(() -> new AsyncCondition(null)).isInstanceOf(NullPointerException.class);
    }
}
