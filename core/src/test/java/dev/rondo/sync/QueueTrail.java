package dev.rondo.sync;

import static dev.rondo.Async.*;

import dev.rondo.*;

import java.util.*;

/** Tasks that put and get, and write down what became of it. */
abstract class QueueTrail {
    final List<Object> trail = new ArrayList<>();

    Task<Void> getting(AsyncQueue<?> queue, String name) {
        return createTask(
                name,
                () -> {
                    try {
                        Object item = queue.get();
                        trail.add(name + item);
                    } catch (AsyncQueueShutDownException e) {
                        trail.add(name + " refused");
                    }
                });
    }

    Task<Void> putting(AsyncQueue<Integer> queue, int item) {
        return createTask(
                "put" + item,
                () -> {
                    try {
                        queue.put(item);
                        trail.add("put" + item);
                    } catch (AsyncQueueShutDownException e) {
                        trail.add("put" + item + " refused");
                    }
                });
    }

    static <T> List<T> drain(AsyncQueue<T> queue) {
        List<T> items = new ArrayList<>();
        for (T item = queue.tryGet(); item != null; item = queue.tryGet()) {
            items.add(item);
        }
        return items;
    }
}
