package dev.rondo.sync;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.*;

import dev.rondo.*;
import dev.rondo.testing.*;

import org.junit.jupiter.api.Test;

import java.util.*;
import java.util.concurrent.CancellationException;

class AsyncSemaphoreTest {
    private final List<Object> trail = new ArrayList<>();

    private Task<Void> acquiring(AsyncSemaphore semaphore, String name) {
        return createTask(
                name,
                () -> {
                    semaphore.acquire();
                    trail.add(name);
                });
    }

    @Test
    void promisedPermits_areNotFree_andANewcomerWaits() {
        VirtualClock.run(() -> {
            AsyncSemaphore semaphore = new AsyncSemaphore(0);
            for (String name : List.of("a", "b", "c")) {
                acquiring(semaphore, name);
            }
            yieldNow();
            semaphore.release();
            semaphore.release();
            assertThat(semaphore.isLocked()).isTrue();
            Task<?> newcomer = acquiring(semaphore, "newcomer");
            semaphore.release();
            assertThat(semaphore.tryAcquire()).isFalse();
            semaphore.release();
            newcomer.await();
        });
        assertThat(trail).containsExactly("a", "b", "c", "newcomer");
    }

    @Test
    void ofTwoServed_oneCancelled_itsPermitGoesToTheNextThatWaits_notToANewcomer() {
        VirtualClock.run(() -> {
            AsyncSemaphore semaphore = new AsyncSemaphore(0);
            List<Task<?>> tasks = new ArrayList<>();
            for (String name : List.of("a", "b", "c")) {
                tasks.add(acquiring(semaphore, name));
            }
            yieldNow();
            semaphore.release();
            semaphore.release();
            tasks.get(0).cancel();
            Task<?> newcomer = acquiring(semaphore, "newcomer");
            tasks.get(2).await();
            assertThat(newcomer.isDone()).isFalse();
            semaphore.release();
            newcomer.await();
            assertThat(semaphore.isLocked()).isTrue();
        });
        assertThat(trail).containsExactly("b", "c", "newcomer");
    }

    @Test
    void aNewcomerWithAPermitToSpare_stillRunsAfterThoseServedBefore() {
        VirtualClock.run(() -> {
            AsyncSemaphore semaphore = new AsyncSemaphore(0);
            acquiring(semaphore, "a");
            yieldNow();
            semaphore.release();
            semaphore.release();
            assertThat(semaphore.isLocked()).isTrue();
            semaphore.acquire();
            trail.add("newcomer");
        });
        assertThat(trail).containsExactly("a", "newcomer");
    }

    @Test
    void aNewcomerWithAPermitToSpare_cancelledWhileItLetsOthersBefore_putsItBack() {
        VirtualClock.run(() -> {
            AsyncSemaphore semaphore = new AsyncSemaphore(0);
            acquiring(semaphore, "a");
            yieldNow();
            semaphore.release();
            semaphore.release();
            currentTask().cancel();
            assertThatThrownBy(semaphore::acquire).isInstanceOf(CancellationException.class);
            currentTask().uncancel();
            assertThat(semaphore.tryAcquire()).isTrue();
            assertThat(semaphore.tryAcquire()).isFalse();
        });
        assertThat(trail).containsExactly("a");
    }

    @Test
    void inALoop_theyTakeTurns() {
        VirtualClock.run(() -> {
            AsyncSemaphore semaphore = new AsyncSemaphore(1);
            List<Task<Void>> tasks = new ArrayList<>();
            for (String name : List.of("a", "b", "c")) {
                tasks.add(
                        createTask(() -> {
                            for (int i = 1; i <= 2; i++) {
                                semaphore.acquire();
                                trail.add(name + i);
                                yieldNow();
                                semaphore.release();
                            }
                        }));
            }
            gather(tasks).await();
        });
        assertThat(trail).containsExactly("a1", "b1", "c1", "a2", "b2", "c2");
    }

    @Test
    void severalReleasesAtOnce_serveAsManyWhoWait_beforeATaskTheFirstOfThemMakes() {
        VirtualClock.run(() -> {
            AsyncSemaphore semaphore = new AsyncSemaphore(0);
            createTask(() -> {
                semaphore.acquire();
                trail.add("a");
                createTask(() -> trail.add("made by a"));
            });
            acquiring(semaphore, "b");
            acquiring(semaphore, "c");
            yieldNow();
            for (int i = 0; i < 3; i++) {
                semaphore.release();
            }
            sleep(ofSeconds(1));
        });
        assertThat(trail).containsExactly("a", "b", "c", "made by a");
    }

    @Test
    void atMostSoManyAreIn() {
        VirtualClock.run(() -> {
            AsyncSemaphore semaphore = new AsyncSemaphore(3);
            int[] inside = new int[2];
            List<Task<Void>> tasks = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                tasks.add(
                        createTask(() ->
                                semaphore.with(() -> {
                                    inside[0]++;
                                    inside[1] = Math.max(inside[1], inside[0]);
                                    sleep(ofSeconds(1));
                                    inside[0]--;
                                })));
            }
            gather(tasks).await();
            assertThat(inside).containsExactly(0, 3);
            assertThat(ofNanos(currentLoop().time())).isEqualTo(ofSeconds(4));
        });
    }

    @Test
    void with_givesThePermitBack_whateverBecomesOfTheBody() {
        RuntimeException boom = new RuntimeException("boom");
        VirtualClock.run(() -> {
            AsyncSemaphore semaphore = AsyncSemaphore.bounded(1);
            assertThat(semaphore.<Integer>with(() -> 5)).isEqualTo(5);
            assertThatThrownBy(() ->
                            semaphore.with(
                                    (Action)
                                            () -> {
                                                throw boom;
                                            }))
                    .isSameAs(boom);
            assertThat(semaphore.isLocked()).isFalse();
        });
    }

    @Test
    void aBoundedOne_refusesAReleaseWithoutAnAcquire_andIsUnchanged() {
        VirtualClock.run(() -> {
            AsyncSemaphore semaphore = AsyncSemaphore.bounded(1);
            assertThatThrownBy(semaphore::release)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("no acquire");
            semaphore.acquire();
            Task<?> a = acquiring(semaphore, "a");
            yieldNow();
            semaphore.release();
            // Promised to `a`, which has yet to get it.
            assertThatThrownBy(semaphore::release).isInstanceOf(IllegalStateException.class);
            a.await();
            semaphore.release();
            assertThat(semaphore.tryAcquire()).isTrue();
            assertThat(semaphore.tryAcquire()).isFalse();
        });
    }

    @Test
    void aPlainOne_grows() {
        VirtualClock.run(() -> {
            AsyncSemaphore semaphore = new AsyncSemaphore(0);
            semaphore.release();
            semaphore.release();
            assertThat(semaphore.tryAcquire()).isTrue();
            semaphore.acquire();
            assertThat(semaphore.isLocked()).isTrue();
        });
    }

    @Test
    void negativePermits_areRefused() {
        assertThatThrownBy(() -> new AsyncSemaphore(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1");
        assertThatThrownBy(() -> AsyncSemaphore.bounded(-1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aTimeoutInThePassOfTheRelease_leavesThePermit() {
        VirtualClock.run(() -> {
            AsyncSemaphore semaphore = new AsyncSemaphore(0);
            currentLoop().callLater(ofSeconds(1), semaphore::release);
            assertThatThrownBy(() -> timeout(ofSeconds(1), semaphore::acquire))
                    .isInstanceOf(AsyncTimeoutException.class);
            assertThat(semaphore.tryAcquire()).isTrue();
        });
    }

    @Test
    void uncontended_itDoesNotSuspend_andACallbackMayOnlyTry() {
        AsyncSemaphore semaphore = new AsyncSemaphore(2);
        assertThatThrownBy(semaphore::tryAcquire).isInstanceOf(IllegalStateException.class);
        VirtualClock.run(() -> {
            currentLoop()
                    .callSoon(() -> {
                        trail.add(semaphore.tryAcquire());
                        semaphore.release();
                        assertThatThrownBy(semaphore::acquire)
                                .isInstanceOf(IllegalStateException.class)
                                .hasMessageContaining("Only a coroutine");
                        trail.add("refused");
                    });
            semaphore.with(() -> semaphore.acquire());
            assertThat(trail).isEmpty();
            yieldNow();
        });
        assertThat(trail).containsExactly(true, "refused");
    }

    @Test
    void toString_tellsHowManyAreFree_andWhoWaits() {
        VirtualClock.run(() -> {
            AsyncSemaphore semaphore = new AsyncSemaphore(1);
            trail.add(semaphore.toString());
            semaphore.acquire();
            Task<?> a = createTask("a", semaphore::acquire);
            yieldNow();
            trail.add(semaphore.toString());
            a.cancel();
            trail.add(semaphore.toString());
        });
        assertThat(trail)
                .containsExactly(
                        "AsyncSemaphore[1 free]",
                        "AsyncSemaphore[0 free, waiting: a]",
                        "AsyncSemaphore[0 free]");
    }
}
