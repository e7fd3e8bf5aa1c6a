package dev.rondo.users;

import static dev.rondo.Async.*;
import static dev.rondo.reactor.ReactorBridge.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import dev.rondo.Async;
import dev.rondo.AsyncTimeoutException;
import dev.rondo.Awaitable;
import dev.rondo.ContextVar;
import dev.rondo.Coroutine;
import dev.rondo.EventLoop;
import dev.rondo.Handle;
import dev.rondo.Outcome;
import dev.rondo.Promise;
import dev.rondo.Task;
import dev.rondo.TaskGroup;
import dev.rondo.Waited;
import dev.rondo.reactor.ElementStream;
import dev.rondo.sync.*;
import dev.rondo.testing.VirtualClock;

import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.context.Context;
import reactor.util.context.ContextView;
import reactor.util.function.Tuple2;

import java.io.IOException;
import java.util.*;
import java.util.concurrent.*;

/** Every call of the public surface, as a user writes it with both static imports side by side. */
class ApiSurfaceTest {
    private final List<Object> trail = new CopyOnWriteArrayList<>();

    // What a service has: with and without a result, checked exceptions or none.

    private int answer() {
        return 42;
    }

    private String greeting() throws IOException {
        return "hello";
    }

    private void work() throws IOException {
        trail.add("work");
    }

    private Mono<String> load(int id) {
        return Mono.just("loaded " + id);
    }

    private static Integer number() throws InterruptedException {
        return 7;
    }

    private static void staticWork() {}

    private Integer doubled(Integer value) throws IOException {
        return value * 2;
    }

    private boolean isEven(int value) {
        return value % 2 == 0;
    }

    private void emitTwo(dev.rondo.reactor.Emitter<String> emitter) {
        emitter.emit("one");
        emitter.emit("two");
    }

    private String grouped(TaskGroup group) {
        Task<String> child = group.createTask(this::greeting);
        return child.await();
    }

    private void groupedWork(TaskGroup group) throws IOException {
        group.createTask(this::work);
        group.createTask("named", ApiSurfaceTest::staticWork);
    }

    @Test
    void running_andTasks() {
        int result = Async.run(this::answer);
        assertThat(result).isEqualTo(42);
        Async.run(this::work);
        Async.run(() -> {});
        String text = Async.run(() -> "text");
        assertThat(text).isEqualTo("text");
        VirtualClock.run(() -> {
            Task<Integer> lambda = createTask(() -> 1);
            Task<String> reference = createTask(this::greeting);
            Task<Integer> ofClass = createTask(ApiSurfaceTest::number);
            Task<Void> action = createTask(this::work);
            Task<Void> block =
                    createTask(() -> {
                        sleep(ofMillis(1));
                    });
            Task<Integer> named = createTask("named", () -> 2);
            Task<Void> namedAction = createTask("named", ApiSurfaceTest::staticWork);
            Task<Void> expression = createTask(() -> sleep(ofMillis(1)));
            Task<String> ofMono = createTask(() -> await(load(1)));
            assertThat(lambda.await() + ofClass.await() + named.await()).isEqualTo(10);
            assertThat(reference.await() + ofMono.await()).isEqualTo("helloloaded 1");
            action.await();
            block.await();
            namedAction.await();
            expression.await();
            assertThat(named.name()).isEqualTo("named");
            assertThat(named.isDone()).isTrue();
            assertThat(named.isCancelled()).isFalse();
            assertThat(named.cancel()).isFalse();
            assertThat(named.cancel("why")).isFalse();
            assertThat(named.cancelling()).isZero();
            assertThat(named.uncancel()).isZero();
            assertThat(named.result()).isEqualTo(2);
            assertThat(named.exception()).isNull();
            named.onDone(task -> trail.add(task.result()));
            named.onDone(trail::add);
            yieldNow();
            assertThat(trail).endsWith(2, named);
            assertThat(named.toCompletableFuture().join()).isEqualTo(2);
            assertThat(currentTask()).isNotNull();
            assertThat(allTasks()).contains(currentTask());
            assertThat(currentLoop().inLoop()).isTrue();
        });
    }

    @Test
    void gathers() {
        VirtualClock.run(() -> {
            Task<Integer> task = createTask(this::answer);
            Promise<Integer> promise = currentLoop().newPromise();
            promise.complete(3);
            assertThat(gather().await()).isEmpty();
            List<Integer> lambdas = gather(() -> 1, () -> 2).await();
            assertThat(lambdas).containsExactly(1, 2);
            List<Integer> references = gather(this::answer, ApiSurfaceTest::number).await();
            assertThat(references).containsExactly(42, 7);
            List<Object> mixed = Async.<Object>gather(this::answer, this::greeting).await();
            assertThat(mixed).containsExactly(42, "hello");
            List<Integer> one = gather(() -> 1).await();
            assertThat(one).containsExactly(1);
            List<Integer> awaitables = gather(task, promise).await();
            assertThat(awaitables).containsExactly(42, 3);
            List<Void> actions = gather(this::work, this::work).await();
            List<Object> bothKinds =
                    Async.<Object>gather(Coroutine.of(this::work), () -> 1).await();
            assertThat(bothKinds).containsExactly(null, 1);
            assertThat(actions).hasSize(2);
            List<Void> blocks = gather(() -> sleep(ofMillis(1)), () -> {}).await();
            assertThat(blocks).hasSize(2);
            List<Integer> collection = gather(List.of(task, createTask(() -> 5))).await();
            assertThat(collection).containsExactly(42, 5);
            List<Coroutine<Integer>> bodies = List.of(this::answer, () -> 6);
            List<Integer> coroutines = gather(bodies).await();
            assertThat(coroutines).containsExactly(42, 6);
            List<String> monos = gather(load(1), load(2)).await();
            assertThat(monos).containsExactly("loaded 1", "loaded 2");
            List<String> single = gather(load(1)).await();
            assertThat(single).containsExactly("loaded 1");
            Task<List<Object>> wide = gather(load(1), Flux.just(1, 2), Mono.empty());
            List<Object> publishers = wide.await();
            assertThat(publishers).containsExactly("loaded 1", 2, null);
            List<Task<Integer>> tasks = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                int id = i;
                tasks.add(createTask(() -> id));
            }
            assertThat(gather(tasks).await()).containsExactly(0, 1, 2);

            List<Outcome<Integer>> settled = gatherSettled(this::answer, () -> 1).await();
            assertThat(settled)
                    .containsExactly(new Outcome.Success<>(42), new Outcome.Success<>(1));
            List<Outcome<Integer>> settledTasks = gatherSettled(task, promise).await();
            assertThat(settledTasks).hasSize(2);
            List<Outcome<Void>> settledActions = gatherSettled(this::work, () -> {}).await();
            assertThat(settledActions).hasSize(2);
            List<Outcome<Integer>> settledList = gatherSettled(List.of(task)).await();
            String shown =
                    switch (settledList.getFirst()) {
                        case Outcome.Success<Integer>(Integer value) -> "value " + value;
                        case Outcome.Failure<Integer>(Throwable failure) -> "failure " + failure;
                    };
            assertThat(shown).isEqualTo("value 42");
        });
    }

    @Test
    void waits_timeouts_shields() {
        VirtualClock.run(() -> {
            sleep(ofMillis(1));
            int value = timeout(ofSeconds(1), this::answer);
            int lambda = timeout(ofSeconds(1), () -> 1);
            timeout(ofSeconds(1), this::work);
            timeout(
                    ofSeconds(1),
                    () -> {
                        sleep(ofMillis(1));
                    });
            String loaded = timeout(ofSeconds(1), () -> await(load(1)));
            assertThat(value + lambda + loaded).isEqualTo("43loaded 1");
            Task<Integer> task = createTask(this::answer);
            assertThat(waitFor(task, ofSeconds(1))).isEqualTo(42);
            assertThat(waitFor(this::answer, ofSeconds(1))).isEqualTo(42);
            assertThat(waitFor(() -> 1, ofSeconds(1))).isEqualTo(1);
            waitFor(this::work, ofSeconds(1));
            waitFor(() -> sleep(ofMillis(1)), ofSeconds(1));
            assertThatThrownBy(() -> waitFor(() -> sleep(ofSeconds(2)), ofSeconds(1)))
                    .isInstanceOf(AsyncTimeoutException.class);
            assertThat(shield(task).await()).isEqualTo(42);
            assertThat(shield(this::answer).await()).isEqualTo(42);
            assertThat(shield(() -> 1).await()).isEqualTo(1);
            shield(this::work).await();
            shield(() -> {}).await();
            Waited<Integer> all = waitAll(List.of(task, createTask(() -> 1)));
            assertThat(all.done()).hasSize(2);
            assertThat(all.pending()).isEmpty();
            assertThat(waitAll(Set.of(task), ofSeconds(1)).done()).containsExactly(task);
            assertThat(waitFirst(List.of(task)).done()).containsExactly(task);
            assertThat(waitFirst(List.of(task), ofSeconds(1)).done()).containsExactly(task);
            assertThat(waitFirstFailure(List.of(task)).done()).containsExactly(task);
            assertThat(waitFirstFailure(List.of(task), ofSeconds(1)).done()).hasSize(1);
            for (Task<Integer> done : asCompleted(List.of(task, createTask(() -> 2)))) {
                trail.add(done.await());
            }
            List<Coroutine<Integer>> bodies = List.of(this::answer, () -> 6);
            for (Task<Integer> done : asCompleted(bodies, ofSeconds(1))) {
                trail.add(done.await());
            }
            assertThat(trail).contains(42, 2, 42, 6);
            assertThat(await(CompletableFuture.completedFuture(1))).isEqualTo(1);
            CompletionStage<String> stage = CompletableFuture.completedStage("stage");
            assertThat(await(stage)).isEqualTo("stage");
        });
    }

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

    @Test
    void monos() {
        try (EventLoop loop = EventLoop.start("surface")) {
            Mono<Integer> lambda = mono(() -> 1);
            Mono<String> reference = mono(this::greeting);
            Mono<Integer> ofClass = mono(loop, ApiSurfaceTest::number);
            Mono<Void> action = mono(this::work);
            Mono<Void> block =
                    mono(() -> {
                        sleep(ofMillis(1));
                    });
            Mono<Void> onLoop = mono(loop, () -> sleep(ofMillis(1)));
            Mono<Void> referenceOnLoop = mono(loop, this::work);
            Mono<Object> wider = mono(this::greeting);
            Mono<Number> widerLambda = mono(() -> 1);
            Mono<String> awaiting =
                    mono(() -> {
                        String first = await(load(1));
                        List<String> more = await(Flux.just("a", "b").collectList());
                        return first + more;
                    });
            assertThat(lambda.block()).isEqualTo(1);
            assertThat(reference.block()).isEqualTo("hello");
            assertThat(ofClass.block()).isEqualTo(7);
            assertThat(action.then(block).then(onLoop).then(referenceOnLoop).block()).isNull();
            assertThat(wider.block()).isEqualTo("hello");
            assertThat(widerLambda.block()).isEqualTo(1);
            assertThat(awaiting.block()).isEqualTo("loaded 1[a, b]");
            assertThat(
                            Flux.range(1, 3)
                                    .concatMap(id -> mono(() -> await(load(id))))
                                    .collectList()
                                    .block())
                    .hasSize(3);
            Mono<Integer> ofTask = toMono(loop.submit(this::answer));
            assertThat(ofTask.block()).isEqualTo(42);
            Tuple2<Integer, String> two = zip(this::answer, this::greeting).block();
            assertThat(two.getT1() + two.getT2()).isEqualTo("42hello");
            assertThat(zip(() -> 1, () -> "b", () -> 'c').block().getT3()).isEqualTo('c');
            assertThat(zip(() -> 1, () -> 2, () -> 3, () -> 4).block().getT4()).isEqualTo(4);
            assertThat(zip(() -> 1, () -> 2, () -> 3, () -> 4, () -> 5).block().size())
                    .isEqualTo(5);
            assertThat(zip(() -> 1, () -> 2, () -> 3, () -> 4, () -> 5, () -> 6).block().size())
                    .isEqualTo(6);
            assertThat(
                            zip(() -> 1, () -> 2, () -> 3, () -> 4, () -> 5, () -> 6, () -> 7)
                                    .block()
                                    .size())
                    .isEqualTo(7);
            assertThat(
                            zip(
                                            () -> 1,
                                            () -> 2,
                                            () -> 3,
                                            () -> 4,
                                            () -> 5,
                                            () -> 6,
                                            () -> 7,
                                            this::answer)
                                    .block()
                                    .getT8())
                    .isEqualTo(42);
            List<Coroutine<Integer>> bodies = List.of(this::answer, () -> 6);
            List<Integer> all = ReactorBridgeZip.of(bodies).block();
            assertThat(all).containsExactly(42, 6);
        }
    }

    /** As a method of a service would return it. */
    private static final class ReactorBridgeZip {
        static Mono<List<Integer>> of(List<Coroutine<Integer>> bodies) {
            return zip(bodies);
        }
    }

    @Test
    void awaits() {
        VirtualClock.run(() -> {
            String ofMono = await(load(1));
            int ofFlux = await(Flux.just(1, 2));
            Publisher<String> publisher = load(3);
            String ofPublisher = await(publisher);
            assertThat(ofMono + ofFlux + ofPublisher).isEqualTo("loaded 12loaded 3");
            assertThat(awaitFirst(Flux.just(1, 2))).isEqualTo(1);
            Optional<Object> none = awaitOptional(Mono.empty());
            Optional<String> some = awaitOptional(load(1));
            assertThat(none).isEmpty();
            assertThat(some).contains("loaded 1");
            Task<String> task = toTask(load(4));
            Task<Object> wider = toTask(load(4));
            assertThat(task.await()).isEqualTo(wider.await());
            assertThat(gather(toTask(load(1)), createTask(this::greeting)).await()).hasSize(2);
            Awaitable<String> awaitable = toTask(load(5));
            assertThat(waitFor(awaitable, ofSeconds(1))).isEqualTo("loaded 5");
            await(mono(this::work));
            await(Mono.fromRunnable(() -> trail.add("ran")));
            Void nothing = await(Mono.<Void>empty());
            assertThat(nothing).isNull();
            String method = load(6).map(value -> value + "!").as(mono -> await(mono));
            assertThat(method).isEqualTo("loaded 6!");
            ContextView view = contextView();
            assertThat(view.isEmpty()).isTrue();
            Mono<String> user = mono(() -> contextView().get("user"));
            assertThat(await(user.contextWrite(Context.of("user", "ada")))).isEqualTo("ada");
        });
    }

    @Test
    void fluxes_andOperators() {
        try (EventLoop loop = EventLoop.start("surface")) {
            Flux<Integer> lambda =
                    flux(emitter -> {
                        emitter.emit(1);
                        emitter.tryEmit(2);
                    });
            Flux<String> reference = flux(this::emitTwo);
            Flux<String> onLoop = flux(loop, this::emitTwo);
            Flux<Integer> blockOnLoop =
                    flux(
                            loop,
                            emitter -> {
                                for (int i = 0; i < 3; i++) {
                                    emitter.emit(i);
                                }
                            });
            Flux<Integer> expression = flux(emitter -> emitter.emit(1));
            assertThat(lambda.collectList().block()).containsExactly(1, 2);
            assertThat(reference.concatWith(onLoop).count().block()).isEqualTo(4);
            assertThat(blockOnLoop.concatWith(expression).count().block()).isEqualTo(4);
            assertThat(
                            Flux.range(1, 4)
                                    .transform(filterAwait(this::isEven))
                                    .transform(mapAwait(this::doubled))
                                    .transform(flatMapAwait(2, value -> await(load(value))))
                                    .collectList()
                                    .block())
                    .containsExactly("loaded 4", "loaded 8");
            assertThat(Flux.range(1, 2).transform(mapAwait(id -> await(load(id)))).blockLast())
                    .isEqualTo("loaded 2");
            loop.submit(
                            () -> {
                                for (int value : iterate(Flux.range(1, 3))) {
                                    trail.add(value);
                                }
                                try (ElementStream<String> stream = iterate(reference, 1)) {
                                    for (String value : stream) {
                                        trail.add(value);
                                    }
                                }
                            })
                    .join();
            assertThat(trail).containsExactly(1, 2, 3, "one", "two");
            Scheduler scheduler = scheduler(loop);
            assertThat(Mono.fromCallable(this::answer).subscribeOn(scheduler).block())
                    .isEqualTo(42);
            newLoopScheduler("surface-2").dispose();
        }
    }
}
