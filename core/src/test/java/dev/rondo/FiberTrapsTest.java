package dev.rondo;

import static dev.rondo.Async.createTask;
import static dev.rondo.Async.currentLoop;
import static dev.rondo.Async.currentTask;
import static dev.rondo.Async.gather;
import static dev.rondo.Async.sleep;
import static dev.rondo.Async.yieldNow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rondo.internal.loop.Insides;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** What threads can do to coroutines, each seen to go wrong with a naive fiber. */
class FiberTrapsTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private final List<Object> trail = new ArrayList<>();

    @Test
    void anInterruptOfASuspendedCoroutine_cancelsIt_andDoesNotSpin() throws Exception {
        try (EventLoop loop = EventLoop.start("s")) {
            CompletableFuture<Thread> thread = new CompletableFuture<>();
            Task<?> task =
                    loop.submit(() -> {
                        thread.complete(Thread.currentThread());
                        try {
                            sleep(HOUR);
                        } catch (CancellationException e) {
                            trail.add(e.getMessage());
                            trail.add(Thread.currentThread().isInterrupted());
                            yieldNow();
                            trail.add("cleaned up");
                            throw e;
                        }
                    });
            Thread coroutine = thread.join();
            loop.submit(Async::yieldNow).join();
            coroutine.interrupt();
            assertThatThrownBy(task::join).isInstanceOf(CancellationException.class);
            assertThat(task.cancelling()).isEqualTo(1);
            assertThat(trail)
                    .containsExactly("the coroutine's thread was interrupted", false, "cleaned up");
        }
    }

    @Test
    void anInterruptOfACoroutineThatGivesWay_cancelsItAtItsNextSuspension() {
        Async.run(() -> {
            CompletableFuture<Thread> thread = new CompletableFuture<>();
            Task<?> task =
                    createTask(() -> {
                        thread.complete(Thread.currentThread());
                        yieldNow();
                        trail.add("goes on");
                        sleep(HOUR);
                        trail.add("wrong");
                    });
            yieldNow();
            thread.join().interrupt();
            assertThatThrownBy(task::await)
                    .isInstanceOf(CancellationException.class)
                    .hasMessage("the coroutine's thread was interrupted");
        });
        assertThat(trail).containsExactly("goes on");
    }

    @Test
    void anInterruptOfACoroutineThatOnlyGivesWay_isSeenToo() {
        Async.run(() -> {
            Task<?> task =
                    createTask(() -> {
                        Thread.currentThread().interrupt();
                        for (int i = 0; i < 100; i++) {
                            yieldNow();
                        }
                        trail.add("wrong");
                    });
            assertThatThrownBy(task::await).isInstanceOf(CancellationException.class);
        });
        assertThat(trail).isEmpty();
    }

    @Test
    void aCoroutineThatInterruptsItself_isCancelledAtItsNextSuspension() {
        Async.run(() -> {
            Task<?> task =
                    createTask(() -> {
                        Thread.currentThread().interrupt();
                        trail.add("goes on");
                        sleep(HOUR);
                        trail.add("wrong");
                    });
            assertThatThrownBy(task::await).isInstanceOf(CancellationException.class);
        });
        assertThat(trail).containsExactly("goes on");
    }

    @Test
    void anInterruptThatMeetsABlockingCall_cancelsTheTask() {
        Async.run(() -> {
            Task<?> task =
                    createTask(() -> {
                        Thread.currentThread().interrupt();
                        Thread.sleep(10_000);
                    });
            assertThatThrownBy(task::await)
                    .isInstanceOf(CancellationException.class)
                    .hasCauseInstanceOf(InterruptedException.class);
            assertThat(task.isCancelled()).isTrue();
        });
    }

    @Test
    void anInterruptOfTheLoopsThread_meansNothing_andDoesNotSpin() {
        try (EventLoop loop = EventLoop.start("s")) {
            loop.callSoon(() -> Thread.currentThread().interrupt());
            assertThat(
                            loop.submit(
                                            () -> {
                                                long passes = Insides.beat(loop);
                                                sleep(Duration.ofMillis(50));
                                                return Insides.beat(loop) - passes;
                                            })
                                    .join())
                    .isLessThan(10);
            loop.callSoon(() -> {
                Thread.currentThread().interrupt();
                createTask(() -> Thread.sleep(1));
            });
            assertThat(loop.submit(() -> 1).join()).isEqualTo(1);
        }
    }

    @Test
    void unparksNobodyAskedFor_areHarmless_andTheRealResumeIsNotLost() throws Exception {
        try (EventLoop loop = EventLoop.start("s")) {
            CompletableFuture<Thread> thread = new CompletableFuture<>();
            AtomicBoolean stop = new AtomicBoolean();
            Task<Integer> task =
                    loop.submit(() -> {
                        thread.complete(Thread.currentThread());
                        int sum = 0;
                        for (int i = 0; i < 4_000; i++) {
                            // Giving way and waiting suspend in different ways.
                            if (i % 2 == 0) {
                                yieldNow();
                            } else {
                                Promise<Void> soon = loop.newPromise();
                                loop.callSoon(() -> soon.complete(null));
                                soon.await();
                            }
                            sum += i;
                            if (i % 1000 == 0) {
                                sleep(Duration.ofMillis(1));
                            }
                        }
                        return sum;
                    });
            Thread coroutine = thread.join();
            List<Thread> nuisances = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                nuisances.add(
                        Thread.ofPlatform()
                                .start(() -> {
                                    while (!stop.get()) {
                                        LockSupport.unpark(coroutine);
                                        // Leaves a small machine room for the others.
                                        Thread.yield();
                                    }
                                }));
            }
            assertThat(task.join()).isEqualTo(7_998_000);
            stop.set(true);
            for (Thread nuisance : nuisances) {
                nuisance.join();
            }
        }
    }

    @Test
    void anUnparkThatComesWhileTheCoroutineGivesWay_doesNotResumeIt() {
        Async.run(() -> {
            CompletableFuture<Thread> thread = new CompletableFuture<>();
            Promise<Void> promise = currentLoop().newPromise();
            Task<?> task =
                    createTask(() -> {
                        thread.complete(Thread.currentThread());
                        promise.await();
                        for (int i = 0; i < 3; i++) {
                            trail.add(i);
                            yieldNow();
                        }
                    });
            yieldNow();
            // The unpark is looked after one step later than the promise: the task gives way then.
            LockSupport.unpark(thread.join());
            promise.complete(null);
            for (int i = 0; i < 3; i++) {
                yieldNow();
                trail.add("other");
            }
            task.await();
        });
        assertThat(trail).containsExactly(0, "other", 1, "other", 2, "other");
    }

    @Test
    void anUnparkByACallbackOrByAnotherCoroutine_isHarmless() {
        Async.run(() -> {
            Promise<String> promise = currentLoop().newPromise();
            Thread[] waiting = new Thread[1];
            Task<String> waiter =
                    createTask(() -> {
                        waiting[0] = Thread.currentThread();
                        return promise.await();
                    });
            yieldNow();
            LockSupport.unpark(waiting[0]);
            yieldNow();
            currentLoop().callSoon(() -> LockSupport.unpark(waiting[0]));
            yieldNow();
            yieldNow();
            assertThat(waiter.isDone()).isFalse();
            LockSupport.unpark(waiting[0]);
            promise.complete("real");
            assertThat(waiter.await()).isEqualTo("real");
        });
    }

    @Test
    void aStormOfInterrupts_isAStormOfRequests_andNothingIsLost() throws Exception {
        try (EventLoop loop = EventLoop.start("s")) {
            CompletableFuture<Thread> thread = new CompletableFuture<>();
            AtomicBoolean stop = new AtomicBoolean();
            Task<Integer> task =
                    loop.submit(() -> {
                        thread.complete(Thread.currentThread());
                        int requests = 0;
                        while (requests < 500) {
                            try {
                                sleep(HOUR);
                            } catch (CancellationException e) {
                                requests++;
                            }
                        }
                        return requests;
                    });
            Thread coroutine = thread.join();
            Thread nuisance =
                    Thread.ofPlatform()
                            .start(() -> {
                                while (!stop.get()) {
                                    coroutine.interrupt();
                                    Thread.yield();
                                }
                            });
            assertThat(task.join()).isEqualTo(500);
            stop.set(true);
            nuisance.join();
        }
    }

    @Test
    void virtualThreadsMadeInACoroutine_runBesideTheLoop() throws Exception {
        CountDownLatch ran = new CountDownLatch(2);
        CompletableFuture<Object> wasInLoop = new CompletableFuture<>();
        Async.run(() -> {
            EventLoop loop = currentLoop();
            Thread child =
                    Thread.ofVirtual()
                            .start(() -> {
                                LockSupport.parkNanos(1000);
                                wasInLoop.complete(loop.inLoop());
                                Thread.ofVirtual().start(ran::countDown);
                                ran.countDown();
                            });
            // Blocks the loop: the child must not need it.
            assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
            child.join();
        });
        assertThat(wasInLoop.join()).isEqualTo(false);
    }

    @Test
    void aVirtualThreadMadeInACoroutine_outlivesTheLoop() throws Exception {
        CountDownLatch loopIsClosed = new CountDownLatch(1);
        Thread child =
                Async.run(() ->
                        Thread.ofVirtual()
                                .start(() -> {
                                    try {
                                        loopIsClosed.await();
                                        Thread.sleep(1);
                                    } catch (InterruptedException e) {
                                        throw new AssertionError(e);
                                    }
                                }));
        loopIsClosed.countDown();
        assertThat(child.join(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void aThreadLocalAndAScopedValue_belongToTheirCoroutine() {
        ThreadLocal<String> local = new ThreadLocal<>();
        ScopedValue<String> scoped = ScopedValue.newInstance();
        Async.run(() -> {
            currentLoop().callSoon(() -> trail.add(local.get() + " " + scoped.isBound()));
            gather(() -> owning(local, scoped, "a"), () -> owning(local, scoped, "b")).await();
            assertThat(local.get()).isNull();
            assertThat(scoped.isBound()).isFalse();
        });
        assertThat(trail).containsExactly("null false", "a a", "b b");
    }

    private void owning(ThreadLocal<String> local, ScopedValue<String> scoped, String value) {
        local.set(value);
        ScopedValue.where(scoped, value)
                .run(() -> {
                    yieldNow();
                    sleep(Duration.ofMillis(1));
                    trail.add(local.get() + " " + scoped.get());
                });
    }

    @Test
    void aCoroutineThatReplacesItsThreadsHandler_isStillFound() {
        Async.run(() -> {
            Task<?> task =
                    createTask(() -> {
                        Thread.currentThread().setUncaughtExceptionHandler((t, e) -> {});
                        sleep(Duration.ofMillis(1));
                        trail.add(currentTask().name());
                        assertThat(createTask(() -> 1).await()).isEqualTo(1);
                    });
            task.await();
        });
        assertThat(trail).containsExactly("Task-2");
    }

    @Test
    void aSuspendedCoroutinesStack_canBeRead() {
        Async.run(() -> {
            Task<?> task = createTask(this::deepInside);
            yieldNow();
            assertThat(Insides.threadOf(task).getStackTrace())
                    .anyMatch(frame -> frame.getMethodName().equals("deepInside"));
            task.cancel();
        });
    }

    private void deepInside() {
        sleep(HOUR);
    }

    @Test
    void anIdleLoop_usesNoCpu() throws Exception {
        try (EventLoop loop = EventLoop.start("idle")) {
            loop.submit(() -> {}).join();
            long passes = Insides.beat(loop);
            CompletableFuture<Void> later = new CompletableFuture<>();
            later.completeOnTimeout(null, 300, TimeUnit.MILLISECONDS).join();
            assertThat(Insides.beat(loop)).isEqualTo(passes);
            assertThat(Insides.isAsleep(loop)).isTrue();
        }
    }

    @Test
    void aCallbackIsNotRunUnderALockOfOurs() throws Exception {
        // The loop closes while a future's dependent stage, run by it, uses the loop again.
        EventLoop loop = EventLoop.start("s");
        CompletableFuture<Object> promise = loop.newPromise().toCompletableFuture();
        CompletableFuture<Void> dependent =
                promise.handle((value, failure) -> {
                    Thread other = Thread.ofPlatform().start(loop::close);
                    try {
                        other.join();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    return null;
                });
        loop.close();
        assertThat(dependent).isCompleted();
    }
}
