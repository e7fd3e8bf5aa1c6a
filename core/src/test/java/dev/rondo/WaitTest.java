package dev.rondo;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.*;

import dev.rondo.internal.loop.Insides;
import dev.rondo.testing.*;
import dev.rondo.testsupport.LogRecorder;

import org.junit.jupiter.api.Test;

import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;

/** waitAll, waitFirst, waitFirstFailure, asCompleted, race. */
class WaitTest {
    private final List<Object> trail = new ArrayList<>();

    private static Task<Integer> after(int seconds) {
        return createTask(() -> {
            sleep(ofSeconds(seconds));
            return seconds;
        });
    }

    private static Task<Integer> failingAfter(int seconds) {
        return createTask(() -> {
            sleep(ofSeconds(seconds));
            throw new RuntimeException("boom " + seconds);
        });
    }

    @Test
    void waitAll_waitsForAll_inAnyWay_andKeepsTheGivenOrder() {
        VirtualClock.run(() -> {
            Task<Integer> a = after(2);
            Task<Integer> b = failingAfter(1);
            Task<Integer> c = after(9);
            yieldNow();
            c.cancel();
            Waited<Integer> waited = waitAll(List.of(a, b, c, a));
            assertThat(waited.done()).containsExactly(a, b, c);
            assertThat(waited.pending()).isEmpty();
            assertThat(b.exception()).hasMessage("boom 1");
        });
    }

    @Test
    void waitFirst_givesAlsoWhatEndsBeforeTheWaiterResumes() {
        VirtualClock.run(() -> {
            Task<Integer> a = after(1);
            Task<Integer> b = after(1);
            Task<Integer> c = after(2);
            Waited<Integer> waited = waitFirst(List.of(a, b, c));
            assertThat(waited.done()).containsExactly(a, b);
            assertThat(waited.pending()).containsExactly(c);
        });
    }

    @Test
    void waitFirstFailure_goesOnAfterACancellation_andStopsAtAFailure() {
        VirtualClock.run(() -> {
            Task<Integer> cancelled = after(9);
            Task<Integer> failing = failingAfter(2);
            Task<Integer> late = after(5);
            yieldNow();
            cancelled.cancel();
            Waited<Integer> waited = waitFirstFailure(List.of(cancelled, failing, late));
            assertThat(waited.done()).containsExactly(cancelled, failing);
            assertThat(waited.pending()).containsExactly(late);
            assertThat(failing.exception()).isNotNull();
        });
    }

    @Test
    void aTimeout_isNoFailure_andCancelsNothing() {
        VirtualClock.run(() -> {
            Task<Integer> a = after(1);
            Task<Integer> b = after(5);
            for (Waited<Integer> waited :
                    List.of(
                            waitAll(List.of(a, b), ofSeconds(2)),
                            waitFirstFailure(List.of(a, b), ofSeconds(1)))) {
                assertThat(waited.done()).containsExactly(a);
                assertThat(waited.pending()).containsExactly(b);
            }
            assertThat(waitFirst(List.of(b), ZERO).done()).isEmpty();
            assertThat(b.await()).isEqualTo(5);
            assertThat(Insides.timers(currentLoop())).isZero();
        });
    }

    @Test
    void cancelled_theTasksGoOn_andNothingIsLeftOnThem() {
        VirtualClock.run(() -> {
            Task<Integer> task = after(5);
            Task<?> waiter = createTask(() -> waitAll(List.of(task), ofHours(1)));
            sleep(ofSeconds(1));
            waiter.cancel();
            assertThatThrownBy(waiter::await).isInstanceOf(CancellationException.class);
            assertThat(Insides.timers(currentLoop())).isEqualTo(1);
            assertThat(task.await()).isEqualTo(5);
        });
    }

    @Test
    void ofDoneTasks_itSuspendsOnePass() {
        VirtualClock.run(() -> {
            Task<Integer> done = createTask(() -> 1);
            done.await();
            currentLoop().callSoon(() -> trail.add("other"));
            waitAll(List.of(done));
            trail.add("main");
        });
        assertThat(trail).containsExactly("other", "main");
    }

    @Test
    void ofNothing_orOfAnotherLoop_itIsRefused() {
        try (EventLoop other = EventLoop.create()) {
            Task<Integer> foreign = other.submit(() -> 1);
            VirtualClock.run(() -> {
                assertThatThrownBy(() -> waitAll(List.<Task<Integer>>of()))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("no task to wait for");
                assertThatThrownBy(() -> waitFirst(List.of(foreign)))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("belongs to");
                assertThatThrownBy(() -> waitAll(Collections.singletonList((Task<Integer>) null)))
                        .isInstanceOf(NullPointerException.class);
            });
        }
    }

    @Test
    void asCompleted_givesTheSameTasksInTheOrderTheyEnd_aDuplicateOnce() {
        VirtualClock.run(() -> {
            Task<Integer> a = after(3);
            Task<Integer> b = after(1);
            Task<Integer> c = failingAfter(2);
            for (Task<Integer> task : asCompleted(List.of(a, b, c, a))) {
                trail.add(task);
                assertThat(task.isDone()).isTrue();
            }
            assertThat(trail).containsExactly(b, c, a);
            assertThat(c.exception()).isNotNull();
            Coroutine<Integer> coroutine = () -> 8;
            Promise<Integer> promise = currentLoop().newPromise();
            promise.complete(9);
            int sum = 0;
            for (Task<Integer> task : asCompleted(List.of(coroutine, promise))) {
                sum += task.await();
            }
            assertThat(sum).isEqualTo(17);
        });
    }

    @Test
    void asCompleted_afterItsTimeout_throwsForWhatIsLeft_andCancelsNothing() {
        VirtualClock.run(() -> {
            Task<Integer> a = after(1);
            Task<Integer> b = after(5);
            Iterator<Task<Integer>> tasks = asCompleted(List.of(a, b), ofSeconds(2)).iterator();
            assertThat(tasks.next()).isSameAs(a);
            assertThatThrownBy(tasks::next).isInstanceOf(AsyncTimeoutException.class);
            assertThatThrownBy(tasks::next).isInstanceOf(AsyncTimeoutException.class);
            assertThat(b.await()).isEqualTo(5);
        });
    }

    @Test
    void asCompleted_canBeLeftAndTakenUpAgain_alsoAfterACancel() {
        VirtualClock.run(() -> {
            Iterable<Task<Integer>> tasks = asCompleted(List.of(after(1), after(2), after(3)));
            for (Task<Integer> task : tasks) {
                trail.add(task.await());
                break;
            }
            Task<?> other = createTask(() -> tasks.iterator().next());
            yieldNow();
            other.cancel();
            gatherSettled(other).await();
            for (Task<Integer> task : tasks) {
                trail.add(task.await());
            }
            assertThatThrownBy(() -> tasks.iterator().next())
                    .isInstanceOf(NoSuchElementException.class);
        });
        assertThat(trail).containsExactly(1, 2, 3);
    }

    @Test
    void race_theFirstSuccessWins_andTheLosersAreCancelledAndWaitedFor() {
        LogRecorder log = new LogRecorder();
        VirtualClock.run(() -> {
            String winner =
                    race(
                            () -> {
                                throw new RuntimeException("fails first");
                            },
                            () -> {
                                sleep(ofSeconds(1));
                                return "quick";
                            },
                            () -> {
                                try {
                                    sleep(ofSeconds(5));
                                    return "slow";
                                } finally {
                                    sleep(ofSeconds(2));
                                    trail.add("loser cleaned up");
                                }
                            });
            assertThat(winner).isEqualTo("quick");
            assertThat(currentLoop().time()).isEqualTo(ofSeconds(3).toNanos());
            assertThat(currentTask().cancelling()).isZero();
            yieldNow();
        });
        log.close();
        assertThat(trail).containsExactly("loser cleaned up");
        assertThat(log.thrown()).hasSize(1).allMatch(e -> e.getMessage().equals("fails first"));
    }

    @Test
    void race_allFail_theFirstFailureIsThrownWithTheOthers_andOfNothingItIsRefused() {
        VirtualClock.run(() -> {
            RuntimeException one = new RuntimeException("one");
            RuntimeException two = new RuntimeException("two");
            assertThatThrownBy(() ->
                            race(
                                    () -> {
                                        sleep(ofSeconds(2));
                                        throw two;
                                    },
                                    () -> {
                                        throw one;
                                    }))
                    .isSameAs(one)
                    .hasSuppressedException(two);
            assertThatThrownBy(() -> race(List.<Coroutine<Integer>>of()))
                    .isInstanceOf(IllegalArgumentException.class);
        });
    }

    @Test
    void race_cancelled_cancelsAll() {
        VirtualClock.run(() -> {
            Task<?> racing =
                    createTask(() ->
                            race(() -> {
                                sleep(ofHours(1));
                                return 1;
                            }));
            sleep(ofSeconds(1));
            racing.cancel();
            assertThatThrownBy(racing::await).isInstanceOf(CancellationException.class);
            assertThat(allTasks()).hasSize(1);
        });
    }
}
