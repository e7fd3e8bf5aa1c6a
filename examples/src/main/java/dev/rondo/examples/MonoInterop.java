package dev.rondo.examples;

import static dev.rondo.Async.run;
import static dev.rondo.Async.sleep;
import static dev.rondo.reactor.ReactorBridge.await;
import static dev.rondo.reactor.ReactorBridge.contextView;
import static dev.rondo.reactor.ReactorBridge.gather;
import static dev.rondo.reactor.ReactorBridge.mono;
import static dev.rondo.reactor.ReactorBridge.toMono;
import static dev.rondo.reactor.ReactorBridge.toTask;
import static dev.rondo.reactor.ReactorBridge.zip;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import dev.rondo.Async;
import dev.rondo.Task;

import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

import java.util.List;

/**
 * Monos and coroutines, each as the other.
 *
 * <p>Notice: a repository that gives Monos is used in plain code, and that code is a Mono again for
 * whoever wants one. Errors are caught with {@code try}, whichever side they come from; disposing
 * the Mono cancels the coroutine where it waits; the subscriber's Context is there on both sides.
 */
final class MonoInterop {
    private MonoInterop() {}

    /** Somebody's reactive repository. */
    private static Mono<Integer> priceOf(String item) {
        return switch (item) {
            case "tea" -> Mono.just(3).delayElement(ofMillis(200));
            case "cake" -> Mono.just(5).delayElement(ofMillis(300));
            default -> Mono.error(new IllegalArgumentException("no price for " + item));
        };
    }

    static void main(List<String> args) {
        run(() -> {
            Console console = new Console();

            // Monos, awaited.
            int tea = await(priceOf("tea"));
            console.print("tea: " + tea);
            console.print("both at once: " + gather(priceOf("tea"), priceOf("cake")).await());
            try {
                await(priceOf("beer"));
            } catch (IllegalArgumentException e) {
                console.print("caught: " + e.getMessage());
            }

            // A coroutine as a Mono, in a pipeline.
            Mono<String> bill =
                    mono(() -> {
                        int sum = 0;
                        for (String item : List.of("tea", "cake")) {
                            sum += await(priceOf(item));
                        }
                        return sum + " for " + contextView().getOrDefault("guest", "nobody");
                    });
            console.print(
                    "bill: "
                            + await(
                                    bill.map(text -> text + ", thank you")
                                            .contextWrite(Context.of("guest", "Ada"))));

            // gather as Mono.zip.
            Mono<Integer> total =
                    zip(() -> await(priceOf("tea")), () -> await(priceOf("cake")))
                            .map(both -> both.getT1() + both.getT2());
            console.print("zip: " + await(total));

            // A task that runs anyway, as a Mono; a Mono as a task.
            Task<String> task = Async.createTask(() -> "a task's value");
            console.print("toMono: " + await(toMono(task)));
            Task<Integer> cake = toTask(priceOf("cake"));
            console.print("toTask: " + cake.await());

            // Cancel: the coroutine is interrupted where it waits, and cleans up.
            Disposable order =
                    mono(
                                    () -> {
                                        try {
                                            sleep(ofSeconds(60));
                                        } finally {
                                            console.print("the order is cancelled and cleans up");
                                        }
                                    })
                            .subscribe();
            sleep(ofMillis(100));
            order.dispose();
            sleep(ofMillis(10));
            console.print("the end");
        });
    }
}
