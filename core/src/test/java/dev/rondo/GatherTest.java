package dev.rondo;

import static dev.rondo.Async.createTask;
import static dev.rondo.Async.currentLoop;
import static dev.rondo.Async.currentTask;
import static dev.rondo.Async.gather;
import static dev.rondo.Async.gatherSettled;
import static dev.rondo.Async.sleep;
import static dev.rondo.Async.yieldNow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rondo.testing.VirtualClock;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;

/** gather and gatherSettled. */
class GatherTest {
    private final List<Object> trail = new ArrayList<>();

    private static <T> T after(int seconds, T value) {
        sleep(Duration.ofSeconds(seconds));
        return value;
    }

    private static Object failAfter(int seconds, RuntimeException failure) {
        sleep(Duration.ofSeconds(seconds));
        throw failure;
    }

    @Test
    void coroutinesBeginInArgumentOrder_andResultsComeInArgumentOrder() {
        VirtualClock.run(() -> {
            List<String> results =
                    gather(() -> noted("a", 3), () -> noted("b", 1), () -> noted("c", 2)).await();
            assertThat(results).containsExactly("a", "b", "c");
        });
        assertThat(trail)
                .containsExactly("a begins", "b begins", "c begins", "b ends", "c ends", "a ends");
    }

    private String noted(String name, int seconds) {
        trail.add(name + " begins");
        sleep(Duration.ofSeconds(seconds));
        trail.add(name + " ends");
        return name;
    }

    @Test
    void oneFailure_isTheFailureAtOnce_siblingsGoOn_andALaterOneIsSilent() {
        RuntimeException boom = new RuntimeException("boom");
        List<Throwable> reported = new ArrayList<>();
        try (EventLoop loop =
                EventLoop.builder().clock(new VirtualClock()).onError(reported::add).build()) {
            loop.run(() -> {
                Task<Integer> sibling = createTask(() -> after(3, 3));
                Task<?> gather =
                        gather(
                                createTask(() -> failAfter(1, boom)),
                                createTask(() -> failAfter(2, new RuntimeException())),
                                sibling);
                assertThatThrownBy(gather::await).isSameAs(boom);
                assertThat(loop.time()).isEqualTo(Duration.ofSeconds(1).toNanos());
                assertThat(sibling.await()).isEqualTo(3);
            });
        }
        assertThat(reported).isEmpty();
    }

    @Test
    void theSameTaskGivenTwice_runsOnce_andFillsTwoPlaces() {
        VirtualClock.run(() -> {
            Task<Integer> task = createTask(() -> after(1, trail.add("ran") ? 5 : 0));
            assertThat(gather(task, task, task).await()).containsExactly(5, 5, 5);
            Awaitable<Integer> own = task::await;
            int before = Async.allTasks().size();
            Task<List<Integer>> gather = gather(List.of(own, own));
            assertThat(Async.allTasks()).hasSize(before + 1);
            assertThat(gather.await()).containsExactly(5, 5);
        });
        assertThat(trail).containsExactly("ran");
    }

    @Test
    void theSameCoroutineGivenTwice_runsTwice() {
        VirtualClock.run(() -> {
            Coroutine<Boolean> coroutine = () -> trail.add("ran");
            gather(coroutine, coroutine).await();
        });
        assertThat(trail).containsExactly("ran", "ran");
    }

    @Test
    void ofNothing_isDoneWithAnEmptyList() {
        VirtualClock.run(() -> {
            assertThat(gather().isDone()).isTrue();
            assertThat(gather().result()).isEmpty();
            assertThat(gatherSettled(List.<Task<Integer>>of()).result()).isEmpty();
        });
    }

    @Test
    void ofWhatIsDone_isDone() {
        VirtualClock.run(() -> {
            Task<Integer> done = createTask(() -> 1);
            done.await();
            assertThat(gather(done, done).isDone()).isTrue();
        });
    }

    @Test
    void nullResults_keepTheirPlaces() {
        VirtualClock.run(() ->
                assertThat(gather(() -> 1, () -> null, () -> 3).await())
                        .containsExactly(1, null, 3));
    }

    @Test
    void cancelled_theCallerIsFreeWhenTheFirstChildHasEnded() {
        VirtualClock.run(() -> {
            Task<?> slow = createTask(() -> cleaningUp(10));
            Task<?> quick = createTask(() -> after(100, 1));
            Task<?> caller = createTask(() -> gather(slow, quick).await());
            yieldNow();
            yieldNow();
            caller.cancel();
            assertThatThrownBy(caller::await).isInstanceOf(CancellationException.class);
            assertThat(caller.isCancelled()).isTrue();
            assertThat(quick.isCancelled()).isTrue();
            assertThat(slow.isDone()).isFalse();
            assertThatThrownBy(slow::await).isInstanceOf(CancellationException.class);
        });
        assertThat(trail).containsExactly("cleaned up");
    }

    private Object cleaningUp(int seconds) {
        try {
            sleep(Duration.ofHours(1));
            return null;
        } finally {
            sleep(Duration.ofSeconds(seconds));
            trail.add("cleaned up");
        }
    }

    @Test
    void settled_cancelled_theCallerWaitsForAllAndThenIsCancelled() {
        VirtualClock.run(() -> {
            Task<?> slow = createTask(() -> cleaningUp(10));
            Task<?> caller =
                    createTask(() -> gatherSettled(slow, createTask(() -> after(100, 1))).await());
            yieldNow();
            yieldNow();
            caller.cancel();
            assertThatThrownBy(caller::await).isInstanceOf(CancellationException.class);
            assertThat(slow.isDone()).isTrue();
        });
        assertThat(trail).containsExactly("cleaned up");
    }

    @Test
    void cancelled_andEveryChildSwallowsIt_itIsCancelledAllTheSame() {
        VirtualClock.run(() -> {
            Task<?> gather = gather(this::swallowing, this::swallowing);
            yieldNow();
            assertThat(gather.cancel("stop")).isTrue();
            assertThatThrownBy(gather::await)
                    .isInstanceOf(CancellationException.class)
                    .hasMessage("stop");
        });
        assertThat(trail).containsExactly("swallowed", "swallowed");
    }

    private int swallowing() {
        try {
            sleep(Duration.ofHours(1));
        } catch (CancellationException e) {
            trail.add("swallowed");
        }
        return 1;
    }

    @Test
    void cancelled_andAChildAnswersWithAFailure_thatIsTheFailure() {
        RuntimeException boom = new RuntimeException("boom");
        VirtualClock.run(() -> {
            Task<?> caller =
                    createTask(() -> gather(() -> answering(boom), () -> after(9, 1)).await());
            yieldNow();
            yieldNow();
            caller.cancel();
            assertThatThrownBy(caller::await).isSameAs(boom);
            assertThat(caller.isCancelled()).isFalse();
        });
    }

    private static Object answering(RuntimeException answer) {
        try {
            sleep(Duration.ofHours(1));
            return null;
        } catch (CancellationException e) {
            throw answer;
        }
    }

    @Test
    void oneChildCancelledAlone_failsTheGather_whichIsNotCancelledItself() {
        VirtualClock.run(() -> {
            Task<Integer> sibling = createTask(() -> after(1, 1));
            Task<Integer> victim = createTask(() -> after(1, 2));
            Task<?> gather = gather(victim, sibling);
            Task<?> caller = createTask(gather::await);
            yieldNow();
            victim.cancel();
            assertThatThrownBy(caller::await).isInstanceOf(CancellationException.class);
            assertThat(caller.cancelling()).isZero();
            assertThat(gather.isCancelled()).isFalse();
            assertThat(gather.exception()).isInstanceOf(CancellationException.class);
            assertThat(sibling.await()).isEqualTo(1);
        });
    }

    @Test
    void settled_failuresAndCancellationsAreOutcomes() {
        RuntimeException boom = new RuntimeException("boom");
        VirtualClock.run(() -> {
            Task<Object> victim = createTask(() -> after(9, 1));
            Task<List<Outcome<Object>>> gather =
                    gatherSettled(
                            victim,
                            createTask(() -> failAfter(1, boom)),
                            createTask(() -> after(1, "ok")));
            yieldNow();
            victim.cancel("why");
            List<Outcome<Object>> outcomes = gather.await();
            assertThat(outcomes.get(0))
                    .isInstanceOfSatisfying(
                            Outcome.Failure.class,
                            failure ->
                                    assertThat(failure.exception())
                                            .isInstanceOf(CancellationException.class)
                                            .hasMessage("why"));
            assertThat(outcomes.get(1)).isEqualTo(new Outcome.Failure<>(boom));
            assertThat(outcomes.get(2)).isEqualTo(new Outcome.Success<>("ok"));
        });
    }

    @Test
    void cancelAfterTheEnd_isFalse_andTheResultStands() {
        VirtualClock.run(() -> {
            Task<List<Integer>> gather = gather(() -> 1, () -> 2);
            gather.await();
            assertThat(gather.cancel()).isFalse();
            assertThat(gather.result()).containsExactly(1, 2);
        });
    }

    @Test
    void doneBeforeItsWaiterIsCancelled_theWaiterIsCancelledAndTheListStays() {
        VirtualClock.run(() -> {
            Promise<Integer> one = currentLoop().newPromise();
            Task<List<Integer>> gather = gather(one);
            Task<?> waiter = createTask(gather::await);
            yieldNow();
            one.complete(1);
            yieldNow();
            assertThat(gather.isDone()).isTrue();
            assertThat(waiter.isDone()).isFalse();
            waiter.cancel();
            assertThatThrownBy(waiter::await).isInstanceOf(CancellationException.class);
            assertThat(gather.result()).containsExactly(1);
        });
    }

    @Test
    void cancelledAfterItFailed_theChildrenAreNotTouched() {
        VirtualClock.run(() -> {
            Task<Integer> sibling = createTask(() -> after(5, 1));
            Task<?> gather =
                    gather(sibling, createTask(() -> failAfter(1, new RuntimeException())));
            assertThatThrownBy(gather::await).isInstanceOf(RuntimeException.class);
            assertThat(gather.cancel()).isFalse();
            assertThat(sibling.cancelling()).isZero();
            assertThat(sibling.await()).isEqualTo(1);
        });
    }

    @Test
    void aChildOfAnotherLoop_isRefusedBeforeAnythingBegins() {
        try (EventLoop other = EventLoop.create()) {
            VirtualClock.run(() -> {
                Coroutine<Boolean> own = () -> trail.add("began");
                Promise<Boolean> foreign = other.newPromise();
                assertThatThrownBy(() -> gather(List.of(own, foreign)))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("belongs to EventLoop[");
                yieldNow();
            });
        }
        assertThat(trail).isEmpty();
    }

    @Test
    void aNullAmongThem_isRefusedBeforeAnythingBegins() {
        VirtualClock.run(() -> {
            Coroutine<Boolean> own = () -> trail.add("began");
            assertThatThrownBy(() -> gather(Arrays.asList(own, null)))
                    .isInstanceOf(NullPointerException.class);
            yieldNow();
        });
        assertThat(trail).isEmpty();
    }

    @Test
    void withoutResults_andMixed() {
        VirtualClock.run(() -> {
            gather(() -> sleep(Duration.ofSeconds(1)), () -> trail.add("side")).await();
            Task<Integer> task = createTask(() -> 1);
            Promise<Integer> promise = currentLoop().newPromise();
            promise.complete(2);
            Coroutine<Integer> coroutine = () -> 3;
            assertThat(gather(task, promise, coroutine).await()).containsExactly(1, 2, 3);
            assertThat(currentTask()).isNotNull();
        });
    }
}
