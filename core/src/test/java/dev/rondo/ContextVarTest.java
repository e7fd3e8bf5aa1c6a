package dev.rondo;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.*;

import dev.rondo.testing.*;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.*;
import java.util.concurrent.*;
import java.util.function.Consumer;

/** Variables with a value of their own in every task. */
class ContextVarTest {
    private static final ContextVar<Integer> VAR = ContextVar.of("var", 0);

    private final List<Object> trail = new CopyOnWriteArrayList<>();

    private void see(String who) {
        trail.add(who + " " + VAR.get());
    }

    @Test
    void aTaskBegins_withWhatItsCreatorHadThen_andItsOwnChangesStayWithIt() {
        VirtualClock.run(() -> {
            VAR.set(1);
            Task<?> child =
                    createTask(() -> {
                        see("child");
                        VAR.set(99);
                        sleep(ofSeconds(1));
                        see("child");
                    });
            VAR.set(2);
            child.await();
            see("parent");
        });
        assertThat(trail).containsExactly("child 1", "child 99", "parent 2");
    }

    @Test
    void theFirstVariableOfATask_isSeenByItAndItsOwn_andByNobodyElse() throws Exception {
        Action family =
                () -> {
                    Task<?> child =
                            createTask(() -> {
                                VAR.set(1);
                                yieldNow();
                                see("child");
                                createTask(() -> see("grandchild")).await();
                            });
                    createTask(() -> see("other")).await();
                    child.await();
                    see("parent");
                };
        // From a new thread, where no variable has ever been set.
        Thread.ofPlatform().start(() -> VirtualClock.run(family)).join();
        assertThat(trail).containsExactly("other 0", "child 1", "grandchild 1", "parent 0");
    }

    @Test
    void aCallback_seesWhatWasThereWhenItWasRegistered_andItsChangesVanish() {
        VirtualClock.run(() -> {
            EventLoop loop = currentLoop();
            Promise<Integer> promise = loop.newPromise();
            Map<String, Consumer<Runnable>> ways = new LinkedHashMap<>();
            ways.put("callSoon", loop::callSoon);
            ways.put("callLater", callback -> loop.callLater(ofSeconds(1), callback));
            ways.put("onDone", callback -> promise.onDone(done -> callback.run()));
            VAR.set(2);
            ways.forEach((name, way) ->
                    way.accept(() -> {
                        see(name);
                        VAR.set(77);
                        see(name);
                        // What it registers itself sees what it has set.
                        loop.callSoon(() -> see(name + "'s own"));
                        createTask(() -> see(name + "'s task"));
                    }));
            VAR.set(3);
            promise.complete(1);
            sleep(ofSeconds(2));
            see("task");
        });
        List<Object> expected = new ArrayList<>();
        for (String name : List.of("callSoon", "onDone", "callLater")) {
            expected.add(name + " 2");
            expected.add(name + " 77");
            expected.add(name + "'s own 77");
            expected.add(name + "'s task 77");
        }
        expected.add("task 3");
        assertThat(trail).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void callbacksFromAPlainThread_seeThatThreadsValues() {
        try (EventLoop loop = EventLoop.create()) {
            ContextVar.Token<Integer> token = VAR.set(5);
            loop.callSoon(() -> see("callback"));
            Task<Integer> task = loop.submit(() -> VAR.get());
            VAR.reset(token);
            loop.run(() -> see("run"));
            assertThat(task.result()).isEqualTo(5);
        }
        assertThat(trail).containsExactly("callback 5", "run 0");
    }

    @Test
    void tasksThatAreGivenOneScope_shareIt() {
        VirtualClock.run(() -> {
            ContextScope scope = ContextScope.copy();
            scope.createTask(() -> {
                VAR.set(1);
                yieldNow();
                see("first");
            });
            scope.createTask(() -> {
                see("second");
                VAR.set(2);
            });
            sleep(ofSeconds(1));
            see("creator");
            assertThat(scope.get(VAR)).isEqualTo(2);
            scope.run(() -> see("in it"));
        });
        assertThat(trail).containsExactly("second 1", "first 2", "creator 0", "in it 2");
    }

    @Test
    void runInAScope_keepsWhatItSetsThere_andComesBackWhateverHappens() {
        RuntimeException boom = new RuntimeException("boom");
        VirtualClock.run(() -> {
            VAR.set(1);
            ContextScope scope = ContextScope.copy();
            int result =
                    scope.<Integer>run(() -> {
                        VAR.set(2);
                        sleep(ofSeconds(1));
                        scope.run(() -> see("twice in it"));
                        ContextScope.copy().run(() -> VAR.set(9));
                        return VAR.get();
                    });
            trail.add(result);
            see("outside");
            assertThatThrownBy(() ->
                            scope.run(
                                    (Action)
                                            () -> {
                                                throw boom;
                                            }))
                    .isSameAs(boom);
            assertThatThrownBy(() ->
                            scope.run(
                                    (Action)
                                            () -> {
                                                throw new IOException("disk");
                                            }))
                    .hasCauseInstanceOf(IOException.class);
            see("outside");
            assertThat(scope.toString()).contains("var=2");
        });
        assertThat(trail).containsExactly("twice in it 2", 2, "outside 1", "outside 1");
        assertThatThrownBy(() -> ContextScope.copy().run(() -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Only a coroutine can run in a scope");
    }

    @Test
    void aBlockingCall_seesACopy_andNothingComesBack() {
        VirtualClock.run(() -> {
            VAR.set(1);
            toThread(
                            () -> {
                                see("thread");
                                VAR.set(2);
                                see("thread");
                            })
                    .await();
            see("task");
        });
        assertThat(trail).containsExactly("thread 1", "thread 2", "task 1");
    }

    @Test
    void nothingOfABlockingCall_isLeftInAPoolsThread() {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        ContextVar<String> fresh = ContextVar.of("fresh", "unset");
        try (pool) {
            VirtualClock.run(() -> {
                // The creator has set nothing at all.
                toThread(pool, () -> fresh.set("left behind")).await();
                trail.add(await(CompletableFuture.supplyAsync(fresh::get, pool)));
                await(CompletableFuture.runAsync(() -> fresh.set("the pool's"), pool));
                fresh.set("the task's");
                trail.add(
                        toThread(
                                        pool,
                                        () -> {
                                            String seen = fresh.get();
                                            fresh.set("left behind");
                                            return seen;
                                        })
                                .await());
                trail.add(await(CompletableFuture.supplyAsync(fresh::get, pool)));
            });
        }
        assertThat(trail).containsExactly("unset", "the task's", "the pool's");
    }

    @Test
    void awaitingACoroutine_itsChangesStay_aChildTasksDoNot() {
        VirtualClock.run(() -> {
            Coroutine<Integer> coroutine =
                    () -> {
                        VAR.set(VAR.get() + 1);
                        return 0;
                    };
            coroutine.await();
            see("after a coroutine");
            gather(coroutine, coroutine).await();
            see("after gather");
            taskGroup(group -> {
                group.createTask(coroutine);
            });
            see("after a group");
            timeout(ofSeconds(1), coroutine);
            see("after timeout");
        });
        assertThat(trail)
                .containsExactly(
                        "after a coroutine 1",
                        "after gather 1",
                        "after a group 1",
                        "after timeout 2");
    }

    @Test
    void whatOneRunSets_theNextOneSees_andThePlainThreadDoesNot() {
        try (EventLoop loop = EventLoop.create()) {
            loop.run(() -> VAR.set(1));
            loop.run(() -> {
                see("second run");
                VAR.set(2);
                createTask(() -> VAR.set(3)).await();
            });
            loop.run(() -> see("third run"));
            see("thread");
        }
        assertThat(trail).containsExactly("second run 1", "third run 2", "thread 0");
    }

    @Test
    void aPlainThread_hasValuesOfItsOwn() throws Exception {
        ContextVar.Token<Integer> token = VAR.set(1);
        Thread thread =
                Thread.ofVirtual()
                        .start(() -> {
                            see("other");
                            VAR.set(2);
                        });
        thread.join();
        see("mine");
        VAR.reset(token);
        see("mine");
        assertThat(trail).containsExactly("other 0", "mine 1", "mine 0");
    }

    @Test
    void withoutAValue_getThrowsUnlessThereIsADefault_andNullIsAValue() {
        ContextVar<String> none = ContextVar.of("none");
        ContextVar<String> some = ContextVar.of("some", "default");
        VirtualClock.run(() -> {
            assertThatThrownBy(none::get)
                    .isInstanceOf(NoSuchElementException.class)
                    .hasMessageContaining("ContextVar[none] has no value");
            trail.add(none.orElse("other"));
            trail.add(some.orElse("other"));
            trail.add(some.get());
            ContextVar.Token<String> token = none.set(null);
            assertThat(none.get()).isNull();
            assertThat(none.orElse("other")).isNull();
            none.reset(token);
            assertThatThrownBy(none::get).isInstanceOf(NoSuchElementException.class);
            assertThat(ContextScope.copy().get(some)).isNull();
            assertThat(ContextScope.copy().toString()).isEqualTo("ContextScope[]");
            none.set("x");
            assertThat(ContextScope.copy().toString()).isEqualTo("ContextScope[none=x]");
            assertThat(none.name()).isEqualTo("none");
        });
        assertThat(trail).containsExactly("other", "other", "default");
        assertThatThrownBy(() -> ContextVar.of(null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void aToken_bringsBackWhatWasBefore_once_whereItWasMade() {
        VirtualClock.run(() -> {
            VAR.set(1);
            ContextVar.Token<Integer> second = VAR.set(2);
            ContextVar.Token<Integer> third = VAR.set(3);
            VAR.reset(third);
            see("third");
            VAR.reset(second);
            see("second");
            assertThatThrownBy(() -> VAR.reset(second))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("used already");
            ContextVar.Token<Integer> again = VAR.set(4);
            assertThatThrownBy(() -> ContextVar.of("other", 0).reset(again))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("The token is of ContextVar[var]");
            createTask(() ->
                            assertThatThrownBy(() -> VAR.reset(again))
                                    .isInstanceOf(IllegalArgumentException.class)
                                    .hasMessageContaining("made in another task"))
                    .await();
            ContextScope.copy()
                    .run(() ->
                            assertThatThrownBy(() -> VAR.reset(again))
                                    .isInstanceOf(IllegalArgumentException.class));
            VAR.reset(again);
            see("again");
        });
        assertThat(trail).containsExactly("third 2", "second 1", "again 1");
    }

    @Test
    void manyVariables_agreeWithAMap_andOldCopiesDoNotChange() {
        Object nothing = new Object();
        Deque<Object> befores = new ArrayDeque<>();
        Random random = new Random(7);
        List<ContextVar<Integer>> variables = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            variables.add(ContextVar.of("v" + i));
        }
        VirtualClock.run(() -> {
            Map<ContextVar<?>, Object> model = new HashMap<>();
            Map<ContextScope, Map<ContextVar<?>, Object>> copies = new LinkedHashMap<>();
            Deque<Map.Entry<ContextVar<Integer>, ContextVar.Token<Integer>>> tokens =
                    new ArrayDeque<>();
            for (int i = 0; i < 20_000; i++) {
                if (random.nextInt(3) == 0 && !tokens.isEmpty()) {
                    // Latest first, so that each brings back what the model has lost since.
                    var last = tokens.pop();
                    last.getKey().reset(last.getValue());
                    Object before = befores.pop();
                    if (before == nothing) {
                        model.remove(last.getKey());
                    } else {
                        model.put(last.getKey(), before);
                    }
                } else {
                    ContextVar<Integer> variable = variables.get(random.nextInt(1_000));
                    befores.push(model.getOrDefault(variable, nothing));
                    tokens.push(Map.entry(variable, variable.set(i)));
                    model.put(variable, i);
                }
                if (i % 1_000 == 0) {
                    copies.put(ContextScope.copy(), Map.copyOf(model));
                }
            }
            copies.put(ContextScope.copy(), model);
            copies.forEach((scope, then) -> {
                Map<ContextVar<?>, Object> seen = new HashMap<>();
                scope.forEach(seen::put);
                assertThat(seen).isEqualTo(then);
                for (ContextVar<Integer> variable : variables) {
                    assertThat(scope.get(variable)).isEqualTo(then.get(variable));
                }
            });
            for (ContextVar<Integer> variable : variables) {
                assertThat(variable.orElse(-1)).isEqualTo(model.getOrDefault(variable, -1));
            }
        });
    }
}
