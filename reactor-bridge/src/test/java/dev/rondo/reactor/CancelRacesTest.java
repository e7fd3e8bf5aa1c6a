package dev.rondo.reactor;

import static dev.rondo.Async.*;
import static dev.rondo.reactor.ReactorBridge.*;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rondo.EventLoop;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;
import java.util.function.Consumer;

/**
 * A subscriber that cancels on one thread while its body subscribes and requests on the loop and a
 * third thread gives the elements: at moments that cannot be put into an order by hand.
 */
@Timeout(60)
class CancelRacesTest {
    private static final long NANOS = 1_000_000_000;

    private static void spin(int most) {
        for (int i = ThreadLocalRandom.current().nextInt(most + 1); i > 0; i--) {
            Thread.onSpinWait();
        }
    }

    /** The body, with one try. */
    private interface Body {
        void run(Try of) throws Exception;
    }

    /** One body and its subscriber, and what became of the elements. */
    private static final class Try implements CoreSubscriber<Integer> {
        final Queue<String> wrongs = new ConcurrentLinkedQueue<>();
        final Queue<Integer> made = new ConcurrentLinkedQueue<>();
        final Queue<Object> gone = new ConcurrentLinkedQueue<>();
        final Queue<Source> sources = new ConcurrentLinkedQueue<>();
        final AtomicInteger giving = new AtomicInteger();
        private final ExecutorService givers;
        private final Context context;
        private volatile Subscription subscription;
        private volatile boolean completed;
        private int begun;
        private int cleaned;

        Try(ExecutorService givers) {
            this.givers = givers;
            Consumer<Object> dropped = gone::add;
            context =
                    Operators.enableOnDiscard(
                            Context.of("reactor.onNextDropped.local", dropped), gone::add);
        }

        Source source(int elements, boolean late) {
            Source source = new Source(this, elements, late);
            sources.add(source);
            return source;
        }

        void run(Body body) throws Exception {
            begun++;
            boolean told = false;
            try {
                body.run(this);
            } catch (CancellationException e) {
                told = true;
                throw e;
            } finally {
                try {
                    await(Mono.create(sink -> givers.execute(sink::success)));
                    yieldNow();
                } catch (CancellationException e) {
                    if (told) {
                        wrongs.add("told again, in the clean-up");
                    }
                }
                cleaned++;
            }
        }

        void cancel() {
            subscription.cancel();
        }

        void check() {
            assertThat(wrongs).isEmpty();
            assertThat(cleaned).isEqualTo(begun);
            // An end that has begun may come after the cancel (rule 2.8), but not in its place.
            assertThat(completed && sources.stream().anyMatch(source -> source.off)).isFalse();
            assertThat(gone).containsExactlyInAnyOrderElementsOf(made);
            assertThat(sources).allMatch(source -> !source.given || source.ended || source.off);
        }

        @Override
        public Context currentContext() {
            return context;
        }

        @Override
        public void onSubscribe(Subscription own) {
            subscription = own;
        }

        @Override
        public void onNext(Integer value) {
            wrongs.add("an element: " + value);
        }

        @Override
        public void onError(Throwable failure) {
            wrongs.add(failure.toString());
        }

        @Override
        public void onComplete() {
            completed = true;
        }
    }

    /** Gives its elements on a thread of its own, and does not bear calls that overlap. */
    private static final class Source implements Publisher<Integer>, Subscription {
        private final Try of;
        private final int elements;
        private final boolean late;
        private final AtomicReference<Thread> caller = new AtomicReference<>();
        private final AtomicLong asked = new AtomicLong();
        private volatile boolean given;
        private volatile boolean ended;
        private volatile boolean off;

        Source(Try of, int elements, boolean late) {
            this.of = of;
            this.elements = elements;
            this.late = late;
        }

        @Override
        public void subscribe(Subscriber<? super Integer> subscriber) {
            if (!late) {
                given = true;
                subscriber.onSubscribe(this);
            }
            of.giving.incrementAndGet();
            of.givers.execute(() -> {
                give(subscriber);
                of.giving.decrementAndGet();
            });
        }

        private void give(Subscriber<? super Integer> subscriber) {
            if (late) {
                spin(100);
                given = true;
                subscriber.onSubscribe(this);
            }
            for (int i = 0; i < elements; i++) {
                while (asked.get() <= i) {
                    if (off) {
                        return;
                    }
                    Thread.onSpinWait();
                }
                of.made.add(i);
                subscriber.onNext(i);
            }
            ended = true;
            subscriber.onComplete();
        }

        @Override
        public void request(long n) {
            call(() -> {
                if (off) {
                    of.wrongs.add("a request after the cancel");
                }
                spin(200);
                asked.accumulateAndGet(n, Operators::addCap);
            });
        }

        @Override
        public void cancel() {
            call(() -> {
                if (off) {
                    of.wrongs.add("a second cancel");
                }
                spin(200);
                off = true;
            });
        }

        private void call(Runnable action) {
            Thread before = caller.getAndSet(Thread.currentThread());
            if (before != null && before != Thread.currentThread()) {
                of.wrongs.add("calls overlap");
            }
            action.run();
            caller.compareAndSet(Thread.currentThread(), before);
        }
    }

    /** Again and again, for a second. */
    private static void race(Body body) {
        int rounds = 0;
        int stopped = 0;
        try (EventLoop loop = EventLoop.start("races");
                ExecutorService givers = Executors.newCachedThreadPool()) {
            for (long until = System.nanoTime() + NANOS; System.nanoTime() < until; rounds++) {
                Try once = new Try(givers);
                flux(loop, (Emitter<Integer> emitter) -> once.run(body)).subscribe(once);
                spin(rounds % 2 == 0 ? 20_000 : 2_000);
                once.cancel();
                if (rounds % 3 == 0) {
                    spin(1_000);
                    once.cancel();
                }
                // All has ended.
                loop.submit(
                                () -> {
                                    while (allTasks().size() > 1) {
                                        yieldNow();
                                    }
                                })
                        .join();
                while (once.giving.get() > 0) {
                    Thread.onSpinWait();
                }
                // What was on its way is discarded on the loop.
                loop.submit(() -> {}).join();
                once.check();
                stopped += once.sources.stream().anyMatch(source -> source.off) ? 1 : 0;
            }
        }
        assertThat(stopped).as("of %d rounds", rounds).isPositive();
    }

    @Test
    void cancel_againstTheSubscribingOfAwaits() {
        race(of -> {
            for (int i = 0; i < 20; i++) {
                of.gone.add(await(of.source(1, false)));
            }
        });
    }

    @Test
    void cancel_againstASubscriptionThatComesLate() {
        race(of -> {
            for (int i = 0; i < 20; i++) {
                of.gone.add(await(of.source(1, true)));
            }
        });
    }

    @Test
    void cancel_againstTheRefillOfAnIteration() {
        race(of -> {
            for (int prefetch = 1; prefetch <= 3; prefetch++) {
                for (int value : iterate(of.source(50, prefetch == 2), prefetch)) {
                    of.gone.add(value);
                }
            }
        });
    }
}
