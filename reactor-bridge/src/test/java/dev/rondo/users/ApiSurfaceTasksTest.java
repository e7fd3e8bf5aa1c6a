package dev.rondo.users;

import static dev.rondo.Async.*;
import static dev.rondo.reactor.ReactorBridge.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import dev.rondo.Async;
import dev.rondo.AsyncTimeoutException;
import dev.rondo.Coroutine;
import dev.rondo.Outcome;
import dev.rondo.Promise;
import dev.rondo.Task;
import dev.rondo.Waited;
import dev.rondo.testing.VirtualClock;

import org.junit.jupiter.api.Test;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import java.util.*;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The calls that run and await tasks: one by one, gathered, limited in time, shielded. */
class ApiSurfaceTasksTest extends ApiSurfaceTest {
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
}
