package dev.rondo.sync;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.*;

import dev.rondo.*;
import dev.rondo.testing.*;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.*;
import java.util.concurrent.*;

class AsyncLockTest {
    private final List<Object> trail = new ArrayList<>();
    private final AsyncLock lock = new AsyncLock();

    private Task<Void> acquiring(String name) {
        return createTask(
                name,
                () -> {
                    lock.acquire();
                    trail.add(name);
                });
    }

    @Test
    void afterRelease_itIsPromisedToTheFirstThatWaits_andTheReleaserQueuesBehindAll() {
        VirtualClock.run(() -> {
            lock.acquire();
            for (String name : List.of("a", "b")) {
                createTask(() -> lock.with(() -> trail.add(name)));
            }
            yieldNow();
            lock.release();
            assertThat(lock.isLocked()).isTrue();
            assertThat(lock.tryAcquire()).isFalse();
            lock.acquire();
            trail.add("first holder");
        });
        assertThat(trail).containsExactly("a", "b", "first holder");
    }

    @Test
    void uncontended_nothingSuspends() {
        VirtualClock.run(() -> {
            currentLoop().callSoon(() -> trail.add("another turn"));
            lock.acquire();
            lock.release();
            assertThat(lock.tryAcquire()).isTrue();
            assertThat(lock.tryAcquire()).isFalse();
            lock.release();
            assertThat(lock.<Integer>with(() -> 5)).isEqualTo(5);
            assertThat(lock.isLocked()).isFalse();
            assertThat(trail).isEmpty();
        });
    }

    @Test
    void aWaiterCancelledWhenItWasJustServed_passesTheLockOn() {
        VirtualClock.run(() -> {
            lock.acquire();
            Task<?> a = acquiring("a");
            Task<?> b = acquiring("b");
            yieldNow();
            lock.release();
            a.cancel();
            b.await();
            assertThat(a.isCancelled()).isTrue();
            assertThat(lock.isLocked()).isTrue();
        });
        assertThat(trail).containsExactly("b");
    }

    @Test
    void aWaiterCancelledTwiceInOneTurn_passesItOnOnce() {
        VirtualClock.run(() -> {
            lock.acquire();
            Task<?> a = acquiring("a");
            yieldNow();
            lock.release();
            a.cancel();
            a.cancel();
            gatherSettled(a).await();
            assertThat(lock.isLocked()).isFalse();
            assertThatThrownBy(lock::release).isInstanceOf(IllegalStateException.class);
        });
    }

    @Test
    void aWaiterCancelledInTheMiddle_leavesTheOrderOfTheRest() {
        VirtualClock.run(() -> {
            lock.acquire();
            List<Task<?>> tasks = new ArrayList<>();
            for (String name : List.of("a", "b", "c")) {
                tasks.add(createTask(() -> lock.with(() -> trail.add(name))));
            }
            yieldNow();
            tasks.get(1).cancel();
            lock.release();
            gatherSettled(tasks).await();
        });
        assertThat(trail).containsExactly("a", "c");
    }

    @Test
    void whenAllWhoWaitedAreCancelled_aNewcomerTakesItAtOnce() {
        VirtualClock.run(() -> {
            lock.acquire();
            Task<?> a = acquiring("a");
            yieldNow();
            lock.release();
            a.cancel();
            // Before `a` has run: it is still promised.
            assertThat(lock.tryAcquire()).isFalse();
            yieldNow();
            assertThat(lock.tryAcquire()).isTrue();
            lock.release();

            lock.acquire();
            Task<?> b = acquiring("b");
            yieldNow();
            b.cancel();
            lock.release();
            assertThat(lock.tryAcquire()).isTrue();
        });
        assertThat(trail).isEmpty();
    }

    @Test
    void inALoop_theyTakeTurns() {
        VirtualClock.run(() -> {
            List<Task<Void>> tasks = new ArrayList<>();
            for (String name : List.of("a", "b", "c")) {
                tasks.add(
                        createTask(() -> {
                            for (int i = 1; i <= 3; i++) {
                                lock.acquire();
                                trail.add(name + i);
                                yieldNow();
                                lock.release();
                            }
                        }));
            }
            gather(tasks).await();
        });
        assertThat(trail).containsExactly("a1", "b1", "c1", "a2", "b2", "c2", "a3", "b3", "c3");
    }

    @Test
    void aTimeoutInThePassOfTheRelease_leavesItFree() {
        VirtualClock.run(() -> {
            lock.acquire();
            Task<Void> waiting = createTask(() -> timeout(ofSeconds(1), lock::acquire));
            currentLoop().callLater(ofSeconds(1), lock::release);
            yieldNow();
            assertThatThrownBy(waiting::await).isInstanceOf(AsyncTimeoutException.class);
            assertThat(lock.isLocked()).isFalse();
        });
    }

    @Test
    void with_releasesWhateverBecomesOfTheBody() {
        RuntimeException boom = new RuntimeException("boom");
        VirtualClock.run(() -> {
            assertThatThrownBy(() ->
                            lock.with(
                                    (Action)
                                            () -> {
                                                throw boom;
                                            }))
                    .isSameAs(boom);
            assertThatThrownBy(() ->
                            lock.with(
                                    (Action)
                                            () -> {
                                                throw new IOException("disk");
                                            }))
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(IOException.class);
            Task<?> cancelled = createTask(() -> lock.with(() -> sleep(ofHours(1))));
            yieldNow();
            cancelled.cancel();
            gatherSettled(cancelled).await();
            assertThat(lock.isLocked()).isFalse();
            assertThatThrownBy(() -> lock.with((Action) null))
                    .isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> lock.with((Coroutine<Object>) null))
                    .isInstanceOf(NullPointerException.class);
            assertThat(lock.isLocked()).isFalse();
        });
    }

    @Test
    void releaseOfWhatIsNotHeld_isRefused_alsoWhenItIsPromised() {
        VirtualClock.run(() -> {
            assertThatThrownBy(lock::release)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("AsyncLock[free] must be held");
            lock.acquire();
            Task<?> a = acquiring("a");
            yieldNow();
            lock.release();
            assertThatThrownBy(lock::release).isInstanceOf(IllegalStateException.class);
            a.await();
            assertThat(lock.isLocked()).isTrue();
            assertThat(lock.tryAcquire()).isFalse();
        });
    }

    @Test
    void anyTaskOfTheLoop_andACallback_mayRelease() {
        VirtualClock.run(() -> {
            lock.acquire();
            createTask(lock::release).await();
            assertThat(lock.isLocked()).isFalse();
            lock.acquire();
            currentLoop().callSoon(lock::release);
            lock.acquire();
            trail.add("released");
        });
        assertThat(trail).containsExactly("released");
    }

    @Test
    void itIsNotReentrant() {
        VirtualClock.run(() -> {
            lock.acquire();
            assertThatThrownBy(() -> timeout(ofSeconds(1), lock::acquire))
                    .isInstanceOf(AsyncTimeoutException.class);
            assertThat(lock.toString()).isEqualTo("AsyncLock[held by Task-1]");
        });
    }

    @Test
    void aCallback_mayTry_butNotWait_evenIfItIsFree() {
        VirtualClock.run(() -> {
            currentLoop()
                    .callSoon(() -> {
                        assertThatThrownBy(lock::acquire)
                                .isInstanceOf(IllegalStateException.class)
                                .hasMessageContaining("Only a coroutine can wait");
                        assertThatThrownBy(() -> lock.with(() -> trail.add("ran")))
                                .isInstanceOf(IllegalStateException.class);
                        trail.add(lock.tryAcquire());
                        trail.add(lock.toString());
                        lock.release();
                        trail.add(lock.toString());
                    });
            yieldNow();
        });
        assertThat(trail).containsExactly(true, "AsyncLock[held by a callback]", "AsyncLock[free]");
    }

    @Test
    void itBelongsToTheLoopThatUsedItFirst_andToNoPlainThread() {
        for (Action use : List.<Action>of(lock::acquire, lock::tryAcquire, lock::release)) {
            assertThatThrownBy(use::run)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("No loop runs on this thread");
        }
        try (EventLoop open = EventLoop.create()) {
            open.run(() -> lock.with(() -> {}));
            VirtualClock.run(() -> {
                for (Action use : List.<Action>of(lock::acquire, lock::tryAcquire, lock::release)) {
                    assertThatThrownBy(use::run)
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("the loop that used it first");
                }
            });
        }
        assertThat(lock.isLocked()).isFalse();
    }

    @Test
    void toString_tellsWhoHoldsIt_andWhoWaits() {
        VirtualClock.run(() -> {
            lock.acquire();
            Task<?> a = acquiring("a");
            Task<?> b = acquiring("b");
            yieldNow();
            trail.add(lock.toString());
            lock.release();
            trail.add(lock.toString());
            a.await();
            b.cancel();
            trail.add(lock.toString());
            trail.remove("a");
        });
        assertThat(trail)
                .containsExactly(
                        "AsyncLock[held by Task-1, waiting: a, b]",
                        "AsyncLock[promised, waiting: b]",
                        "AsyncLock[held by a]");
    }
}
