package dev.rondo.sync;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.*;

import dev.rondo.*;
import dev.rondo.testing.*;

import org.junit.jupiter.api.Test;

import java.util.*;

class AsyncEventTest {
    private final List<Object> trail = new ArrayList<>();
    private final AsyncEvent event = new AsyncEvent();

    private Task<Void> waiting(String name) {
        return createTask(
                name,
                () -> {
                    event.await();
                    trail.add(name);
                });
    }

    @Test
    void setAndClearedAtOnce_allWhoWaitedGoOn_andWhoComesLaterWaits() {
        VirtualClock.run(() -> {
            waiting("a");
            waiting("b");
            yieldNow();
            event.set();
            event.clear();
            Task<?> late = waiting("late");
            sleep(ofSeconds(1));
            assertThat(event.isSet()).isFalse();
            late.cancel();
        });
        assertThat(trail).containsExactly("a", "b");
    }

    @Test
    void aNewcomerPassesWithoutWaiting_beforeThoseWhoWereWoken() {
        VirtualClock.run(() -> {
            waiting("a");
            waiting("b");
            yieldNow();
            createTask(() -> {
                event.await();
                trail.add("new");
            });
            event.set();
            sleep(ofSeconds(1));
        });
        assertThat(trail).containsExactly("new", "a", "b");
    }

    @Test
    void ofThoseWoken_onlyTheOneCancelledIsCancelled() {
        VirtualClock.run(() -> {
            Task<?> a = waiting("a");
            Task<?> b = waiting("b");
            yieldNow();
            event.set();
            a.cancel();
            gatherSettled(List.of(a, b)).await();
            assertThat(a.isCancelled()).isTrue();
            assertThat(b.isCancelled()).isFalse();
        });
        assertThat(trail).containsExactly("b");
    }

    @Test
    void whenItIsSet_awaitDoesNotSuspend_andSettingAgainChangesNothing() {
        VirtualClock.run(() -> {
            currentLoop().callSoon(() -> trail.add("another turn"));
            event.set();
            event.set();
            event.await();
            assertThat(event.isSet()).isTrue();
            assertThat(trail).isEmpty();
        });
    }

    @Test
    void aCallbackMaySetAndClear_butNotWait_evenIfItIsSet() {
        VirtualClock.run(() -> {
            waiting("a");
            yieldNow();
            currentLoop()
                    .callSoon(() -> {
                        event.set();
                        assertThatThrownBy(event::await)
                                .isInstanceOf(IllegalStateException.class)
                                .hasMessageContaining("Only a coroutine");
                        event.clear();
                        trail.add("refused");
                    });
            sleep(ofSeconds(1));
        });
        assertThat(trail).containsExactly("refused", "a");
    }

    @Test
    void anotherLoop_orAPlainThread_isRefused() {
        assertThatThrownBy(event::set).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(event::await).isInstanceOf(IllegalStateException.class);
        try (EventLoop open = EventLoop.create()) {
            open.run(event::set);
            VirtualClock.run(() -> {
                assertThatThrownBy(event::clear)
                        .hasMessageContaining("the loop that used it first");
                assertThatThrownBy(event::await)
                        .hasMessageContaining("the loop that used it first");
            });
        }
        assertThat(event.isSet()).isTrue();
    }

    @Test
    void toString_tellsWhetherItIsSet_andWhoWaits() {
        VirtualClock.run(() -> {
            waiting("a");
            yieldNow();
            trail.add(event.toString());
            event.set();
            trail.add(event.toString());
        });
        assertThat(trail)
                .containsExactly("AsyncEvent[not set, waiting: a]", "AsyncEvent[set]", "a");
    }
}
