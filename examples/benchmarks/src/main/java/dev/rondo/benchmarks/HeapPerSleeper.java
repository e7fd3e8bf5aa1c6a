package dev.rondo.benchmarks;

import static dev.rondo.Async.sleep;

import dev.rondo.EventLoop;

import reactor.core.scheduler.Schedulers;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** Row j: the live heap of many sleepers, divided by their number. Prints the bytes of one. */
final class HeapPerSleeper {
    private static final int SLEEPERS = 1_000_000;
    private static final Duration LONG = Duration.ofHours(1);

    private HeapPerSleeper() {}

    public static void main(String[] args) throws Exception {
        long before = used();
        CountDownLatch asleep = new CountDownLatch(SLEEPERS);
        switch (args[0]) {
            case "rondo" -> {
                EventLoop loop = EventLoop.start("rondo");
                loop.submit(
                                () -> {
                                    for (int i = 0; i < SLEEPERS; i++) {
                                        dev.rondo.Async.createTask(() -> {
                                            asleep.countDown();
                                            sleep(LONG);
                                        });
                                    }
                                })
                        .join();
            }
            case "kotlin" ->
                    new KotlinPeer(Schedulers.newSingle("kotlin"))
                            .sleepersThatStay(SLEEPERS, LONG.toMillis(), asleep);
            default -> {
                for (int i = 0; i < SLEEPERS; i++) {
                    Thread.startVirtualThread(() -> {
                        asleep.countDown();
                        try {
                            Thread.sleep(LONG);
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    });
                }
            }
        }
        asleep.await();
        // The last ones have yet to fall asleep.
        Thread.sleep(1000);
        System.out.println((used() - before) / SLEEPERS);
        System.exit(0);
    }

    private static long used() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(100);
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
