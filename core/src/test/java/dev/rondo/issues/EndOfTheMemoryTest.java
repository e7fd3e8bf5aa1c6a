package dev.rondo.issues;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;

import static java.time.Duration.*;

import dev.rondo.*;
import dev.rondo.sync.AsyncQueue;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.*;

/**
 * An OutOfMemoryError killed a loop's thread or the watchdog for ever, left the heap of timers half
 * changed, and lost what other threads had sent. Each program is a JVM of its own, with a heap that
 * is soon full, and goes on when it is empty again.
 */
class EndOfTheMemoryTest {

    /** What there is in the heap besides. */
    static final class Ballast {
        private static final int SMALLEST = 16;
        private static Object[] blocks = new Object[100_000];
        private static int filled;

        static {
            // All that is called later is linked now: that takes memory too.
            freeALittle();
            spin(1);
            free();
        }

        static void fill(int smallest) {
            for (int size = 1 << 20; size >= smallest; ) {
                try {
                    blocks[filled] = new byte[size];
                    filled++;
                } catch (OutOfMemoryError e) {
                    size /= 2;
                }
            }
        }

        static void fill() {
            fill(SMALLEST);
        }

        static void free() {
            Arrays.fill(blocks, null);
            filled = 0;
        }

        /** Makes room for small things, and for nothing of 64 KB or more. */
        static void freeALittle() {
            for (int i = filled - 1, freed = 0; i >= 0 && freed < 32_000; i--) {
                freed += ((byte[]) blocks[i]).length;
                blocks[i] = null;
            }
        }

        /** Leaves no memory for so long. */
        static void full(long millis) {
            try {
                fill();
                spin(millis);
            } finally {
                free();
            }
        }

        static void spin(long millis) {
            long end = System.nanoTime() + millis * 1_000_000;
            while (System.nanoTime() < end) {
                Thread.onSpinWait();
            }
        }
    }

    static final class Passes {
        private static volatile boolean full;

        public static void main(String[] args) throws Exception {
            EventLoop loop = EventLoop.start("l");
            Task<String> sleeper =
                    loop.submit(() -> {
                        sleep(ofMillis(800));
                        return "slept";
                    });
            loop.submit(() -> {}).join();
            loop.callSoon(() -> {
                Ballast.fill();
                full = true;
                throw new IllegalStateException("no memory for a word about this");
            });
            while (!full) {
                Thread.onSpinWait();
            }
            Ballast.spin(400);
            Ballast.free();
            System.out.println(sleeper.toCompletableFuture().get(10, TimeUnit.SECONDS));
            System.out.println(loop.submit(() -> "new").toCompletableFuture().get());
            loop.close();
            System.out.println("closed " + loop.isClosed());
            Runtime.getRuntime().halt(0);
        }
    }

    static final class Growth {
        public static void main(String[] args) throws Exception {
            EventLoop loop = EventLoop.start("l");
            int timers = 1 << 14;
            List<Integer> fired = new ArrayList<>(timers + 1);
            AtomicInteger failures = new AtomicInteger();
            loop.submit(
                            () -> {
                                long now = loop.time();
                                for (int i = timers; i > 0; i--) {
                                    int due = i;
                                    loop.callAt(now + 500_000_000 + due, () -> fired.add(due));
                                }
                                Ballast.fill(1024);
                                Ballast.freeALittle();
                                try {
                                    loop.callAt(now + 500_000_000, () -> fired.add(0));
                                } catch (OutOfMemoryError e) {
                                    failures.incrementAndGet();
                                }
                                Ballast.free();
                                loop.callAt(now + 500_000_000, () -> fired.add(0));
                                sleep(ofSeconds(1));
                            })
                    .join();
            List<Integer> sorted = new ArrayList<>(fired);
            Collections.sort(sorted);
            System.out.println("failed " + failures);
            System.out.println("fired " + fired.size() + ", in order " + fired.equals(sorted));
            Runtime.getRuntime().halt(0);
        }
    }

    static final class Drain {
        private static volatile boolean go;

        public static void main(String[] args) throws Exception {
            EventLoop loop = EventLoop.start("l");
            AtomicInteger ran = new AtomicInteger();
            Runnable run = ran::incrementAndGet;
            loop.callSoon(() -> {
                // It needs no memory to be let go.
                while (!go) {
                    Thread.onSpinWait();
                }
            });
            for (int i = 0; i < 20_000; i++) {
                loop.callSoon(run);
            }
            Task<String> last = loop.submit(() -> "last");
            Ballast.fill();
            go = true;
            Ballast.spin(400);
            Ballast.free();
            loop.submit(() -> {}).toCompletableFuture().get(10, TimeUnit.SECONDS);
            System.out.println("ran " + ran + ", the task has ended " + last.isDone());
            Runtime.getRuntime().halt(0);
        }
    }

    static final class Queues {
        private static final int ITEMS = 1 << 14;

        public static void main(String[] args) {
            run(() -> {
                for (AsyncQueue<Integer> queue :
                        List.of(
                                AsyncQueue.<Integer>unbounded(),
                                AsyncQueue.<Integer>lifo(1 << 20))) {
                    for (int i = 0; i < ITEMS; i++) {
                        queue.put(i);
                    }
                    Ballast.fill(1024);
                    Ballast.freeALittle();
                    String put = "put";
                    try {
                        queue.put(ITEMS);
                    } catch (OutOfMemoryError e) {
                        put = "not put";
                    }
                    Ballast.free();
                    queue.put(ITEMS + 1);
                    System.out.println(put + ", " + queue.size() + " are in, first " + queue.get());
                }
            });
            Runtime.getRuntime().halt(0);
        }
    }

    static final class Watching {
        public static void main(String[] args) throws Exception {
            CountDownLatch warned = new CountDownLatch(1);
            Handler handler =
                    new StreamHandler() {
                        @Override
                        public void publish(LogRecord record) {
                            if (record.getMessage().contains("makes no progress")) {
                                warned.countDown();
                            }
                        }
                    };
            Logger log = Logger.getLogger("dev.rondo");
            log.addHandler(handler);
            EventLoop loop = EventLoop.builder().watchdog(ofMillis(100)).build();
            CountDownLatch stop = new CountDownLatch(1);
            Thread runner =
                    Thread.ofPlatform()
                            .start(() ->
                                    loop.run(() -> {
                                        loop.newPromise().await();
                                    }));
            loop.submit(() -> {}).join();
            Ballast.full(600);
            loop.callSoon(() -> {
                try {
                    stop.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            System.out.println("warned " + warned.await(10, TimeUnit.SECONDS));
            Runtime.getRuntime().halt(runner.isAlive() ? 0 : 1);
        }
    }

    private static List<String> output(Class<?> program) throws Exception {
        List<String> command =
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx32m",
                        "-XX:+UseSerialGC",
                        "--add-opens=java.base/java.lang=ALL-UNNAMED",
                        "-Ddev.rondo.fiber=" + System.getProperty("dev.rondo.fiber", "mounted"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        program.getName());
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        process.onExit()
                .orTimeout(60, TimeUnit.SECONDS)
                .whenComplete((ended, late) -> process.destroyForcibly());
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return output.lines().toList();
    }

    @Test
    void theLoopGoesOn() throws Exception {
        assertThat(output(Passes.class)).containsExactly("slept", "new", "closed true");
    }

    @Test
    void timersThatCannotGrow_stayAsTheyWere() throws Exception {
        assertThat(output(Growth.class)).containsExactly("failed 1", "fired 16385, in order true");
    }

    @Test
    void whatWasAccepted_isRun() throws Exception {
        assertThat(output(Drain.class)).containsExactly("ran 20000, the task has ended true");
    }

    @Test
    void queuesThatCannotGrow_keepWhatTheyHave() throws Exception {
        assertThat(output(Queues.class))
                .containsExactly(
                        "not put, 16385 are in, first 0", "not put, 16385 are in, first 16385");
    }

    @Test
    void theWatchdogComesBack() throws Exception {
        assertThat(output(Watching.class)).containsExactly("warned true");
    }
}
