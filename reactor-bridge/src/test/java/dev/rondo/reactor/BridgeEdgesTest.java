package dev.rondo.reactor;

import static dev.rondo.Async.*;
import static dev.rondo.reactor.ReactorBridge.*;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rondo.ContextVar;
import dev.rondo.EventLoop;
import dev.rondo.Promise;
import dev.rondo.Task;
import dev.rondo.testing.VirtualClock;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;

import java.lang.ref.WeakReference;
import java.util.*;
import java.util.concurrent.*;

/** Where the bridge meets the end of a loop, a request to cancel, or a long life. */
@Timeout(60)
class BridgeEdgesTest {
    private final List<Object> trail = new CopyOnWriteArrayList<>();

    @Test
    void aBodyThatCancelsItself_andReturns_isAnError_withoutAValue() {
        VirtualClock.run(() -> {
            mono(
                            () -> {
                                Objects.requireNonNull(currentTask()).cancel("enough");
                                return 1;
                            })
                    .subscribe(trail::add, e -> trail.add(e.toString()), () -> trail.add("end"));
            for (int i = 0; i < 5; i++) {
                yieldNow();
            }
        });
        assertThat(trail).containsExactly("java.util.concurrent.CancellationException: enough");
    }

    @Test
    void aBodyThatSwallowsItsCancellation_stillGivesItsValue() {
        VirtualClock.run(() -> {
            Integer value =
                    await(
                            mono(() -> {
                                Objects.requireNonNull(currentTask()).cancel();
                                try {
                                    yieldNow();
                                } catch (CancellationException e) {
                                    trail.add("swallowed");
                                }
                                return 1;
                            }));
            trail.add(value);
        });
        assertThat(trail).containsExactly("swallowed", 1);
    }

    @Test
    void theEndOfARun_cancelsTheSubscriptionOfAToTaskThatIsLeft() {
        VirtualClock.run(() -> {
            Task<Object> task = toTask(Mono.never().doOnCancel(() -> trail.add("cancelled")));
            task.onDone(done -> trail.add(done.isCancelled()));
            Task<List<Object>> gathered =
                    gather(Mono.never().doOnCancel(() -> trail.add("of a gather")));
            trail.add(gathered.isDone());
        });
        assertThat(trail).containsExactlyInAnyOrder(false, "cancelled", true, "of a gather");
    }

    @Test
    void aMonoOfAToTask_endsWhenTheLoopCloses() throws Exception {
        EventLoop loop = EventLoop.start("closing");
        Task<Object> task = loop.submit(() -> toTask(Mono.never())).join();
        CountDownLatch told = new CountDownLatch(1);
        toMono(task)
                .subscribe(
                        trail::add,
                        e -> {
                            trail.add(e.getClass());
                            told.countDown();
                        });
        loop.close();
        assertThat(told.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(trail).containsExactly(CancellationException.class);
    }

    /**
     * The end comes, in some rounds, between the look whether the task is done and the callback.
     */
    @Test
    void aTaskThatEndsWithItsLoop_justWhenItsMonoIsSubscribed_givesItsEnd() throws Exception {
        for (int round = 0; round < 1_000; round++) {
            EventLoop loop = EventLoop.start("ending");
            Promise<Integer> end = loop.newPromise();
            Task<Integer> task = loop.submit(() -> end.await());
            Mono<Integer> result = toMono(task).onErrorReturn(CancellationException.class, 0);
            int delay = round;
            Thread closing =
                    Thread.ofPlatform()
                            .start(() -> {
                                for (int i = 0; i < delay; i++) {
                                    Thread.onSpinWait();
                                }
                                loop.close();
                            });
            assertThat(result.block(java.time.Duration.ofSeconds(10))).isZero();
            closing.join();
        }
    }

    @Test
    void aTaskThatIsKept_doesNotKeepThePipelineItCameFrom() {
        List<Task<Integer>> kept = new CopyOnWriteArrayList<>();
        VirtualClock.run(() -> {
            Sinks.One<Integer> source = Sinks.one();
            Pipeline pipeline = new Pipeline();
            WeakReference<Pipeline> gone = new WeakReference<>(pipeline);
            kept.add(toTask(through(pipeline, source)));
            pipeline = null;
            source.tryEmitValue(1);
            assertThat(kept.getFirst().await()).isEqualTo(2);
            source = null;
            for (int i = 0; i < 50 && gone.get() != null; i++) {
                System.gc();
                sleep(java.time.Duration.ofMillis(1));
            }
            assertThat(gone.get()).isNull();
        });
        assertThat(kept).hasSize(1);
    }

    private static final class Pipeline {
        int plusOne(int value) {
            return value + 1;
        }
    }

    private static Mono<Integer> through(Pipeline pipeline, Sinks.One<Integer> source) {
        return source.asMono().map(pipeline::plusOne);
    }

    private static final ContextVar<String> USER = ContextVar.of("user");

    @Test
    void aVariableThatTheBodyUnsets_isNotSeenUpstreamAnyMore() {
        VirtualClock.run(() -> {
            Mono<Boolean> seen = Mono.deferContextual(ctx -> Mono.just(ctx.hasKey(USER)));
            Mono<Boolean> body =
                    mono(() -> {
                        USER.set(null);
                        return await(seen);
                    });
            trail.add(await(body.contextWrite(Context.of(USER, "ada"))));
        });
        assertThat(trail).containsExactly(false);
    }

    private static Mono<Integer> nested(int depth) {
        return mono(() ->
                depth == 0 ? (contextView().hasKey("missing") ? 1 : 0) : await(nested(depth - 1)));
    }

    @Test
    void aDeepRecursionOfMonos_findsItsContextWithoutAStackOfItsOwn() {
        VirtualClock.run(() -> {
            USER.set("ada");
            assertThat(await(nested(20_000))).isZero();
        });
    }

    @Test
    void aGatherThatFails_discardsTheValuesItHas() {
        VirtualClock.run(() -> {
            Task<List<Object>> task =
                    toTask(
                            mono(() ->
                                            ReactorBridge.<Object>gather(
                                                            Mono.just("value"),
                                                            Flux.just("other"),
                                                            Mono.error(
                                                                    new IllegalStateException(
                                                                            "bad")))
                                                    .await())
                                    .doOnDiscard(String.class, trail::add));
            try {
                task.await();
            } catch (IllegalStateException e) {
                trail.add(e.getMessage());
            }
        });
        assertThat(trail).containsExactlyInAnyOrder("value", "other", "bad");
    }

    @Test
    void aToTaskThatIsCancelledWhileItSubscribes_ends_whoeverCaughtTheCancellation() {
        VirtualClock.run(() -> {
            Task<?> caller =
                    createTask(() -> {
                        Mono<Integer> catching =
                                Mono.defer(() -> {
                                    currentTask().cancel();
                                    try {
                                        yieldNow();
                                    } catch (CancellationException e) {
                                        return Mono.<Integer>never();
                                    }
                                    return Mono.just(1);
                                });
                        toTask(catching).await();
                    });
            waitAll(List.of(caller), java.time.Duration.ofSeconds(1));
            assertThat(caller.isCancelled()).isTrue();
        });
    }
}
