package dev.rondo.users;

import dev.rondo.Task;
import dev.rondo.TaskGroup;

import reactor.core.publisher.Mono;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Every call of the public surface, as a user writes it with both static imports side by side: for
 * the methods of a service, with and without a result, with checked exceptions or none.
 */
abstract class ApiSurfaceTest {
    final List<Object> trail = new CopyOnWriteArrayList<>();

    int answer() {
        return 42;
    }

    String greeting() throws IOException {
        return "hello";
    }

    void work() throws IOException {
        trail.add("work");
    }

    Mono<String> load(int id) {
        return Mono.just("loaded " + id);
    }

    static Integer number() throws InterruptedException {
        return 7;
    }

    static void staticWork() {}

    Integer doubled(Integer value) throws IOException {
        return value * 2;
    }

    boolean isEven(int value) {
        return value % 2 == 0;
    }

    void emitTwo(dev.rondo.reactor.Emitter<String> emitter) {
        emitter.emit("one");
        emitter.emit("two");
    }

    String grouped(TaskGroup group) {
        Task<String> child = group.createTask(this::greeting);
        return child.await();
    }

    void groupedWork(TaskGroup group) throws IOException {
        group.createTask(this::work);
        group.createTask("named", ApiSurfaceTest::staticWork);
    }
}
