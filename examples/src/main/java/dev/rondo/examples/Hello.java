package dev.rondo.examples;

import static dev.rondo.Async.run;
import static dev.rondo.Async.sleep;

import static java.time.Duration.ofSeconds;

import dev.rondo.Coroutine;

import java.util.List;

/**
 * One coroutine: hello, a second later world, two seconds later the end.
 *
 * <p>Notice: making a coroutine runs nothing. {@code main} exists from the first line on, but its
 * first word comes when {@code run} runs it.
 */
final class Hello {
    private Hello() {}

    static void main(List<String> args) {
        Coroutine<String> main =
                () -> {
                    Console console = new Console();
                    console.print("hello");
                    sleep(ofSeconds(1));
                    console.print("world");
                    sleep(ofSeconds(2));
                    console.print("the end");
                    return "what the coroutine returned";
                };

        System.out.println("The coroutine is made; nothing has run yet.");
        String result = run(main);
        System.out.println("run() gives " + result + ".");
    }
}
