package dev.rondo.issues;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;

import static java.time.Duration.*;

import dev.rondo.*;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import java.util.*;
import java.util.concurrent.*;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A call at the end of the stack of a thread outside, while the loop sleeps. */
class EndOfAnotherThreadsStackTest {
    private static void onASmallStack(int size, Runnable call) throws InterruptedException {
        EndOfTheStack attempts = new EndOfTheStack(call);
        Thread thread = new Thread(null, attempts::down, "small stack", size);
        thread.start();
        thread.join();
        assertThat(attempts.failed).isPositive();
    }

    private static void fromOutside(Consumer<EventLoop> safe, Consumer<EventLoop> call)
            throws Exception {
        EventLoop loop = EventLoop.start("asleep");
        safe.accept(loop);
        for (int i = 0; i < 20; i++) {
            loop.submit(() -> {}).join();
            onASmallStack(200_000 + i * 1000, () -> call.accept(loop));
            loop.submit(() -> {}).toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
        loop.close();
    }

    @TestFactory
    Stream<DynamicTest> onAThreadOutside() {
        Set<Object> called = ConcurrentHashMap.newKeySet();
        Map<String, Consumer<EventLoop>> calls = new LinkedHashMap<>();
        calls.put("callSoon", loop -> loop.callSoon(() -> called.add(loop)));
        calls.put("callLater", loop -> loop.callLater(ofNanos(1), () -> called.add(loop)));
        calls.put("submit", loop -> loop.submit(() -> called.add(loop)));
        calls.put("complete", loop -> loop.<Integer>newPromise().complete(7));
        calls.put("fail", loop -> loop.newPromise().fail(new CancellationException()));
        calls.put("Promise.cancel", loop -> loop.newPromise().cancel());
        calls.put("Task.cancel", loop -> loop.submit(() -> sleep(ofHours(1))).cancel());
        calls.put("onDone", loop -> loop.newPromise().onDone(done -> {}));
        calls.put("Hold.close", loop -> loop.holdTime().close());
        calls.put("join", loop -> loop.submit(() -> sleep(ofMillis(1))).join());
        return calls.entrySet().stream()
                .map(call ->
                        DynamicTest.dynamicTest(
                                call.getKey(),
                                () -> fromOutside(call.getValue(), call.getValue())));
    }
}
