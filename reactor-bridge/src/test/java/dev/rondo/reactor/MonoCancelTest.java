package dev.rondo.reactor;

import static dev.rondo.Async.*;
import static dev.rondo.reactor.ReactorBridge.*;

import static org.assertj.core.api.Assertions.assertThat;

import static java.time.Duration.*;

import dev.rondo.AsyncTimeoutException;
import dev.rondo.Promise;
import dev.rondo.testing.VirtualClock;

import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;

import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;

/** A body whose subscriber cancels, and one that cancels itself. */
class MonoCancelTest extends DroppedFixture {
    private final List<Object> trail = new CopyOnWriteArrayList<>();

    @Test
    void disposedWhileSuspended_theBodyIsCancelledThere_andTheSubscriberHearsNothing() {
        watchDropped();
        VirtualClock.run(() -> {
            Disposable subscription =
                    mono(
                                    () -> {
                                        try {
                                            sleep(ofHours(1));
                                            return "never";
                                        } finally {
                                            trail.add("clean-up");
                                            sleep(ofMillis(10));
                                            trail.add("cleaned up");
                                        }
                                    })
                            .doOnCancel(() -> trail.add("cancel"))
                            .subscribe(trail::add, trail::add, () -> trail.add("complete"));
            sleep(ofSeconds(1));
            subscription.dispose();
            sleep(ofSeconds(1));
            assertThat(trail).containsExactly("cancel", "clean-up", "cleaned up");
            assertThat(allTasks()).containsExactly(currentTask());
        });
        assertThat(dropped).isEmpty();
    }

    @Test
    void disposedBeforeItsFirstStep_theBodyNeverBegins() {
        VirtualClock.run(() -> {
            mono(() -> trail.add("body")).subscribe().dispose();
            sleep(ofSeconds(1));
            assertThat(trail).isEmpty();
            assertThat(allTasks()).containsExactly(currentTask());
        });
    }

    @Test
    void cancelledInOnSubscribe_theBodyNeverBegins() {
        VirtualClock.run(() -> {
            mono(() -> trail.add("body"))
                    .subscribe(
                            new BaseSubscriber<>() {
                                @Override
                                protected void hookOnSubscribe(Subscription subscription) {
                                    subscription.cancel();
                                }
                            });
            sleep(ofSeconds(1));
            assertThat(trail).isEmpty();
            assertThat(allTasks()).containsExactly(currentTask());
        });
    }

    @Test
    void whatFailsAfterACancel_isDroppedOnce_aMereCancellationIsSilent() {
        watchDropped();
        IllegalStateException late = new IllegalStateException("late");
        VirtualClock.run(() -> {
            Disposable fails =
                    mono(
                                    () -> {
                                        try {
                                            sleep(ofHours(1));
                                            return 1;
                                        } finally {
                                            bad(late);
                                        }
                                    })
                            .subscribe();
            Disposable passes = mono(() -> sleep(ofHours(1))).subscribe();
            sleep(ofSeconds(1));
            fails.dispose();
            passes.dispose();
            sleep(ofSeconds(1));
        });
        assertThat(dropped).containsExactly(late);
    }

    private static void bad(RuntimeException e) {
        throw e;
    }

    @Test
    void theBodysOwnTimeoutOrCancellation_isAnError_notASilence() {
        CancellationException own = new CancellationException("own");
        VirtualClock.run(() -> {
            mono(() -> timeout(ofSeconds(1), () -> sleep(ofHours(1))))
                    .doOnCancel(() -> trail.add("cancel"))
                    .subscribe(null, e -> trail.add(e.getClass()));
            mono(
                            () -> {
                                throw own;
                            })
                    .subscribe(null, trail::add);
            sleep(ofSeconds(2));
        });
        assertThat(trail).containsExactly(own, AsyncTimeoutException.class);
    }

    @Test
    void aValueAfterTheCancel_isDiscarded() {
        VirtualClock.run(() -> {
            Promise<String> value = currentLoop().newPromise();
            Disposable subscription =
                    mono(
                                    () -> {
                                        try {
                                            return value.await();
                                        } catch (CancellationException e) {
                                            return "stubborn";
                                        }
                                    })
                            .doOnDiscard(String.class, trail::add)
                            .subscribe(v -> trail.add("value"));
            sleep(ofSeconds(1));
            subscription.dispose();
            sleep(ofSeconds(1));
            assertThat(trail).containsExactly("stubborn");
        });
    }

    @Test
    void aThousandCancelled_callNoHook() {
        watchDropped();
        VirtualClock.run(() -> {
            List<Disposable> subscriptions = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                subscriptions.add(
                        mono(() -> sleep(ofHours(1)))
                                .doOnCancel(() -> trail.add("cancel"))
                                .subscribe(null, e -> trail.add("error")));
            }
            sleep(ofSeconds(1));
            subscriptions.forEach(Disposable::dispose);
            sleep(ofSeconds(1));
            assertThat(trail).hasSize(1000).containsOnly("cancel");
            assertThat(allTasks()).containsExactly(currentTask());
        });
        assertThat(dropped).isEmpty();
    }
}
