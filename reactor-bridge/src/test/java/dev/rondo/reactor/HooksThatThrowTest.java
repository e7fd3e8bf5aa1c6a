package dev.rondo.reactor;

import static dev.rondo.Async.*;
import static dev.rondo.reactor.ReactorBridge.*;
import static dev.rondo.reactor.Stranger.error;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rondo.testing.VirtualClock;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscriber;

import reactor.core.Disposable;
import reactor.core.Exceptions;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.logging.Logger;

/**
 * A hook of the application that throws loses nothing: what it was given and its own failure come
 * to the handler of failed tasks, nothing is thrown at the publisher, and the loop goes on.
 */
class HooksThatThrowTest {
    private final List<Object> trail = Collections.synchronizedList(new ArrayList<>());

    private static final Logger LOG = Logger.getLogger("dev.rondo");

    @BeforeEach
    void hook() {
        // All of it is in the trail.
        LOG.setUseParentHandlers(false);
        Schedulers.onHandleError(
                "HooksThatThrowTest",
                (thread, failure) ->
                        trail.add(
                                "handled "
                                        + Exceptions.unwrapMultiple(failure).stream()
                                                .map(Throwable::getMessage)
                                                .toList()));
    }

    @AfterEach
    void unhook() {
        LOG.setUseParentHandlers(true);
        Schedulers.resetOnHandleError("HooksThatThrowTest");
        Hooks.resetOnErrorDropped();
        Hooks.resetOnNextDropped();
    }

    /** Hooks of the Context, each of which throws. */
    private static Context throwing() {
        Consumer<Throwable> errors =
                e -> {
                    throw error("hook of " + e.getMessage());
                };
        Consumer<Object> values =
                value -> {
                    throw error("hook of " + value);
                };
        Context context =
                Context.of(
                        "reactor.onErrorDropped.local", errors,
                        "reactor.onNextDropped.local", values);
        return Operators.enableOnDiscard(
                context,
                value -> {
                    throw error("discarding " + value);
                });
    }

    /** Each way to take from a publisher that signals after its end. */
    private void signalsLate(Context context) {
        Stranger.WAYS.forEach((name, way) -> {
            trail.clear();
            Stranger stranger =
                    new Stranger((s, self) -> {
                        s.onSubscribe(self.idle());
                        s.onNext("value");
                        s.onComplete();
                        self.tried(() -> s.onNext("late"));
                        self.tried(() -> s.onError(error("late")));
                    });
            VirtualClock.run(() -> {
                await(mono(way.apply(stranger)).contextWrite(context));
                assertThat(createTask(() -> "alive").await()).isEqualTo("alive");
            });
            assertThat(stranger.trail)
                    .as(name)
                    .filteredOn(entry -> entry.toString().startsWith("thrown"))
                    .isEmpty();
            if (name.equals("awaitFirst")) {
                assertThat(stranger.trail).contains("cancel");
            }
            assertThat(trail)
                    .as(name)
                    .containsExactly("handled [hook of late]", "handled [late, hook of late]");
        });
    }

    @Test
    void theContextsHooks() {
        signalsLate(throwing());
    }

    @Test
    void theGlobalHooks() {
        Hooks.onErrorDropped(e -> {
            throw error("hook of " + e.getMessage());
        });
        Hooks.onNextDropped(value -> {
            throw error("hook of " + value);
        });
        signalsLate(Context.empty());
    }

    @Test
    void reactorsOwnHook_thatThrowsTheErrorOn_itIsHandledOnce() {
        Hooks.onErrorDropped(e -> {
            throw Exceptions.bubble(e);
        });
        VirtualClock.run(() -> {
            Disposable body =
                    mono(
                                    () -> {
                                        try {
                                            currentLoop().newPromise().await();
                                        } finally {
                                            fail();
                                        }
                                    })
                            .subscribe();
            FluxProbe.settle();
            body.dispose();
            FluxProbe.settle();
        });
        assertThat(trail).containsExactly("handled [the body's]");
    }

    private static void fail() {
        throw error("the body's");
    }

    @Test
    void theDiscardHookThrows_theOthersAreDiscardedAllTheSame_andTheTaskEnds() {
        List<Object> seen = new ArrayList<>();
        Consumer<Object> hook =
                value -> {
                    seen.add(value);
                    throw error("discarding " + value);
                };
        VirtualClock.run(() -> {
            Mono<Void> body =
                    mono(() -> {
                        Stranger stranger =
                                new Stranger((s, self) -> {
                                    s.onSubscribe(self.idle());
                                    List.of("a", "b", "c").forEach(s::onNext);
                                });
                        try (var stream = iterate(stranger)) {
                            assertThat(stream.iterator().next()).isEqualTo("a");
                        }
                        Subscriber<? super String> late = stranger.subscribers.getFirst();
                        late.onNext("d");
                    });
            await(body.contextWrite(Operators.enableOnDiscard(Context.empty(), hook)));
            assertThat(createTask(() -> "alive").await()).isEqualTo("alive");
        });
        assertThat(seen).containsExactly("b", "c", "d");
    }
}
