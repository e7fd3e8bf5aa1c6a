package dev.rondo;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.*;

import dev.rondo.testing.*;
import dev.rondo.testsupport.TestLocals;

import org.junit.jupiter.api.Test;

import java.util.*;
import java.util.concurrent.*;

/** Work that is given a scope sees that one, and nothing of whoever gives it. */
class GivenScopeTest {
    private static final ContextVar<String> USER = ContextVar.of("user");
    private final List<Object> trail = new ArrayList<>();

    private void see(String who) {
        trail.add(who + ": " + USER.orElse("-"));
    }

    @Test
    void tasksCallbacksAndTimers() {
        VirtualClock.run(() -> {
            USER.set("alice");
            ContextScope bob = ContextScope.empty().with(USER, "bob");
            EventLoop loop = currentLoop();
            loop.callSoon(ContextScope.empty(), () -> see("callback of nobody"));
            loop.callSoon(bob, () -> see("callback of bob"));
            loop.callAt(loop.time() + 1, bob, () -> see("timer of bob"));
            Task<Integer> task =
                    loop.submit(
                            bob,
                            () -> {
                                see("task of bob");
                                return 1;
                            });
            task.onDone(ContextScope.empty(), done -> see("end told to nobody"));
            sleep(ofSeconds(1));
            see("alice");
            assertThat(trail)
                    .containsExactly(
                            "callback of nobody: -",
                            "callback of bob: bob",
                            "task of bob: bob",
                            "end told to nobody: -",
                            "timer of bob: bob",
                            "alice: alice");
        });
    }

    @Test
    void withAValue_isAScopeOfItsOwn() {
        ContextScope empty = ContextScope.empty();
        ContextScope bob = empty.with(USER, "bob");
        assertThat(empty.isEmpty()).isTrue();
        assertThat(bob.get(USER)).isEqualTo("bob");
        assertThat(bob.with(USER, "carol").get(USER)).isEqualTo("carol");
        assertThat(bob.without(USER).get(USER)).isNull();
        assertThat(empty.without(USER).isEmpty()).isTrue();
        assertThat(bob.get(USER)).isEqualTo("bob");
    }

    @Test
    void whatTaskLocalsCarryStaysBehind() {
        TestLocals.capturing =
                () ->
                        () -> {
                            trail.add("set");
                            return () -> trail.add("undone");
                        };
        try {
            VirtualClock.run(() -> {
                trail.clear();
                currentLoop().submit(ContextScope.empty(), () -> trail.add("given")).await();
                currentLoop().submit(() -> trail.add("copied")).await();
            });
        } finally {
            TestLocals.capturing = null;
        }
        assertThat(trail).startsWith("given", "set", "copied", "undone");
    }

    @Test
    void tryRun_isNowOnTheLoop_inItsTurnElsewhere_andFalseWhenItIsClosed() throws Exception {
        EventLoop loop = EventLoop.start("l");
        List<String> seen = Collections.synchronizedList(new ArrayList<>());
        assertThat(loop.tryRun(() -> seen.add("first " + loop.inLoop()))).isTrue();
        loop.submit(
                        () -> {
                            loop.tryRun(() -> seen.add("now"));
                            seen.add("then");
                        })
                .join();
        loop.close();
        assertThat(loop.tryRun(() -> seen.add("never"))).isFalse();
        assertThat(seen).containsExactly("first true", "now", "then");
    }

    @Test
    void yieldIfNeeded_suspendsOnlyForOthers_andThrowsWhatWaits() {
        VirtualClock.run(() -> {
            yieldIfNeeded();
            Task<?> other = createTask(() -> trail.add("other"));
            trail.add("before");
            yieldIfNeeded();
            trail.add("after");
            currentLoop().callAt(currentLoop().time(), () -> trail.add("due"));
            yieldIfNeeded();
            yieldIfNeeded();
            trail.add("last");
            other.await();
            assertThat(trail).containsExactly("before", "other", "after", "due", "last");
            Objects.requireNonNull(currentTask()).cancel("me");
            assertThatThrownBy(Async::yieldIfNeeded)
                    .isInstanceOf(CancellationException.class)
                    .hasMessage("me");
            currentTask().uncancel();
        });
    }
}
