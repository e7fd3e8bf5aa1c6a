package dev.rondo.reactor;

import static dev.rondo.Async.*;
import static dev.rondo.reactor.ReactorBridge.*;

import static org.assertj.core.api.Assertions.assertThat;

import static java.time.Duration.ofSeconds;

import dev.rondo.AsyncTimeoutException;
import dev.rondo.Coroutine;
import dev.rondo.testing.VirtualClock;

import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

import reactor.core.publisher.Mono;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A publisher by somebody who has not read the rules, and what each way to take from it makes of
 * it.
 */
final class Stranger implements Publisher<String> {
    /** What it does to a subscriber within subscribe(). */
    interface Manners {
        void show(Subscriber<? super String> subscriber, Stranger self);
    }

    static final Map<String, Function<Publisher<String>, Coroutine<Object>>> WAYS =
            new LinkedHashMap<>();

    static {
        WAYS.put("await", source -> () -> await(source));
        WAYS.put("awaitFirst", source -> () -> awaitFirst(source));
        WAYS.put("toTask", source -> () -> toTask(source).await());
        WAYS.put("iterate", source -> () -> listOf(source));
        WAYS.put("gather", source -> () -> gather(source, Mono.just("other")).await());
    }

    private final Manners manners;
    final List<Object> trail = Collections.synchronizedList(new ArrayList<>());
    final List<Subscriber<? super String>> subscribers = new ArrayList<>();

    Stranger(Manners manners) {
        this.manners = manners;
    }

    /** What a for loop is given, element by element. */
    private static String listOf(Publisher<String> source) {
        List<Object> trail = ((Stranger) source).trail;
        try (ElementStream<String> stream = iterate(source, 1)) {
            stream.forEach(value -> trail.add("given " + value));
        }
        return "end";
    }

    /** Each way, as "ways that see the same: what they see", of which the last is the result. */
    static String taken(Manners manners) {
        Map<String, List<String>> waysOf = new LinkedHashMap<>();
        WAYS.forEach((name, way) ->
                waysOf.computeIfAbsent(
                                new Stranger(manners).takenBy(way), seen -> new ArrayList<>())
                        .add(name));
        StringBuilder all = new StringBuilder();
        waysOf.forEach((seen, ways) ->
                all.append(String.join(", ", ways)).append(": ").append(seen).append('\n'));
        return all.toString();
    }

    private String takenBy(Function<Publisher<String>, Coroutine<Object>> way) {
        VirtualClock.run(() ->
                FluxProbe.with(
                        FluxProbe.recording(trail),
                        () -> {
                            Object end;
                            try {
                                end = timeout(ofSeconds(1), way.apply(this));
                            } catch (AsyncTimeoutException e) {
                                end = "waits";
                            } catch (RuntimeException | Error e) {
                                end = e;
                            }
                            FluxProbe.settle();
                            trail.add("-> " + end);
                            // The loop answers, and nothing is left on it: the body, and who waits
                            // for it.
                            assertThat(createTask(() -> "alive").await()).isEqualTo("alive");
                            assertThat(allTasks()).hasSize(2);
                        }));
        return String.join(", ", trail.stream().map(Stranger::shortly).toList());
    }

    private static String shortly(Object entry) {
        return entry.toString()
                .replace("java.lang.IllegalStateException: ", "")
                .replace("java.lang.NullPointerException: ", "")
                .replace("" + Long.MAX_VALUE, "all")
                .replace("reactor.core.Exceptions$OverflowException: ", "");
    }

    /** What it, or a hook that hears of it, fails with. */
    static IllegalStateException error(String message) {
        return new IllegalStateException(message);
    }

    @Override
    public void subscribe(Subscriber<? super String> subscriber) {
        subscribers.add(subscriber);
        manners.show(subscriber, this);
    }

    /** A subscription that does nothing. */
    Subscription idle() {
        return doing(n -> {}, () -> {});
    }

    Subscription onRequest(java.util.function.LongConsumer onRequest) {
        return doing(onRequest, () -> {});
    }

    /** Writes down what it is asked for, then does that. */
    Subscription doing(java.util.function.LongConsumer onRequest, Runnable onCancel) {
        return new Subscription() {
            @Override
            public void request(long n) {
                trail.add("request " + n);
                onRequest.accept(n);
            }

            @Override
            public void cancel() {
                trail.add("cancel");
                onCancel.run();
            }
        };
    }

    /** What it gets itself from a call. */
    void tried(Runnable call) {
        try {
            call.run();
        } catch (Throwable e) {
            trail.add("thrown " + e.getClass().getSimpleName());
        }
    }
}
