package dev.rondo.reactor;

import static dev.rondo.Async.*;
import static dev.rondo.reactor.ReactorBridge.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.*;

import dev.rondo.Async;
import dev.rondo.ContextVar;
import dev.rondo.EventLoop;
import dev.rondo.Task;
import dev.rondo.testing.VirtualClock;

import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ThreadLocalAccessor;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

import java.util.*;
import java.util.concurrent.*;
import java.util.stream.Collectors;

/** Reactor's Context and context variables, in both directions; and thread-locals beside them. */
class CoroutineContextTest {
    private static final ContextVar<String> USER = ContextVar.of("user");
    private static final ContextVar<String> OTHER = ContextVar.of("other");

    private static Mono<String> keys(Object... keys) {
        return Mono.deferContextual(view -> Mono.just(read(view, keys)));
    }

    private static String read(ContextView view, Object... keys) {
        return Arrays.stream(keys)
                .map(key -> String.valueOf(view.<Object>getOrDefault(key, "-")))
                .collect(Collectors.joining(" "));
    }

    @Test
    void theBodySeesItsSubscribersContext_andSoDoesWhatItAwaits() {
        VirtualClock.run(() -> {
            Mono<String> mono =
                    mono(() -> {
                        sleep(ofSeconds(1));
                        return read(contextView(), "a", "b") + " | " + await(keys("a", "b"));
                    });
            assertThat(await(mono.contextWrite(Context.of("a", 1, "b", 2)))).isEqualTo("1 2 | 1 2");
            assertThat(await(mono)).isEqualTo("- - | - -");
        });
    }

    @Test
    void itGoesThroughAnyNumberOfCrossings_andTheInnermostWriteWins() {
        VirtualClock.run(() -> {
            Mono<String> innermost = mono(() -> read(contextView(), "a", "b", "c"));
            Mono<String> middle =
                    mono(() -> await(innermost.contextWrite(Context.of("b", "middle"))));
            Mono<String> outer =
                    mono(() -> createTask(() -> await(middle)).await())
                            .contextWrite(Context.of("a", "outer", "b", "outer"));
            assertThat(await(outer)).isEqualTo("outer middle -");
        });
    }

    @Test
    void anEmptyContextOfASubscriber_isNotTheCreatorsContext() {
        VirtualClock.run(() -> {
            Mono<String> inner = mono(() -> read(contextView(), "a"));
            List<String> seen = new ArrayList<>();
            await(
                    mono(
                                    () -> {
                                        inner.subscribe(seen::add);
                                        sleep(ofSeconds(1));
                                        return 1;
                                    })
                            .contextWrite(Context.of("a", "outer")));
            assertThat(seen).containsExactly("-");
        });
    }

    @Test
    void contextVariables_areKeys_inBothDirections() {
        VirtualClock.run(() -> {
            USER.set("Ada");
            assertThat(await(keys(USER, OTHER))).isEqualTo("Ada -");
            assertThat(contextView().<String>get(USER)).isEqualTo("Ada");
            // As a key of the subscriber's context, it is set in the body.
            Mono<String> body =
                    mono(() -> {
                        String before = USER.get();
                        USER.set("Eve");
                        return before + " " + await(keys(USER));
                    });
            assertThat(await(body)).isEqualTo("Ada Eve");
            assertThat(await(body.contextWrite(Context.of(USER, "Bob")))).isEqualTo("Bob Eve");
            assertThat(USER.get()).isEqualTo("Ada");
            // An upstream write wins for what is upstream of it.
            assertThat(await(keys(USER).contextWrite(Context.of(USER, "Cy")))).isEqualTo("Cy");
        });
        try (EventLoop loop = EventLoop.start("vars")) {
            Mono<String> mono = mono(loop, () -> USER.orElse("nobody"));
            assertThat(mono.contextWrite(Context.of(USER, "Dan")).block()).isEqualTo("Dan");
            assertThat(mono.block()).isEqualTo("nobody");
        }
    }

    @Test
    void theView_isAContext_likeAnyOther() {
        VirtualClock.run(() -> {
            await(
                    mono(
                                    () -> {
                                        USER.set("Ada");
                                        OTHER.set(null);
                                        ContextView view = contextView();
                                        assertThat(view.hasKey(USER)).isTrue();
                                        assertThat(view.hasKey(OTHER)).isFalse();
                                        assertThat(view.hasKey("a")).isTrue();
                                        assertThat(view.size()).isEqualTo(2);
                                        assertThat(view.isEmpty()).isFalse();
                                        assertThat(view.stream().map(Map.Entry::getKey))
                                                .containsExactlyInAnyOrder(USER, "a");
                                        assertThatThrownBy(() -> view.get("none"))
                                                .isInstanceOf(NoSuchElementException.class)
                                                .hasMessageContaining("none");
                                        Context written = Context.of(view).put("b", 2).delete("a");
                                        assertThat(read(written, USER, "a", "b"))
                                                .isEqualTo("Ada - 2");
                                        Context own = (Context) view;
                                        assertThat(read(own.put("b", 2), USER, "a", "b"))
                                                .isEqualTo("Ada 1 2");
                                        assertThat(own.delete(USER).hasKey(USER)).isFalse();
                                        assertThat(own.putAll(Context.of("c", 3).readOnly()).size())
                                                .isEqualTo(3);
                                        assertThat(own.toString()).contains("a=1");
                                        // What is set later is not seen by a view that was taken
                                        // before.
                                        USER.set("Eve");
                                        assertThat(view.<String>get(USER)).isEqualTo("Ada");
                                        return 1;
                                    })
                            .contextWrite(Context.of("a", 1, OTHER, "x")));
        });
        assertThatThrownBy(() -> contextView()).isInstanceOf(IllegalStateException.class);
    }

    // Thread-locals.

    private static final ThreadLocal<String> TRACE = new ThreadLocal<>();

    private static final class TraceAccessor implements ThreadLocalAccessor<String> {
        @Override
        public Object key() {
            return "trace";
        }

        @Override
        public String getValue() {
            return TRACE.get();
        }

        @Override
        public void setValue(String value) {
            TRACE.set(value);
        }

        @Override
        public void setValue() {
            TRACE.remove();
        }
    }

    @AfterEach
    void forgetAccessor() {
        ContextRegistry.getInstance().removeThreadLocalAccessor("trace");
        Hooks.disableAutomaticContextPropagation();
        TRACE.remove();
    }

    private static void register() {
        ContextRegistry.getInstance().registerThreadLocalAccessor(new TraceAccessor());
    }

    @Test
    void aThreadLocal_isCarriedIntoNewTasks_staysThere_andLeaksNowhere() {
        register();
        VirtualClock.run(() -> {
            TRACE.set("main");
            Task<String> child =
                    createTask(() -> {
                        String first = TRACE.get();
                        sleep(ofSeconds(1));
                        String second = TRACE.get();
                        TRACE.set("child");
                        await(Mono.delay(ofMillis(1)));
                        return first + " " + second + " " + TRACE.get();
                    });
            assertThat(child.await()).isEqualTo("main main child");
            assertThat(TRACE.get()).isEqualTo("main");
            assertThat(toThread(() -> TRACE.get()).await()).isEqualTo("main");
            TRACE.remove();
            assertThat(createTask(() -> String.valueOf(TRACE.get())).await()).isEqualTo("null");
        });
    }

    @Test
    void aThreadLocal_ofTheSubscribersContext_isSetInTheBody_alone() {
        register();
        try (EventLoop loop = EventLoop.start("traces")) {
            Mono<String> body =
                    mono(
                            loop,
                            () -> {
                                String before = String.valueOf(TRACE.get());
                                sleep(ofMillis(1));
                                return before + " " + TRACE.get();
                            });
            assertThat(
                            Mono.zip(
                                            body.contextWrite(Context.of("trace", "one")),
                                            body.contextWrite(Context.of("trace", "two")),
                                            body)
                                    .block()
                                    .toList())
                    .containsExactly("one one", "two two", "null null");
            TRACE.set("caller");
            assertThat(body.block()).isEqualTo("null null");
            assertThat(body.contextWrite(Context.of("trace", "subscriber")).block())
                    .isEqualTo("subscriber subscriber");
        }
    }

    @Test
    void withAutomaticPropagation_whatIsAwaitedSeesTheCoroutinesThreadLocals() {
        register();
        Hooks.enableAutomaticContextPropagation();
        Async.run(() -> {
            TRACE.set("coroutine");
            Mono<String> elsewhere =
                    Mono.fromCallable(() -> String.valueOf(TRACE.get()))
                            .subscribeOn(Schedulers.parallel());
            assertThat(await(elsewhere)).isEqualTo("coroutine");
            assertThat(await(keys("trace"))).isEqualTo("coroutine");
            assertThat(TRACE.get()).isEqualTo("coroutine");
        });
    }
}
