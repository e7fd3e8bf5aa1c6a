package dev.rondo.issues;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;

import static java.time.Duration.*;

import dev.rondo.*;
import dev.rondo.sync.*;
import dev.rondo.testing.*;

import org.junit.jupiter.api.Test;

import java.util.*;

/** A queue told its readers that nothing would come while an item was promised to one of them. */
class QueueEndWithAPromisedItemTest {
    private final List<Object> trail = new ArrayList<>();

    private Task<Void> reader(String name, AsyncQueue<Integer> queue) {
        return createTask(
                name,
                () -> {
                    for (int item : queue) {
                        trail.add(name + " got " + item);
                        queue.taskDone();
                    }
                    trail.add(name + " saw the end");
                });
    }

    @Test
    void whichIsCancelled_soThatTheNextGetsTheItem_andThenTheEnd() {
        VirtualClock.run(() -> {
            AsyncQueue<Integer> queue = AsyncQueue.unbounded();
            Task<?> first = reader("first", queue);
            List<Task<Void>> others = List.of(reader("second", queue), reader("third", queue));
            yieldNow();
            queue.put(1);
            queue.shutdown();
            first.cancel();
            waitAll(others);
            queue.join();
            trail.add(queue.size());
        });
        assertThat(trail)
                .containsExactly("second got 1", "second saw the end", "third saw the end", 0);
    }

    @Test
    void whichTakesIt_soThatTheOthersAreToldThen() {
        VirtualClock.run(() -> {
            AsyncQueue<Integer> queue = AsyncQueue.unbounded();
            List<Task<Void>> readers = List.of(reader("first", queue), reader("second", queue));
            yieldNow();
            queue.put(1);
            queue.shutdown();
            trail.add("shut down");
            waitAll(readers);
        });
        assertThat(trail)
                .containsExactly(
                        "shut down", "first got 1", "first saw the end", "second saw the end");
    }

    @Test
    void toOneThatComesLaterToo() {
        VirtualClock.run(() -> {
            AsyncQueue<Integer> queue = AsyncQueue.unbounded();
            Task<?> first = reader("first", queue);
            yieldNow();
            queue.put(1);
            queue.shutdown();
            List<Task<Void>> late =
                    List.of(
                            createTask(
                                    "late",
                                    () -> {
                                        trail.add("late got " + queue.get());
                                    }));
            first.cancel();
            waitAll(late, ofSeconds(1));
        });
        assertThat(trail).containsExactly("late got 1");
    }

    @Test
    void exceptWhereAllItemsAreDropped() {
        VirtualClock.run(() -> {
            AsyncQueue<Integer> queue = AsyncQueue.unbounded();
            List<Task<Void>> readers = List.of(reader("first", queue), reader("second", queue));
            yieldNow();
            queue.put(1);
            queue.shutdown(true);
            waitAll(readers);
            queue.join();
        });
        assertThat(trail).containsExactlyInAnyOrder("first saw the end", "second saw the end");
    }
}
