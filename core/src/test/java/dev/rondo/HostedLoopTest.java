package dev.rondo;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import static java.time.Duration.*;

import dev.rondo.internal.fiber.FiberKind;
import dev.rondo.sync.AsyncLock;
import dev.rondo.testing.VirtualClock;
import dev.rondo.testsupport.LogRecorder;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.*;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** A loop whose passes are tasks of somebody else's executor. */
@Timeout(60)
class HostedLoopTest {
    private final ScheduledThreadPoolExecutor host = host("host");
    private final List<Object> trail = new CopyOnWriteArrayList<>();
    private EventLoop loop;

    private static ScheduledThreadPoolExecutor host(String name) {
        ScheduledThreadPoolExecutor host =
                new ScheduledThreadPoolExecutor(
                        1, task -> Thread.ofPlatform().daemon().name(name).unstarted(task));
        host.setRemoveOnCancelPolicy(true);
        return host;
    }

    private static EventLoop.Builder hosted(ScheduledExecutorService host) {
        return EventLoop.builder().name("hosted").host(host);
    }

    @BeforeEach
    void start() throws Exception {
        assumeTrue(FiberKind.chosen() == FiberKind.MOUNTED);
        loop = hosted(host).onError(trail::add).start();
        loop.submit(() -> {}).join();
    }

    @AfterEach
    void end() {
        if (loop != null) {
            loop.close();
        }
        host.shutdownNow();
    }

    private <T> T onHost(Callable<T> task) throws Exception {
        return host.submit(task).get(10, TimeUnit.SECONDS);
    }

    @Test
    void itsCode_runsOnTheHostsThread() throws Exception {
        Thread thread = onHost(Thread::currentThread);
        Thread ofCallback =
                loop.submit(
                                () -> {
                                    CompletableFuture<Thread> seen = new CompletableFuture<>();
                                    currentLoop()
                                            .callLater(
                                                    ofMillis(1),
                                                    () -> seen.complete(Thread.currentThread()));
                                    sleep(ofMillis(2));
                                    return await(seen);
                                })
                        .join();
        assertThat(ofCallback).isSameAs(thread);
        assertThat(loop.submit(() -> loop.inLoop()).join()).isTrue();
    }

    @Test
    void inATaskOfTheHostsOwn_itIsTheCurrentLoop() throws Exception {
        assertThat(onHost(() -> loop.inLoop())).isTrue();
        assertThat(onHost(EventLoop::current)).isSameAs(loop);
        assertThat(onHost(Async::currentTask)).isNull();
        assertThat(loop.inLoop()).isFalse();
        assertThat(EventLoop.isLoopThread(onHost(Thread::currentThread))).isTrue();
    }

    @Test
    void whatIsMadeInATaskOfTheHostsOwn_runsWhenThatHasEnded() throws Exception {
        Promise<String> promise = loop.newPromise();
        Task<?> waiting = loop.submit(() -> trail.add(promise.await()));
        AsyncLock lock = new AsyncLock();
        loop.submit(() -> lock.acquire()).join();
        Task<?> locking = loop.submit(() -> lock.with(() -> trail.add("locked")));
        loop.submit(() -> {}).join();
        onHost(() -> {
            createTask(() -> trail.add("task"));
            currentLoop().callSoon(() -> trail.add("callback"));
            promise.complete("promise");
            lock.release();
            loop.callLater(ofMillis(5), () -> trail.add("timer"));
            return trail.add("host");
        });
        waiting.join();
        locking.join();
        loop.submit(() -> sleep(ofMillis(20))).join();
        assertThat(trail).containsExactly("host", "task", "callback", "promise", "locked", "timer");
    }

    @Test
    void theHostHasItsTurn_betweenTwoPasses() throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        Task<?> busy =
                loop.submit(() -> {
                    while (!enough.get()) {
                        yieldNow();
                    }
                });
        for (int i = 0; i < 100; i++) {
            onHost(() -> true);
        }
        enough.set(true);
        busy.join();
    }

    @Test
    void allTimers_areOneOfTheHosts() throws Exception {
        List<Task<Void>> sleepers = new ArrayList<>();
        for (int i = 1; i <= 50; i++) {
            Duration delay = ofMillis(40 - (i % 20));
            sleepers.add(loop.submit(() -> sleep(delay)));
        }
        loop.submit(() -> {}).join();
        assertThat(onHost(() -> host.getQueue().size())).isLessThanOrEqualTo(2);
        sleepers.forEach(Task::join);
        Task<Void> far = loop.submit(() -> sleep(ofHours(1)));
        loop.submit(() -> {}).join();
        far.cancel();
        loop.close();
        assertThat(onHost(() -> host.getQueue().size())).isZero();
    }

    private static void ofADeadHost(Task<?> task, String why) {
        assertThatThrownBy(task::join)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("failed and is closed")
                .cause()
                .hasMessageContaining(why);
    }

    @Test
    void aHostThatIsShutDown_endsTheLoop_andAllAreTold() {
        Task<Void> sleeping = loop.submit(() -> sleep(ofHours(1)));
        Promise<Integer> promise = loop.newPromise();
        CompletableFuture<Integer> outside = promise.toCompletableFuture();
        Promise<Integer> source = loop.sourcePromise("a source", () -> trail.add("stopped"));
        loop.submit(() -> {}).join();
        host.shutdownNow();
        ofADeadHost(sleeping, "The host of event loop hosted");
        assertThatThrownBy(() -> outside.get(10, TimeUnit.SECONDS))
                .isInstanceOf(CancellationException.class);
        assertThat(loop.closeAsync()).succeedsWithin(ofSeconds(10));
        assertThat(loop.isClosed()).isTrue();
        assertThat(source.isCancelled()).isTrue();
        assertThat(trail).contains("stopped");
        assertThatThrownBy(() -> loop.submit(() -> {})).isInstanceOf(LoopClosedException.class);
    }

    @Test
    void aHostThatRejects_endsTheLoop_andWhatWasSubmittedFails() {
        ScheduledExecutorService rejecting =
                new ScheduledThreadPoolExecutor(1) {
                    private final AtomicInteger tasks = new AtomicInteger();

                    @Override
                    public void execute(Runnable task) {
                        if (tasks.incrementAndGet() > 2) {
                            throw new RejectedExecutionException("no more");
                        }
                        super.execute(task);
                    }
                };
        EventLoop other = hosted(rejecting).onError(trail::add).start();
        Task<Integer> first = other.submit(() -> 1);
        assertThat(first.join()).isEqualTo(1);
        for (int i = 0; i < 3; i++) {
            try {
                ofADeadHost(other.submit(() -> 2), "takes no more tasks");
            } catch (LoopClosedException e) {
                break;
            }
        }
        assertThat(other.closeAsync()).succeedsWithin(ofSeconds(10));
        rejecting.shutdownNow();
        assertThatThrownBy(() -> hosted(rejecting).start())
                .isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void aHostWithSeveralThreads_isRefused_orEndsTheLoop() {
        ScheduledExecutorService two = Executors.newScheduledThreadPool(2);
        assertThatThrownBy(() -> hosted(two))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("this has 2");
        EventLoop other =
                hosted(Executors.unconfigurableScheduledExecutorService(two))
                        .onError(trail::add)
                        .start();
        Task<Void> task =
                other.submit(() -> {
                    while (true) {
                        sleep(ofMillis(1));
                    }
                });
        ofADeadHost(task, "on several threads");
        two.shutdownNow();
    }

    @Test
    void aThreadHostsOneLoop_andTheSecondEnds() throws Exception {
        EventLoop second =
                EventLoop.builder().name("second").host(host).onError(trail::add).start();
        assertThat(second.closeAsync()).succeedsWithin(ofSeconds(10));
        assertThat(trail.toString()).contains("hosts the event loop hosted already");
        assertThat(loop.submit(() -> 1).join()).isEqualTo(1);
        loop.close();
        try (EventLoop next = hosted(host).start()) {
            assertThat(next.submit(() -> 2).join()).isEqualTo(2);
        }
    }

    @Test
    void close_leavesTheHostAlone_andIsRefusedOnIt() throws Exception {
        assertThatThrownBy(() ->
                        onHost(() -> {
                            loop.close();
                            return 0;
                        }))
                .hasRootCauseInstanceOf(IllegalStateException.class);
        Task<Void> left = loop.submit(() -> sleep(ofHours(1)));
        loop.close();
        assertThat(left.isCancelled()).isTrue();
        assertThat(onHost(() -> EventLoop.current() == null && !loop.inLoop())).isTrue();
    }

    @Test
    void aRun_isHostedToo_oneAfterAnother() {
        loop.close();
        try (EventLoop other = hosted(host).build()) {
            assertThat(other.run(() -> gather(() -> 1, () -> 2).await())).containsExactly(1, 2);
            assertThat(other.<Integer>run(() -> 3)).isEqualTo(3);
        }
    }

    @Test
    void virtualTime_jumpsWhileTheHostIsIdle() {
        loop.close();
        try (EventLoop other = hosted(host).clock(new VirtualClock()).build()) {
            other.run(() -> sleep(ofHours(1)));
            assertThat(other.time()).isEqualTo(ofHours(1).toNanos());
        }
    }

    @Test
    void valuesOfCallbacks_areNotSeenByTheHostsTasks() throws Exception {
        ContextVar<String> user = ContextVar.of("user");
        loop.callSoon(() -> user.set("alice"));
        loop.submit(() -> {}).join();
        assertThat(onHost(() -> user.orElse("nobody"))).isEqualTo("nobody");
        loop.submit(() -> user.set("bob")).join();
        assertThat(onHost(() -> user.orElse("nobody"))).isEqualTo("nobody");
    }

    @Test
    void aHostThatIsBlocked_isReported() throws Exception {
        loop.close();
        try (LogRecorder log = new LogRecorder();
                EventLoop other = hosted(host).watchdog(ofMillis(50)).start()) {
            CountDownLatch go = new CountDownLatch(1);
            host.execute(() -> {
                try {
                    other.submit(() -> {});
                    go.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            while (log.messages().stream()
                    .noneMatch(text -> text.contains("a task of its host's"))) {
                Thread.onSpinWait();
            }
            go.countDown();
        }
    }
}
