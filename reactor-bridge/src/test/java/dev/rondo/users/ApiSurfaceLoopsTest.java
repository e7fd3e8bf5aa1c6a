package dev.rondo.users;

import static dev.rondo.Async.*;
import static dev.rondo.reactor.ReactorBridge.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import dev.rondo.Async;
import dev.rondo.ContextVar;
import dev.rondo.EventLoop;
import dev.rondo.Handle;
import dev.rondo.Promise;
import dev.rondo.Task;
import dev.rondo.sync.*;
import dev.rondo.testing.VirtualClock;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.Comparator;
import java.util.NoSuchElementException;
import java.util.concurrent.CountDownLatch;

/** The calls of groups, threads, variables, loops, promises, and of what tasks meet in. */
class ApiSurfaceLoopsTest extends ApiSurfaceTest {
    @Test
    void groups_threads_variables() {
        Async.run(() -> {
            int result =
                    taskGroup(group -> {
                        Task<Integer> child = group.createTask(() -> 1);
                        return child.await();
                    });
            assertThat(result).isEqualTo(1);
            taskGroup(group -> {
                group.createTask(this::work);
                group.createTask("named", () -> 1);
                group.cancel();
            });
            String reference = taskGroup(this::grouped);
            assertThat(reference).isEqualTo("hello");
            taskGroup(this::groupedWork);
            int number = toThread(ApiSurfaceTest::number).await();
            assertThat(number).isEqualTo(7);
            assertThat(toThread(this::greeting).await()).isEqualTo("hello");
            toThread(this::work).await();
            toThread(() -> Thread.sleep(1)).await();
            assertThat(toThread(() -> 1).await()).isEqualTo(1);
            ContextVar<String> user = ContextVar.of("user");
            ContextVar<String> tenant = ContextVar.of("tenant", "none");
            assertThatThrownBy(user::get).isInstanceOf(NoSuchElementException.class);
            ContextVar.Token<String> token = tenant.set("some");
            assertThat(tenant.get()).isEqualTo("some");
            tenant.reset(token);
            assertThat(tenant.get()).isEqualTo("none");
        });
    }

    @Test
    void loops_andPromises() throws Exception {
        try (EventLoop loop = EventLoop.start("surface")) {
            loop.onError(trail::add);
            loop.debug(false);
            int submitted = loop.submit(this::answer).join();
            assertThat(submitted).isEqualTo(42);
            loop.submit(this::work).join();
            loop.submit(() -> sleep(ofMillis(1))).join();
            assertThat(loop.submit(() -> await(load(1))).join()).isEqualTo("loaded 1");
            Promise<String> promise = loop.newPromise();
            promise.onDone(trail::add);
            loop.callSoon(() -> promise.complete("done"));
            Handle later = loop.callLater(ofSeconds(60), () -> trail.add("never"));
            later.cancel();
            CountDownLatch called = new CountDownLatch(1);
            loop.callAt(loop.time(), called::countDown);
            called.await();
            assertThat(promise.toCompletableFuture().get()).isEqualTo("done");
            assertThat(promise.isDone()).isTrue();
            assertThat(promise.isCancelled()).isFalse();
            assertThat(promise.result()).isEqualTo("done");
            assertThat(promise.exception()).isNull();
            assertThat(loop.<Integer>newPromise().cancel()).isTrue();
            Promise<Integer> failing = loop.newPromise();
            failing.fail(new IOException("on purpose"));
            assertThatThrownBy(failing.toCompletableFuture()::join)
                    .hasCauseInstanceOf(IOException.class);
            assertThat(loop.inLoop()).isFalse();
        }
        EventLoop own = EventLoop.create();
        int result = own.run(this::answer);
        own.run(this::work);
        own.close();
        EventLoop built = EventLoop.builder().name("built").debug(true).build();
        assertThat(built.run(() -> "run") + result).isEqualTo("run42");
        built.close();
    }

    @Test
    void synchronization() {
        VirtualClock.run(() -> {
            AsyncLock lock = new AsyncLock();
            int locked = lock.with(this::answer);
            lock.with(this::work);
            assertThat(lock.with(() -> 1) + locked).isEqualTo(43);
            lock.with(() -> {});
            lock.acquire();
            assertThat(lock.locked()).isTrue();
            lock.release();
            AsyncSemaphore semaphore = AsyncSemaphore.bounded(2);
            assertThat(semaphore.with(() -> await(load(2)))).isEqualTo("loaded 2");
            semaphore.with(() -> sleep(ofMillis(1)));
            new AsyncSemaphore(1).acquire();
            AsyncCondition condition = new AsyncCondition(lock);
            condition.acquire();
            condition.signal();
            condition.signal(2);
            condition.signalAll();
            condition.awaitUntil(() -> true);
            condition.release();
            assertThat(new AsyncCondition().locked()).isFalse();
            AsyncEvent event = new AsyncEvent();
            event.set();
            event.await();
            event.clear();
            assertThat(event.isSet()).isFalse();
            AsyncBarrier barrier = new AsyncBarrier(2);
            assertThat(gather(barrier::await, barrier::await).await())
                    .containsExactlyInAnyOrder(0, 1);
            assertThat(barrier.waiting()).isZero();
            barrier.reset();
            barrier.abort();
            assertThat(barrier.isBroken()).isTrue();
            AsyncQueue<Integer> queue = new AsyncQueue<>(2);
            AsyncQueue.<Integer>unbounded().put(1);
            AsyncQueue.<Integer>lifo(1).put(1);
            AsyncQueue.<Integer>priority(1, Comparator.naturalOrder()).put(1);
            queue.put(1);
            assertThat(queue.tryPut(2)).isTrue();
            assertThat(queue.size()).isEqualTo(2);
            assertThat(queue.get()).isEqualTo(1);
            queue.taskDone();
            assertThat(queue.tryGet()).isEqualTo(2);
            queue.taskDone();
            queue.join();
            queue.put(3);
            queue.shutdown(false);
            for (int item : queue) {
                trail.add(item);
            }
            queue.shutdown();
            assertThat(trail).endsWith(3);
        });
    }
}
