package dev.rondo.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rondo.internal.fiber.FiberKind;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Many threads put, one drains and closes: nothing is lost, nothing comes twice, each thread's
 * order is kept. The same stress run on a broken twin shows that it can fail.
 */
class InboxStressTest {
    private interface Box {
        boolean put(Runnable action);

        void drain(Consumer<Runnable> taker);

        void close(Consumer<Runnable> taker);
    }

    private static Box inbox() {
        Inbox inbox = new Inbox();
        return new Box() {
            @Override
            public boolean put(Runnable action) {
                return inbox.put(action) != Inbox.Put.REFUSED;
            }

            @Override
            public void drain(Consumer<Runnable> taker) {
                inbox.drain(taker);
            }

            @Override
            public void close(Consumer<Runnable> taker) {
                inbox.close(taker);
            }
        };
    }

    /** Takes what it has seen and then empties the box, in two steps. */
    private static Box brokenTwin() {
        return new Box() {
            private volatile List<Runnable> content = List.of();
            private volatile boolean closed;

            @Override
            public boolean put(Runnable action) {
                List<Runnable> longer = new ArrayList<>(content);
                longer.add(action);
                content = longer;
                return !closed;
            }

            @Override
            public void drain(Consumer<Runnable> taker) {
                List<Runnable> seen = content;
                content = List.of();
                seen.forEach(taker);
            }

            @Override
            public void close(Consumer<Runnable> taker) {
                closed = true;
                drain(taker);
            }
        };
    }

    /** What went wrong in one round, or null. */
    private static String round(Box box) throws InterruptedException {
        int threads = 3;
        List<List<Integer>> received = new ArrayList<>();
        int[] accepted = new int[threads];
        List<Thread> senders = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int self = t;
            List<Integer> own = new ArrayList<>();
            received.add(own);
            senders.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                for (int i = 0; i < 100_000; i++) {
                                    int number = i;
                                    if (!box.put(() -> own.add(number))) {
                                        return;
                                    }
                                    accepted[self]++;
                                }
                            }));
        }
        for (int i = 0; i < 200; i++) {
            box.drain(Runnable::run);
            Thread.yield();
        }
        box.close(Runnable::run);
        for (Thread sender : senders) {
            sender.join();
        }
        for (int t = 0; t < threads; t++) {
            List<Integer> own = received.get(t);
            if (own.size() != accepted[t]) {
                return "accepted " + accepted[t] + ", received " + own.size();
            }
            for (int i = 0; i < own.size(); i++) {
                if (own.get(i) != i) {
                    return "out of order at " + i;
                }
            }
        }
        return null;
    }

    @Test
    void nothingIsLost_orDoubled_orOutOfOrder() throws Exception {
        for (int i = 0; i < 20; i++) {
            assertThat(round(inbox())).isNull();
        }
    }

    @Test
    void theBrokenTwinIsCaught() throws Exception {
        String caught = null;
        for (int i = 0; i < 100 && caught == null; i++) {
            caught = round(brokenTwin());
        }
        assertThat(caught).isNotNull();
    }

    /** The driver's protocol: mail that is left is seen, however the two race. */
    private static final class MailLoop implements Driver.Work {
        private final Inbox inbox = new Inbox();
        private final AtomicInteger seen = new AtomicInteger();
        private volatile boolean finished;

        @Override
        public long pass() {
            inbox.drain(Runnable::run);
            return finished ? Driver.FINISHED : Long.MAX_VALUE;
        }

        @Override
        public boolean hasMail() {
            return !inbox.isEmpty();
        }

        @Override
        public void abandon(Throwable cause) {
            throw new AssertionError(cause);
        }
    }

    private static void sendAndAwait(MailLoop loop, Driver driver) throws Exception {
        driver.start();
        for (int i = 1; i <= 50_000; i++) {
            loop.inbox.put(loop.seen::incrementAndGet);
            driver.wake();
            while (loop.seen.get() < i) {
                Thread.onSpinWait();
            }
        }
        loop.finished = true;
        loop.inbox.put(() -> {});
        driver.wake();
        LockSupport.unpark(driver.thread());
        driver.join();
        assertThat(loop.seen).hasValue(50_000);
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aDriverThatGoesToSleep_missesNoMail() throws Exception {
        MailLoop loop = new MailLoop();
        sendAndAwait(loop, new ThreadDriver("mail", FiberKind.chosen(), loop));
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aHostedDriver_missesNoMail() throws Exception {
        MailLoop loop = new MailLoop();
        try (ScheduledExecutorService host = Executors.newSingleThreadScheduledExecutor()) {
            sendAndAwait(loop, new HostedDriver("mail", FiberKind.chosen(), loop, host));
        }
    }
}
