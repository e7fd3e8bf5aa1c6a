package dev.rondo.reactor;

import static dev.rondo.Async.*;
import static dev.rondo.reactor.FluxProbe.settle;
import static dev.rondo.reactor.ReactorBridge.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;

import dev.rondo.*;
import dev.rondo.testing.VirtualClock;

import org.junit.jupiter.api.Test;

import reactor.core.Disposable;
import reactor.core.publisher.*;

import java.util.*;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;

/** What a subscriber's cancel leaves alone, and that nobody takes it for an error. */
class CancelSparesTest {
    private final List<Object> trail = Collections.synchronizedList(new ArrayList<>());

    @Test
    void whatIsNotAwaited_orShielded_goesOn() {
        VirtualClock.run(() -> {
            Sinks.One<String> beside = Sinks.one();
            Sinks.One<String> shielded = Sinks.one();
            List<Task<String>> started = new ArrayList<>();
            Disposable subscription =
                    mono(
                                    () -> {
                                        started.add(createTask(() -> await(beside.asMono())));
                                        trail.add(shielded(() -> await(shielded.asMono())));
                                        sleep(ofHours(1));
                                    })
                            .subscribe();
            settle();
            subscription.dispose();
            settle();
            beside.tryEmitValue("beside");
            shielded.tryEmitValue("shielded");
            settle();
            trail.add(started.getFirst().await());
            assertThat(allTasks()).hasSize(1);
        });
        assertThat(trail).endsWith("beside");
    }

    @Test
    void aSecondCancel_leavesTheCleanUpAlone() {
        VirtualClock.run(() -> {
            Sinks.One<String> cleanUp = Sinks.one();
            FluxProbe<Object> probe = new FluxProbe<>(1);
            mono(
                            () -> {
                                try {
                                    await(Mono.never());
                                } finally {
                                    trail.add(await(cleanUp.asMono()));
                                }
                            })
                    .subscribe(probe);
            settle();
            probe.cancel();
            settle();
            probe.cancel();
            settle();
            cleanUp.tryEmitValue("cleaned up");
            settle();
            assertThat(allTasks()).hasSize(1);
        });
        assertThat(trail).containsExactly("cleaned up");
    }

    @Test
    void anErrorThatWasOnItsWay_isDroppedByNobody_oneOfTheBodysOwnIs() {
        VirtualClock.run(() -> {
            Sinks.One<Integer> source = Sinks.one();
            RuntimeException late = new IllegalStateException("late");
            FluxProbe<Object> probe = new FluxProbe<>(1);
            mono(() -> await(source.asMono())).subscribe(probe);
            settle();
            source.tryEmitError(new IllegalStateException("on its way"));
            probe.cancel();
            settle();
            FluxProbe<Object> other = new FluxProbe<>(1);
            mono(
                            () -> {
                                try {
                                    await(Mono.never());
                                } finally {
                                    await(Mono.error(late));
                                }
                            })
                    .subscribe(other);
            settle();
            other.cancel();
            settle();
            assertThat(probe.trail).containsExactly("subscribed");
            assertThat(other.trail).containsExactly("subscribed", "dropped " + late);
        });
    }

    @Test
    void operatorsNeverTakeACancellationForAnError() {
        Callable<Object> call =
                () -> {
                    trail.add("called");
                    sleep(ofHours(1));
                    return 1;
                };
        Mono<Object> source = Mono.fromCallable(call);
        List<Action> bodies =
                List.of(
                        () -> await(source.onErrorReturn("fallback")),
                        () -> await(source.retry()),
                        () -> await(Mono.defer(() -> source).retry()),
                        () -> toTask(source.retry()).await(),
                        () ->
                                forEach(
                                        Flux.range(0, 10)
                                                .map(i -> Coroutine.of(() -> call.call()).await())
                                                .onErrorContinue((e, value) -> {}),
                                        value -> {}));
        VirtualClock.run(() -> {
            for (Action body : bodies) {
                trail.clear();
                Task<?> task = createTask(body);
                settle();
                task.cancel();
                assertThatThrownBy(task::await).isInstanceOf(CancellationException.class);
                assertThatThrownBy(() -> timeout(ofSeconds(1), body))
                        .isInstanceOf(AsyncTimeoutException.class);
                assertThat(trail).containsExactly("called", "called");
            }
            // A timeout within the callback is an error like any other.
            Mono<Object> limited =
                    Mono.<Object>fromCallable(() -> timeout(ofSeconds(1), call::call))
                            .onErrorReturn("fallback");
            assertThat(await(limited)).isEqualTo("fallback");
        });
    }
}
