package dev.rondo.examples;

import static dev.rondo.Async.currentLoop;
import static dev.rondo.Async.gather;
import static dev.rondo.Async.run;
import static dev.rondo.Async.sleep;

import static java.time.Duration.ofMillis;

import dev.rondo.Coroutine;
import dev.rondo.sync.AsyncSemaphore;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Nine calls of a service that allows three at once, then nine of one that allows five in half a
 * second.
 *
 * <p>Notice: the first limit is a semaphore around the call. The second is the same semaphore,
 * whose permits are not given back by the caller but by a timer, half a second after they were
 * taken: callbacks of the loop may release too. Whoever waits is served in the order they came.
 */
final class RateLimit {
    private static final int CALLS = 9;

    private RateLimit() {}

    static void main(List<String> args) {
        run(() -> {
            Console console = new Console();
            console.print("three at once:");
            AsyncSemaphore three = AsyncSemaphore.bounded(3);
            gather(calls(number -> three.with(() -> call(console, number)))).await();

            console.print("five in half a second:");
            Limiter limiter = new Limiter(5, ofMillis(500));
            List<String> answers =
                    gather(
                                    calls(number -> {
                                        limiter.await();
                                        return call(console, number);
                                    }))
                            .await();
            console.print(String.join(", ", answers));
        });
    }

    private interface Call {
        String run(int number);
    }

    private static List<Coroutine<String>> calls(Call call) {
        return IntStream.rangeClosed(1, CALLS)
                .mapToObj(number -> (Coroutine<String>) () -> call.run(number))
                .toList();
    }

    private static String call(Console console, int number) {
        console.print("  call " + number);
        sleep(ofMillis(200));
        return "answer " + number;
    }

    /** So many in any stretch of time of a given length. */
    private static final class Limiter {
        private final AsyncSemaphore permits;
        private final Duration window;

        Limiter(int most, Duration window) {
            permits = AsyncSemaphore.bounded(most);
            this.window = window;
        }

        void await() {
            permits.acquire();
            currentLoop().callLater(window, permits::release);
        }
    }
}
