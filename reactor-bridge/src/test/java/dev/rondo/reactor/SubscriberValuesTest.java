package dev.rondo.reactor;

import static dev.rondo.Async.*;
import static dev.rondo.reactor.ReactorBridge.*;

import static org.assertj.core.api.Assertions.assertThat;

import static java.time.Duration.ofMillis;

import dev.rondo.ContextVar;
import dev.rondo.EventLoop;

import io.micrometer.context.ContextRegistry;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;
import reactor.util.retry.Retry;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A body sees what its subscriber's Context has, and nothing of the threads and coroutines that
 * subscribe, emit or complete: as a key, as a context variable, as a thread-local. Each place where
 * values cross, reached in each way, with the values set, left alone and deleted downstream.
 */
@Timeout(120)
class SubscriberValuesTest {
    private static final ContextVar<String> USER = ContextVar.of("user");
    private static final ThreadLocal<String> TRACE = new ThreadLocal<>();

    private final EventLoop loop = EventLoop.start("values");
    private final Map<String, Publisher<String>> places = new LinkedHashMap<>();
    private final Map<String, UnaryOperator<Context>> writes = new LinkedHashMap<>();

    @BeforeEach
    void register() {
        ContextRegistry.getInstance().registerThreadLocalAccessor("trace", TRACE);
        writes.put("left alone", context -> context);
        writes.put("set", context -> with("bob", context));
        writes.put("deleted", context -> context.delete("key").delete(USER).delete("trace"));
    }

    @AfterEach
    void forget() {
        loop.close();
        Hooks.disableAutomaticContextPropagation();
        ContextRegistry.getInstance().removeThreadLocalAccessor("trace");
        TRACE.remove();
    }

    private static Context with(String name, Context context) {
        return context.put("key", name).put(USER, name).put("trace", name);
    }

    private static String see() {
        return contextView().getOrDefault("key", "-")
                + " "
                + contextView().getOrDefault(USER, "-")
                + " "
                + USER.orElse("-")
                + " "
                + (TRACE.get() == null ? "-" : TRACE.get());
    }

    /** What a thread, a callback or a coroutine has that only happens to be there. */
    private static void setOthers() {
        USER.set("other");
        TRACE.set("other");
    }

    // Where values cross.

    private void fillPlaces() {
        Mono<String> mono = mono(loop, SubscriberValuesTest::see);
        places.put("mono", mono);
        places.put("flux", flux(loop, emitter -> emitter.emit(see())));
        places.put(
                "flux's tasks",
                flux(
                        loop,
                        emitter ->
                                taskGroup(group -> {
                                    group.createTask(() -> emitter.emit(see()));
                                    group.createTask(() -> emitter.emit(see()));
                                })));
        places.put(
                "after a suspension",
                mono(
                        loop,
                        () -> {
                            sleep(ofMillis(1));
                            return see();
                        }));
        places.put(
                "zip",
                zip(SubscriberValuesTest::see, SubscriberValuesTest::see)
                        .flatMapIterable(both -> List.of(both.getT1(), both.getT2())));
        places.put("mono in mono", mono(loop, () -> await(mono)));
        places.put(
                "flux in mono",
                mono(
                        loop,
                        () -> {
                            Set<String> seen = new TreeSet<>();
                            ReactorBridge.<String>iterate(flux(emitter -> emitter.emit(see())))
                                    .forEach(seen::add);
                            return String.join(";", seen);
                        }));
        places.put(
                "mono of a closed place",
                mono(
                        loop,
                        () -> {
                            // What the body sets is not its subscriber's, and later ones see
                            // nothing of it.
                            String seen = see();
                            setOthers();
                            return seen;
                        }));
        places.put("task", mono(loop, () -> createTask(SubscriberValuesTest::see).await()));
        places.put("gather", mono(loop, () -> oneOf(gather(mono, mono).await())));
        places.put(
                "gather of coroutines",
                mono(
                        loop,
                        () ->
                                oneOf(
                                        gather(SubscriberValuesTest::see, SubscriberValuesTest::see)
                                                .await())));
        places.put("toTask", mono(loop, () -> toTask(mono).await()));
        places.put(
                "toMono", mono(loop, () -> await(toMono(createTask(SubscriberValuesTest::see)))));
        places.put(
                "toThread",
                mono(
                        loop,
                        () -> {
                            String keys =
                                    see().substring(0, see().indexOf(' ', see().indexOf(' ') + 1));
                            return keys
                                    + toThread(() ->
                                                    " "
                                                            + USER.orElse("-")
                                                            + " "
                                                            + (TRACE.get() == null
                                                                    ? "-"
                                                                    : TRACE.get()))
                                            .await();
                        }));
        places.put(
                "onDone",
                mono(
                        loop,
                        () -> {
                            var seen = currentLoop().<String>newPromise();
                            createTask(() -> {}).onDone(done -> seen.complete(USER.orElse("-")));
                            String user = seen.await();
                            return see().contains(" " + user + " ") ? see() : "onDone saw " + user;
                        }));
        places.put(
                "retry on a timer's thread",
                Mono.defer(() -> {
                    AtomicBoolean failed = new AtomicBoolean();
                    return mono(
                                    loop,
                                    () -> {
                                        if (failed.compareAndSet(false, true)) {
                                            throw new IllegalStateException("first");
                                        }
                                        return see();
                                    })
                            .retryWhen(Retry.fixedDelay(1, ofMillis(1)));
                }));
        places.put(
                "repeat on a timer's thread",
                mono.repeatWhen(ends -> ends.delayElements(ofMillis(1))).take(2));
        places.put(
                "on a timer's thread",
                Mono.delay(ofMillis(1)).flatMapMany(tick -> places.get("zip")));
        places.put(
                "on the loop's scheduler",
                Mono.just(1).publishOn(scheduler(loop)).flatMap(one -> mono));
        places.put("mapAwait", hot(source -> source.transform(mapAwait(one -> see()))));
        places.put("flatMapAwait", hot(source -> source.transform(flatMapAwait(2, one -> see()))));
        places.put(
                "flatMapSequentialAwait",
                hot(source -> source.transform(flatMapSequentialAwait(2, one -> see()))));
        places.put(
                "filterAwait",
                hot(source -> {
                    List<String> seen = new ArrayList<>();
                    return source.transform(filterAwait(one -> seen.add(see())))
                            .map(one -> seen.getFirst());
                }));
    }

    private static String oneOf(List<String> seen) {
        return Set.copyOf(seen).size() == 1 ? seen.getFirst() : seen.toString();
    }

    /** A source whose elements come from a coroutine that has values of its own. */
    private Flux<String> hot(Function<Flux<Integer>, Flux<String>> operator) {
        return Flux.defer(() -> {
            Sinks.Many<Integer> sink = Sinks.many().multicast().directBestEffort();
            return operator.apply(
                            sink.asFlux()
                                    .doOnSubscribe(own ->
                                            loop.submit(() -> {
                                                setOthers();
                                                while (sink.currentSubscriberCount() == 0) {
                                                    sleep(ofMillis(1));
                                                }
                                                sink.tryEmitNext(1);
                                            })))
                    .take(1);
        });
    }

    // How one gets there.

    private static void subscribe(Publisher<String> place, CompletableFuture<Set<String>> seen) {
        setOthers();
        Set<String> all = new TreeSet<>();
        Flux.from(place).subscribe(all::add, seen::completeExceptionally, () -> seen.complete(all));
    }

    private Set<String> onAPlainThread(Publisher<String> place) {
        CompletableFuture<Set<String>> seen = new CompletableFuture<>();
        Thread.ofPlatform().start(() -> subscribe(place, seen));
        return seen.join();
    }

    private Set<String> inACallback(Publisher<String> place) {
        CompletableFuture<Set<String>> seen = new CompletableFuture<>();
        loop.callSoon(() -> {
            try {
                subscribe(place, seen);
            } finally {
                TRACE.remove();
            }
        });
        return seen.join();
    }

    private Set<String> inACoroutine(Publisher<String> place) {
        CompletableFuture<Set<String>> seen = new CompletableFuture<>();
        loop.submit(() -> subscribe(place, seen));
        return seen.join();
    }

    private Set<String> inABody(Publisher<String> place) {
        CompletableFuture<Set<String>> seen = new CompletableFuture<>();
        mono(loop, () -> subscribe(place, seen))
                .contextWrite(context -> with("alice", context))
                .block();
        return seen.join();
    }

    private Set<String> awaitedInABody(Publisher<String> place) {
        return mono(
                        loop,
                        () -> {
                            Set<String> seen = new TreeSet<>();
                            forEach(place, seen::add);
                            return seen;
                        })
                .contextWrite(context -> with("alice", context))
                .block();
    }

    /** The body has set other values since: these are its variables, and what it gives on. */
    private Set<String> awaitedInABodyThatHasSet(Publisher<String> place) {
        return mono(
                        loop,
                        () -> {
                            USER.set("carol");
                            TRACE.set("carol");
                            Set<String> seen = new TreeSet<>();
                            forEach(place, seen::add);
                            return seen;
                        })
                .contextWrite(context -> with("alice", context))
                .block();
    }

    private static String values(String name) {
        return String.join(" ", name, name, name, name);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatTheSubscribersContextHas_andNothingElse(boolean automatic) {
        if (automatic) {
            Hooks.enableAutomaticContextPropagation();
        }
        fillPlaces();
        Map<String, Function<Publisher<String>, Set<String>>> ways = new LinkedHashMap<>();
        ways.put("on a plain thread", this::onAPlainThread);
        ways.put("in a callback", this::inACallback);
        ways.put("in a coroutine", this::inACoroutine);
        ways.put("in a body", this::inABody);
        ways.put("awaited in a body", this::awaitedInABody);
        ways.put("awaited in a body that has set others", this::awaitedInABodyThatHasSet);

        List<String> wrong = new ArrayList<>();
        ways.forEach((way, subscribe) ->
                places.forEach((place, source) ->
                        writes.forEach((how, write) -> {
                            String expected =
                                    switch (how) {
                                        case "set" -> values("bob");
                                        case "deleted" -> values("-");
                                        default ->
                                                switch (way) {
                                                    case "awaited in a body" -> values("alice");
                                                    case "awaited in a body that has set others" ->
                                                            "alice carol carol "
                                                                    + (automatic
                                                                            ? "carol"
                                                                            : "alice");
                                                    default -> values("-");
                                                };
                                    };
                            Set<String> seen =
                                    subscribe.apply(Flux.from(source).contextWrite(write));
                            if (!seen.equals(Set.of(expected))) {
                                wrong.add(
                                        way
                                                + ", "
                                                + place
                                                + ", "
                                                + how
                                                + ": "
                                                + seen
                                                + " and not "
                                                + expected);
                            }
                        })));
        assertThat(wrong).isEmpty();
    }
}
