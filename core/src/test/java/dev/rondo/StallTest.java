package dev.rondo;

import static dev.rondo.Async.createTask;
import static dev.rondo.Async.currentLoop;
import static dev.rondo.Async.gather;
import static dev.rondo.Async.sleep;
import static dev.rondo.Async.yieldNow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rondo.internal.loop.Insides;
import dev.rondo.testsupport.LogRecorder;

import org.junit.jupiter.api.Test;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/** A coroutine that blocks otherwise than by awaiting keeps the loop: nothing runs in between. */
class StallTest {
    private final List<String> trail = new ArrayList<>();

    private void blockedBy(Action blocking) {
        Async.run(() -> {
            Task<?> other = createTask(() -> trail.add("other"));
            currentLoop().callSoon(() -> trail.add("callback"));
            trail.add("before");
            blocking.run();
            trail.add("after");
            other.await();
        });
        assertThat(trail).containsExactly("before", "after", "other", "callback");
    }

    @Test
    void threadSleep() {
        blockedBy(() -> Thread.sleep(5));
    }

    @Test
    void threadYield() {
        blockedBy(Thread::yield);
    }

    @Test
    void aTimedPark() {
        blockedBy(() -> LockSupport.parkNanos(1_000_000));
    }

    @Test
    void aLatchThatAnotherThreadOpens() {
        CountDownLatch latch = new CountDownLatch(1);
        blockedBy(() -> {
            Thread.ofPlatform().start(latch::countDown);
            latch.await();
        });
    }

    @Test
    void aLockThatAnotherThreadHolds() throws Exception {
        ReentrantLock lock = new ReentrantLock();
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Thread holder =
                Thread.ofPlatform()
                        .start(() -> {
                            lock.lock();
                            try {
                                held.countDown();
                                release.await();
                            } catch (InterruptedException e) {
                                throw new AssertionError(e);
                            } finally {
                                lock.unlock();
                            }
                        });
        held.await();
        blockedBy(() -> {
            release.countDown();
            lock.lock();
            lock.unlock();
        });
        holder.join();
    }

    @Test
    void aMonitorThatAnotherThreadHolds() throws Exception {
        Object monitor = new Object();
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Thread holder =
                Thread.ofPlatform()
                        .start(() -> {
                            synchronized (monitor) {
                                held.countDown();
                                try {
                                    release.await();
                                } catch (InterruptedException e) {
                                    throw new AssertionError(e);
                                }
                            }
                        });
        held.await();
        blockedBy(() -> {
            release.countDown();
            synchronized (monitor) {
                trail.size();
            }
        });
        holder.join();
    }

    @Test
    void objectWait() {
        Object monitor = new Object();
        blockedBy(() -> {
            synchronized (monitor) {
                monitor.wait(5);
            }
        });
    }

    @Test
    void aSocketRead() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread sender =
                    Thread.ofPlatform()
                            .start(() -> {
                                try (Socket socket = server.accept()) {
                                    socket.getOutputStream().write(7);
                                } catch (java.io.IOException e) {
                                    throw new AssertionError(e);
                                }
                            });
            blockedBy(() -> {
                try (Socket socket = new Socket(server.getInetAddress(), server.getLocalPort());
                        InputStream in = socket.getInputStream()) {
                    assertThat(in.read()).isEqualTo(7);
                }
            });
            sender.join();
        }
    }

    @Test
    void aVirtualThreadOfItsOwn_thatItJoins() {
        blockedBy(() -> {
            Thread child =
                    Thread.ofVirtual()
                            .start(() -> {
                                LockSupport.parkNanos(1_000_000);
                                Thread.yield();
                            });
            child.join();
        });
    }

    @Test
    void aMonitorHeldAcrossAnAwait_isNotLost_andDoesNotBlockTheLoopsOwnThread() {
        Object monitor = new Object();
        Async.run(() -> {
            Task<?> holder =
                    createTask(() -> {
                        synchronized (monitor) {
                            sleep(Duration.ofMillis(2));
                            assertThat(Thread.holdsLock(monitor)).isTrue();
                            trail.add("held");
                        }
                    });
            gather(holder, createTask(() -> trail.add("other"))).await();
        });
        assertThat(trail).containsExactly("other", "held");
    }

    @Test
    void theWatchdogReportsAStallWhileItLasts_withTheLineThatBlocks() {
        try (LogRecorder log = new LogRecorder();
                EventLoop loop =
                        EventLoop.builder()
                                .name("watched")
                                .watchdog(Duration.ofMillis(40))
                                .build()) {
            loop.run(() -> createTask("sluggish", () -> blockUntilReported(log)).await());
            assertThat(log.messages().getFirst())
                    .startsWith("WARNING: EventLoop[watched")
                    .contains("Task 'sluggish' blocks it");
            assertThat(log.thrown().getFirst().getStackTrace())
                    .anyMatch(frame -> frame.getMethodName().equals("blockUntilReported"));
        }
    }

    private static void blockUntilReported(LogRecorder log) {
        while (log.messages().isEmpty()) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void theWatchdogReportsACallbackThatBlocksToo() {
        try (LogRecorder log = new LogRecorder();
                EventLoop loop = EventLoop.builder().watchdog(Duration.ofMillis(40)).build()) {
            loop.run(() -> {
                loop.callSoon(() -> blockUntilReported(log));
                yieldNow();
            });
            assertThat(log.messages().getFirst()).contains("a callback blocks it");
        }
    }

    @Test
    void aLockHeldBySuspendedCoroutine_wantedByAnother_isADeadlockThatNamesBothSides()
            throws Exception {
        ReentrantLock lock = new ReentrantLock();
        try (LogRecorder log = new LogRecorder();
                EventLoop loop = EventLoop.builder().watchdog(Duration.ofMillis(40)).build()) {
            Thread[] wanting = new Thread[1];
            Thread rescuer =
                    Thread.ofPlatform()
                            .start(() -> {
                                blockUntilReported(log);
                                wanting[0].interrupt();
                            });
            loop.run(() -> {
                Promise<Void> never = loop.newPromise();
                Task<?> holder =
                        createTask(
                                "holder",
                                () -> {
                                    lock.lock();
                                    never.await();
                                });
                Task<?> wanter =
                        createTask(
                                "wanter",
                                () -> {
                                    wanting[0] = Thread.currentThread();
                                    lock.lockInterruptibly();
                                });
                Async.gatherSettled(wanter).await();
                assertThat(wanter.isCancelled()).isTrue();
                holder.cancel();
            });
            rescuer.join();
            assertThat(log.messages().getFirst())
                    .contains("Task 'wanter' blocks it")
                    .contains("ReentrantLock")
                    .contains("suspended meanwhile: Task 'holder'");
        }
    }

    @Test
    void anIdleLoop_isNotReported_andCostsNoCpu() throws Exception {
        try (LogRecorder log = new LogRecorder();
                EventLoop loop = EventLoop.builder().watchdog(Duration.ofMillis(20)).build()) {
            loop.run(() -> {
                long passes = Insides.beat(loop);
                sleep(Duration.ofMillis(200));
                assertThat(Insides.beat(loop) - passes).isLessThan(10);
            });
            assertThat(log.messages()).isEmpty();
        }
    }
}
