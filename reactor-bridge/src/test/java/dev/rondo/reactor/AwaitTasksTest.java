package dev.rondo.reactor;

import static dev.rondo.Async.*;
import static dev.rondo.reactor.ReactorBridge.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;

import dev.rondo.Coroutine;
import dev.rondo.Task;
import dev.rondo.testing.VirtualClock;

import org.junit.jupiter.api.Test;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import java.util.List;
import java.util.concurrent.CancellationException;

/** Publishers as tasks, gathered and zipped. */
class AwaitTasksTest extends AwaitFixture {
    @Test
    void toTask_subscribesAtOnce_andItsCancelDisposes() {
        VirtualClock.run(() -> {
            Task<Integer> task = toTask(Mono.just(1).doOnSubscribe(s -> trail.add("subscribed")));
            assertThat(trail).containsExactly("subscribed");
            assertThat(task.await()).isEqualTo(1);
            Task<Object> never = toTask(Mono.never().doOnCancel(() -> trail.add("disposed")));
            assertThat(never.isDone()).isFalse();
            never.cancel();
            assertThat(trail).endsWith("disposed");
            assertThatThrownBy(never::await).isInstanceOf(CancellationException.class);
            assertThat(never.isCancelled()).isTrue();
            assertThat(never.cancelling()).isEqualTo(1);
        });
    }

    @Test
    void toTask_thatIsAwaitedAndCancelled_disposes() {
        VirtualClock.run(() -> {
            Task<Object> outer =
                    createTask(
                            () -> toTask(Mono.never().doOnCancel(() -> trail.add("up"))).await());
            sleep(ofSeconds(1));
            outer.cancel();
            sleep(ofSeconds(1));
            assertThat(outer.isCancelled()).isTrue();
            assertThat(trail).containsExactly("up");
        });
    }

    @Test
    void gatherOfPublishers_keepsTheOrder_andPutsNullForEmpty() {
        VirtualClock.run(() -> {
            assertThat(
                            ReactorBridge.<Object>gather(
                                            mono(() -> {
                                                sleep(ofSeconds(2));
                                                return "slow";
                                            }),
                                            Mono.empty(),
                                            Flux.just(1, 2, 3),
                                            Mono.just("fast"))
                                    .await())
                    .containsExactly("slow", null, 3, "fast");
            assertThat(ReactorBridge.<Object>gather(new Mono<?>[0]).await()).isEmpty();
        });
    }

    @Test
    void gatherOfPublishers_theFirstErrorCancelsTheOthers_soDoesACancel() {
        IllegalStateException boom = new IllegalStateException("boom");
        VirtualClock.run(() -> {
            Task<List<Object>> fails =
                    gather(
                            Mono.never().doOnCancel(() -> trail.add("a")),
                            mono(() -> {
                                sleep(ofSeconds(1));
                                throw boom;
                            }));
            assertThatThrownBy(fails::await).isSameAs(boom);
            assertThat(trail).containsExactly("a");
            Task<List<Object>> cancelled =
                    gather(
                            Mono.never().doOnCancel(() -> trail.add("b")),
                            Mono.never().doOnCancel(() -> trail.add("c")));
            cancelled.cancel();
            assertThat(trail).containsExactly("a", "b", "c");
        });
    }

    @Test
    void aMixedGather_ofTasksMonosAndCoroutines() {
        VirtualClock.run(() -> {
            Task<String> task = createTask(() -> "task");
            assertThat(gather(List.of(task, toTask(Mono.just("mono")), coroutine())).await())
                    .containsExactly("task", "mono", "coroutine");
            assertThat(gather(task, toTask(Mono.just("mono"))).await())
                    .containsExactly("task", "mono");
        });
    }

    private static Coroutine<String> coroutine() {
        return () -> "coroutine";
    }

    @Test
    void zip_hasMonoZipsSemantics() {
        IllegalStateException boom = new IllegalStateException("boom");
        VirtualClock.run(() -> {
            assertThat(await(zip(() -> 1, () -> "b")).toList()).containsExactly(1, "b");
            assertThat(await(zip(() -> 1, () -> 2, () -> 3)).size()).isEqualTo(3);
            assertThat(await(zip(() -> 1, () -> 2, () -> 3, () -> 4)).size()).isEqualTo(4);
            assertThat(await(zip(() -> 1, () -> 2, () -> 3, () -> 4, () -> 5)).toList())
                    .containsExactly(1, 2, 3, 4, 5);
            assertThat(await(zip(() -> 1, () -> 2, () -> 3, () -> 4, () -> 5, () -> 6)).getT6())
                    .isEqualTo(6);
            assertThat(
                            await(
                                            zip(
                                                    () -> 1, () -> 2, () -> 3, () -> 4, () -> 5,
                                                    () -> 6, () -> 7))
                                    .getT7())
                    .isEqualTo(7);
            assertThat(
                            await(
                                            zip(
                                                    () -> 1, () -> 2, () -> 3, () -> 4, () -> 5,
                                                    () -> 6, () -> 7, () -> 8))
                                    .toList())
                    .containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
            assertThat(await(ReactorBridge.<Integer>zip(List.of(() -> 1, () -> 2))))
                    .containsExactly(1, 2);
            assertThat(await(ReactorBridge.<Integer>zip(List.of()))).isNull();

            // One that is empty ends it, and cancels the others.
            assertThat(await(ReactorBridge.<Object>zip(List.of(() -> null, () -> slow("empty")))))
                    .isNull();
            assertThatThrownBy(() ->
                            await(
                                    zip(
                                            () -> slow("failure"),
                                            () -> {
                                                throw boom;
                                            })))
                    .isSameAs(boom);
            sleep(ofSeconds(1));
            assertThat(trail).containsExactly("empty cancelled", "failure cancelled");
            assertThat(allTasks()).containsExactly(currentTask());
        });
    }

    private Object slow(String name) {
        try {
            sleep(ofHours(1));
            return name;
        } catch (CancellationException e) {
            trail.add(name + " cancelled");
            throw e;
        }
    }

    @Test
    void zip_startsAllInOrder_andRunsThemOnOneThread() {
        VirtualClock.run(() -> {
            await(
                    zip(
                            () -> {
                                trail.add("a");
                                sleep(ofSeconds(2));
                                return trail.add("a ends");
                            },
                            () -> {
                                trail.add("b");
                                sleep(ofSeconds(1));
                                return trail.add("b ends");
                            }));
            assertThat(trail).containsExactly("a", "b", "b ends", "a ends");
        });
    }
}
