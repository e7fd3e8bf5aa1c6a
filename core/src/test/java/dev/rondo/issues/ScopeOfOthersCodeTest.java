package dev.rondo.issues;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;

import static java.time.Duration.*;

import dev.rondo.*;
import dev.rondo.sync.*;
import dev.rondo.testing.*;

import org.junit.jupiter.api.Test;

import java.util.*;
import java.util.concurrent.*;

/** A context variable that code of one request had set was seen by code of another. */
class ScopeOfOthersCodeTest {
    private static final ContextVar<String> USER = ContextVar.of("user", "nobody");

    private final List<Object> trail = new CopyOnWriteArrayList<>();

    private void see(String where) {
        trail.add(where + " sees " + USER.get());
        USER.set(where);
        trail.add("and then " + USER.get());
    }

    private static List<Object> sees(String where, String user) {
        return List.of(where + " sees " + user, "and then " + where);
    }

    @Test
    void aStageThatDependsOnATask_alsoWhenItsLoopCloses() throws Exception {
        EventLoop loop = EventLoop.start("server");
        Promise<Void> gate = loop.newPromise();
        CompletableFuture<Void> first = gate.toCompletableFuture().thenRun(() -> see("first"));
        CompletableFuture<Void> second =
                gate.toCompletableFuture()
                        .thenCompose(ended -> {
                            see("second");
                            return loop.submit(() -> see("its task")).toCompletableFuture();
                        });
        gate.complete(null);
        first.get(30, TimeUnit.SECONDS);
        second.get(30, TimeUnit.SECONDS);
        Promise<Void> pending = loop.newPromise();
        pending.toCompletableFuture().whenComplete((value, failure) -> see("at the end"));
        pending.toCompletableFuture().whenComplete((value, failure) -> see("at the end"));
        loop.close();
        List<Object> expected = new ArrayList<>();
        expected.addAll(sees("first", "nobody"));
        expected.addAll(sees("second", "nobody"));
        expected.addAll(sees("its task", "second"));
        expected.addAll(sees("at the end", "nobody"));
        expected.addAll(sees("at the end", "nobody"));
        assertThat(trail).isEqualTo(expected);
    }

    @Test
    void whatACancelCalls_seesWhatWhoeverRegisteredItHadSet_andLeavesTheCancellerAlone() {
        VirtualClock.run(() -> {
            Task<?> alice =
                    createTask(() -> {
                        USER.set("alice");
                        Promise<Void> source = currentLoop().newPromise(() -> see("the source"));
                        onCancel(() -> see("the action"), () -> source.await());
                    });
            CompletableFuture<Void> stage = new CompletableFuture<>();
            stage.whenComplete((value, failure) -> see("a stage"));
            Task<?> carol = createTask(() -> Async.await(stage));
            yieldNow();
            USER.set("bob");
            alice.cancel();
            carol.cancel();
            trail.add(USER.get());
            currentLoop().callSoon(() -> alice.cancel());
            yieldNow();
        });
        List<Object> expected = new ArrayList<>();
        expected.addAll(sees("the action", "alice"));
        expected.addAll(sees("the source", "alice"));
        expected.addAll(sees("a stage", "nobody"));
        expected.add("bob");
        assertThat(trail).isEqualTo(expected);
    }

    @Test
    void anErrorHandler() {
        try (EventLoop loop = EventLoop.builder().onError(failure -> see("the handler")).build()) {
            loop.run(() -> {
                USER.set("alice");
                loop.callSoon(() -> {
                    throw new RuntimeException("boom");
                });
                yieldNow();
                Promise<Void> source =
                        loop.newPromise(() -> {
                            throw new RuntimeException("boom");
                        });
                source.cancel();
                trail.add(USER.get());
            });
        }
        List<Object> expected = new ArrayList<>();
        expected.addAll(sees("the handler", "nobody"));
        expected.addAll(sees("the handler", "nobody"));
        expected.add("alice");
        assertThat(trail).isEqualTo(expected);
    }

    @Test
    void aClock_andAComparatorThatAStageCalls() {
        LoopClock clock =
                new LoopClock() {
                    private final VirtualClock time = new VirtualClock();

                    @Override
                    public long nanoTime() {
                        return time.nanoTime();
                    }

                    @Override
                    public boolean jumpTo(long nanoTime) {
                        see("the clock");
                        return time.jumpTo(nanoTime);
                    }
                };
        AsyncQueue<Integer> queue =
                AsyncQueue.priority(
                        9,
                        (a, b) -> {
                            see("the comparator");
                            return Integer.compare(a, b);
                        });
        try (EventLoop loop = EventLoop.builder().clock(clock).build()) {
            loop.run(() -> {
                queue.put(1);
                trail.clear();
                Promise<Void> gate = loop.newPromise();
                gate.toCompletableFuture().thenRun(() -> queue.tryPut(2));
                gate.complete(null);
                yieldNow();
                currentLoop().callSoon(() -> trail.add(USER.get()));
                yieldNow();
                sleep(ofSeconds(1));
                sleep(ofSeconds(1));
                trail.add(USER.get());
            });
        }
        List<Object> expected = new ArrayList<>();
        expected.addAll(sees("the comparator", "nobody"));
        expected.add("the comparator");
        expected.addAll(sees("the clock", "nobody"));
        expected.addAll(sees("the clock", "nobody"));
        expected.add("the comparator");
        assertThat(trail).isEqualTo(expected);
    }
}
