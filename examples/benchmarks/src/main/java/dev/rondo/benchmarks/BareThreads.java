package dev.rondo.benchmarks;

import java.lang.reflect.Constructor;
import java.util.ArrayDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;

/** Virtual threads that one platform thread runs from a queue, and nothing else: the limit. */
final class BareThreads implements Executor {
    private static final Constructor<?> BUILDER;

    static {
        try {
            BUILDER =
                    Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder")
                            .getDeclaredConstructor(Executor.class);
            BUILDER.setAccessible(true);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final ArrayDeque<Runnable> queue = new ArrayDeque<>();

    @Override
    public void execute(Runnable continuation) {
        queue.add(continuation);
    }

    /** Runs so many threads with the same body, to their ends. */
    static void run(int threads, Runnable body) {
        CountDownLatch done = new CountDownLatch(1);
        Thread.ofPlatform()
                .start(() -> {
                    new BareThreads().runHere(threads, body);
                    done.countDown();
                });
        try {
            done.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void runHere(int threads, Runnable body) {
        try {
            Thread.Builder.OfVirtual builder = (Thread.Builder.OfVirtual) BUILDER.newInstance(this);
            for (int i = 0; i < threads; i++) {
                builder.start(body);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
        for (Runnable next = queue.poll(); next != null; next = queue.poll()) {
            next.run();
        }
    }
}
