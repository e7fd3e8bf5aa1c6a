package dev.rondo.examples;

import static dev.rondo.Async.run;
import static dev.rondo.Async.sleep;
import static dev.rondo.Async.taskGroup;

import static java.time.Duration.ofMillis;

import dev.rondo.ContextVar;
import dev.rondo.sync.AsyncQueue;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Orders go through a queue of three to two packers. One order is too heavy to be packed.
 *
 * <p>Notice: the producer is faster and is made to wait whenever three orders are in the queue.
 * After {@code shutdown()} what is in is still packed, then the packers' loops end by themselves;
 * no packer is cancelled, no poison pill is sent. What a packer prints has its name from a context
 * variable, which every task sees in its own way.
 */
final class ProducerConsumer {
    private static final int ORDERS = 8;
    private static final int HEAVY = 5;
    private static final ContextVar<String> WHO = ContextVar.of("who");

    private ProducerConsumer() {}

    static void main(List<String> args) {
        run(() -> {
            Console console = new Console();
            AsyncQueue<Integer> orders = new AsyncQueue<>(3);
            Map<String, Integer> packed = new TreeMap<>();
            taskGroup(group -> {
                for (String name : List.of("Ada", "Bob")) {
                    group.createTask(
                            name,
                            () -> {
                                WHO.set(name);
                                pack(console, orders, packed);
                            });
                }
                WHO.set("shop");
                for (int order = 1; order <= ORDERS; order++) {
                    orders.put(order);
                    say(console, "order " + order + " is in, " + orders.size() + " in the queue");
                }
                orders.shutdown();
                say(console, "closed; " + orders.size() + " still in the queue");
                orders.join();
                say(console, "every order is dealt with");
            });
            say(console, "packed: " + packed + " and one refused");
        });
    }

    private static void pack(
            Console console, AsyncQueue<Integer> orders, Map<String, Integer> packed) {
        for (int order : orders) {
            try {
                sleep(ofMillis(200));
                if (order == HEAVY) {
                    throw new IllegalArgumentException("order " + order + " is too heavy");
                }
                packed.merge(WHO.get(), 1, Integer::sum);
                say(console, "packed order " + order);
            } catch (IllegalArgumentException e) {
                say(console, "refused: " + e.getMessage());
            } finally {
                orders.taskDone();
            }
        }
        say(console, "goes home");
    }

    private static void say(Console console, String text) {
        console.print(WHO.get() + ": " + text);
    }
}
