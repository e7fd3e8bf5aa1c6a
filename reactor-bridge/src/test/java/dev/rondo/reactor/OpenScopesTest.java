package dev.rondo.reactor;

import static dev.rondo.Async.*;
import static dev.rondo.reactor.ReactorBridge.*;

import static org.assertj.core.api.Assertions.assertThat;

import static java.time.Duration.ofSeconds;

import dev.rondo.Action;
import dev.rondo.EventLoop;
import dev.rondo.testing.VirtualClock;

import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ThreadLocalAccessor;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.logging.Logger;

/**
 * Each thread-local scope that is opened for a body is closed when the body has ended, however it
 * ends, innermost first: a scope that stays open is a request in every later trace of the thread.
 */
class OpenScopesTest {
    private final List<Object> trail = Collections.synchronizedList(new ArrayList<>());
    private final ThreadLocal<Deque<String>> open = ThreadLocal.withInitial(ArrayDeque::new);

    /** As an observation's: a value is a scope that opens, and closes when it is taken back. */
    private final class Recording implements ThreadLocalAccessor<String> {
        @Override
        public Object key() {
            return "scope";
        }

        @Override
        public String getValue() {
            return open.get().peek();
        }

        @Override
        public void setValue(String value) {
            open.get().push(value);
            trail.add("open " + value);
        }

        @Override
        public void setValue() {
            open.get().push("none");
            trail.add("open none");
        }

        @Override
        public void restore(String previous) {
            restore();
            assertThat(open.get().peek()).isEqualTo(previous);
        }

        @Override
        public void restore() {
            trail.add("close " + open.get().pop());
        }
    }

    @BeforeEach
    void register() {
        ContextRegistry.getInstance().registerThreadLocalAccessor(new Recording());
    }

    @AfterEach
    void forget() {
        Hooks.disableAutomaticContextPropagation();
        ContextRegistry.getInstance().removeThreadLocalAccessor("scope");
    }

    private static Context scope(String name) {
        return Context.of("scope", name);
    }

    private void inside() {
        trail.add("body in " + open.get().peek());
    }

    @Test
    void theBodyReturns() {
        VirtualClock.run(() ->
                await(
                        mono(
                                        () -> {
                                            inside();
                                            sleep(ofSeconds(1));
                                            return 1;
                                        })
                                .contextWrite(scope("request"))));
        assertThat(trail).containsExactly("open request", "body in request", "close request");
    }

    @Test
    void theBodyFails() {
        VirtualClock.run(() ->
                await(
                        mono(
                                        () -> {
                                            inside();
                                            throw new IllegalStateException("bad");
                                        })
                                .onErrorComplete()
                                .contextWrite(scope("request"))));
        assertThat(trail).containsExactly("open request", "body in request", "close request");
    }

    @Test
    void theBodyIsCancelled() {
        VirtualClock.run(() -> {
            Disposable running =
                    flux(
                                    emitter -> {
                                        inside();
                                        currentLoop().newPromise().await();
                                    })
                            .contextWrite(scope("request"))
                            .subscribe();
            FluxProbe.settle();
            running.dispose();
            FluxProbe.settle();
        });
        assertThat(trail).containsExactly("open request", "body in request", "close request");
    }

    @Test
    void theBodyNeverBegins_nothingIsOpened() {
        Mono<Void> body = mono(() -> inside()).contextWrite(scope("request"));
        VirtualClock.run(() -> body.subscribe().dispose());
        EventLoop closed = EventLoop.create();
        closed.close();
        mono(closed, () -> inside())
                .contextWrite(scope("request"))
                .subscribe(unused -> {}, e -> trail.add("rejected"));
        assertThat(trail).containsExactly("rejected");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void bodiesInBodiesAndTasks_closeInnermostFirst(boolean automatic) {
        if (automatic) {
            Hooks.enableAutomaticContextPropagation();
        }
        Action task = () -> createTask(() -> inside()).await();
        VirtualClock.run(() ->
                await(
                        mono(
                                        () -> {
                                            inside();
                                            await(mono(task).contextWrite(scope("inner")));
                                            inside();
                                        })
                                .contextWrite(scope("outer"))));
        List<String> scopes = new ArrayList<>();
        for (Object entry : trail) {
            if (entry.toString().startsWith("open ")) {
                scopes.add(entry.toString().substring(5));
            } else if (entry.toString().startsWith("close ")) {
                assertThat(entry).isEqualTo("close " + scopes.removeLast());
            }
        }
        assertThat(scopes).isEmpty();
        assertThat(trail)
                .filteredOn(entry -> entry.toString().startsWith("body"))
                .containsExactly("body in outer", "body in inner", "body in outer");
    }

    @Test
    void theSubscribersThread_keepsItsScope_andLendsItToNobody() {
        try (EventLoop loop = EventLoop.start("scopes")) {
            open.get().push("caller");
            Mono<Void> body = mono(loop, () -> inside());
            body.block();
            body.contextWrite(scope("request")).block();
            assertThat(open.get()).containsExactly("caller");
        } finally {
            open.remove();
        }
        assertThat(trail)
                .containsExactly(
                        "body in null", "open request", "body in request", "close request");
    }

    @Test
    void closingFails_theResultStands_andTheFailureIsHeardOf() {
        ContextRegistry.getInstance()
                .registerThreadLocalAccessor(
                        "scope",
                        () -> null,
                        value -> trail.add("open " + value),
                        () -> {
                            throw new IllegalStateException("close");
                        });
        Schedulers.onHandleError("OpenScopesTest", (thread, e) -> trail.add("handled " + e));
        Logger log = Logger.getLogger("dev.rondo");
        log.setUseParentHandlers(false);
        try {
            VirtualClock.run(() -> {
                Flux<Object> results =
                        Flux.concatDelayError(
                                mono(() -> "result"),
                                mono(() -> {
                                    throw new IllegalStateException("the body's");
                                }));
                forEach(
                        results.onErrorResume(e -> Mono.just(e.getMessage()))
                                .contextWrite(scope("request")),
                        trail::add);
            });
        } finally {
            Schedulers.resetOnHandleError("OpenScopesTest");
            log.setUseParentHandlers(true);
        }
        assertThat(trail)
                .containsExactly(
                        "open request",
                        "handled java.lang.IllegalStateException: close",
                        "result",
                        "open request",
                        "handled java.lang.IllegalStateException: close",
                        "the body's");
    }
}
