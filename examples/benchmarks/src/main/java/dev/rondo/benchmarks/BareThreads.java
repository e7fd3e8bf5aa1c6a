package dev.rondo.benchmarks;

import java.lang.reflect.Constructor;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;

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

    /** So many threads that park, and are resumed when some time has passed. */
    static void parkAndResume(int threads, Duration nap) throws InterruptedException {
        Thread.ofPlatform()
                .start(() -> {
                    long due = System.nanoTime() + nap.toNanos();
                    BareThreads bare = new BareThreads();
                    List<Thread> parked = bare.runHere(threads, LockSupport::park);
                    LockSupport.parkNanos(due - System.nanoTime());
                    parked.forEach(LockSupport::unpark);
                    bare.runQueue();
                })
                .join();
    }

    private List<Thread> runHere(int threads, Runnable body) {
        List<Thread> started = new ArrayList<>(threads);
        try {
            Thread.Builder.OfVirtual builder = (Thread.Builder.OfVirtual) BUILDER.newInstance(this);
            for (int i = 0; i < threads; i++) {
                started.add(builder.start(body));
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
        runQueue();
        return started;
    }

    private void runQueue() {
        for (Runnable next = queue.poll(); next != null; next = queue.poll()) {
            next.run();
        }
    }
}
