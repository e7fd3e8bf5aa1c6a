package dev.rondo.reactor;

import static dev.rondo.Async.*;
import static dev.rondo.reactor.Orders.explore;
import static dev.rondo.reactor.ReactorBridge.*;

import static org.assertj.core.api.Assertions.*;

import dev.rondo.Action;
import dev.rondo.AsyncTimeoutException;
import dev.rondo.Task;
import dev.rondo.reactor.Orders.*;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactivestreams.Publisher;

import reactor.core.publisher.Mono;

import java.time.Duration;
import java.util.*;
import java.util.stream.Stream;

/**
 * A body that awaits publishers, in all orders of what they, its subscriber and the time do, on the
 * loop and from another thread. A naive twin shows what it finds.
 */
@Timeout(240)
class AwaitingOrdersTest {
    /** What the body does with one source, or two. */
    enum Work {
        MONO(1, false, of -> of.take(of.get(Mono.fromDirect(of.a)))),
        LAST(2, false, of -> of.take(of.get(of.a))),
        FIRST(1, false, of -> of.take(awaitFirst(of.a))),
        ITERATE_1(2, false, of -> of.takeAll(1)),
        ITERATE_2(2, false, of -> of.takeAll(2)),
        TASK(1, false, of -> of.take(of.keep(toTask(of.a)).await())),
        TIMEOUT(1, false, of -> of.inTime(() -> of.take(of.get(of.a)))),
        SHIELDED(1, false, of -> shielded(() -> of.take(of.get(of.a)))),
        SEQUENCE(
                1,
                true,
                of -> {
                    of.take(of.get(of.a));
                    of.take(of.get(of.b));
                }),
        GATHER(1, true, of -> gather(of.child(of.a), of.child(of.b)).await()),
        GROUP(
                1,
                true,
                of ->
                        taskGroup(group -> {
                            group.createTask(of.child(of.a));
                            group.createTask(of.child(of.b));
                        })),
        ZIP(
                1,
                true,
                of -> of.keep(ReactorBridge.<Integer>gather(of.a, of.b)).await().forEach(of::take));

        private interface Body {
            void run(Awaiter of) throws Exception;
        }

        private final int elements;
        private final boolean two;
        private final Body body;

        Work(int elements, boolean two, Body body) {
            this.elements = elements;
            this.two = two;
            this.body = body;
        }
    }

    private static final class Awaiter extends Program {
        final Taker taker = new Taker(this);
        final HandSource a;
        final HandSource b;
        private final Work work;
        private final CarefulBody body = new CarefulBody(this);
        private final List<CarefulBody> children = new ArrayList<>();
        private final List<Object> taken = new ArrayList<>();
        private final Exception failure = new Exception("of the source");
        private NaiveAwaiter.Mistake mistake;
        private NaiveAwaiter naive;
        private Task<?> kept;
        private boolean timedOut;

        Awaiter(Work work, boolean late, boolean bearsOverlaps, boolean fails) {
            this.work = work;
            // Reactor's zip cancels its sources whatever they are in.
            boolean bears = bearsOverlaps || work == Work.ZIP;
            a = new HandSource(this, taker, "a", late, bears);
            a.shielded = work == Work.SHIELDED;
            b = work.two ? new HandSource(this, taker, "b", false, bears) : null;
            if (b != null) {
                a.gives(1);
                b.gives(2);
                // An operator that is subscribing when it is cancelled goes on with the next.
                b.mayBeLate = work == Work.ZIP;
            } else {
                a.emits(work.elements);
                if (fails) {
                    a.fails(failure);
                } else {
                    a.completes();
                }
            }
            if (work == Work.TIMEOUT) {
                onLoop().then("time", a::isSubscribedTo, this::moveTime);
            }
        }

        /** By the twin in place of the bridge. */
        Awaiter by(NaiveAwaiter.Mistake mistake) {
            this.mistake = mistake;
            return this;
        }

        Awaiter cancels(int times) {
            for (int i = 0; i < times; i++) {
                anywhere().then("cancel", taker::isSubscribed, this::cancel);
            }
            return this;
        }

        private List<HandSource> sources() {
            return b == null ? List.of(a) : List.of(a, b);
        }

        private void cancel() {
            if (!timedOut) {
                sources().forEach(HandSource::aboutToCancel);
            }
            taker.cancel();
            sources().forEach(HandSource::checkCancelled);
        }

        // Of the body.

        void take(Integer value) {
            if (value != null) {
                taken.add(value);
            }
        }

        Integer get(Publisher<Integer> source) {
            return naive == null ? await(source) : naive.await(source);
        }

        void takeAll(int prefetch) {
            for (int value : iterate(a, prefetch)) {
                take(value);
            }
        }

        <T> Task<T> keep(Task<T> task) {
            kept = task;
            return task;
        }

        void inTime(Action action) {
            try {
                timeout(Duration.ofSeconds(1), action);
            } catch (AsyncTimeoutException e) {
                timedOut = true;
            }
        }

        Action child(HandSource source) {
            CarefulBody child = new CarefulBody(this);
            children.add(child);
            return () -> child.run(() -> take(get(source)), () -> {});
        }

        private void cleanUp() {
            get(Mono.create(sink -> loop().callSoon(sink::success)));
        }

        private void run() throws Exception {
            body.run(() -> work.body.run(this), this::cleanUp);
        }

        @Override
        void begin() {
            if (mistake == null) {
                flux(loop(), (Emitter<Integer> emitter) -> run()).subscribe(taker);
            } else {
                naive = new NaiveAwaiter(taker, loop(), mistake);
                naive.start(this::run);
            }
        }

        @Override
        void atEnd() {
            body.checkEnded();
            children.forEach(CarefulBody::checkEnded);
            sources().forEach(HandSource::checkEnded);
            require(taker.hasEnded() || taker.cancelled, "no end");
            checkElements();
            checkFailure();
            boolean owed = sources().stream().anyMatch(source -> source.owed);
            require(!owed || body.cancellations == 1, "the body has not been told");
            require(taker.cancelled || body.cancellations == 0, "told though nobody has asked");
        }

        private void checkElements() {
            List<Object> made = new ArrayList<>();
            sources().forEach(source -> made.addAll(source.made));
            List<Object> gone = new ArrayList<>(taken);
            if (taken.isEmpty() && hasResult(kept)) {
                // It is the task's, for whoever awaits it again.
                gone.add(kept.result());
            }
            gone.addAll(taker.discarded);
            gone.addAll(taker.droppedElements);
            require(
                    numbers(made).equals(numbers(gone)),
                    "made "
                            + made
                            + ", taken "
                            + taken
                            + ", discarded "
                            + taker.discarded
                            + ", dropped "
                            + taker.droppedElements);
        }

        private static boolean hasResult(Task<?> task) {
            return task != null && task.isDone() && !task.isCancelled() && task.exception() == null;
        }

        /** Also those in a list; zip has an object of its own where a source gave nothing. */
        private static List<Integer> numbers(List<?> values) {
            return values.stream()
                    .flatMap(
                            value -> value instanceof List<?> all ? all.stream() : Stream.of(value))
                    .filter(Integer.class::isInstance)
                    .map(Integer.class::cast)
                    .sorted()
                    .toList();
        }

        private void checkFailure() {
            List<Throwable> told = new ArrayList<>(taker.droppedErrors);
            if (taker.failure != null) {
                told.add(taker.failure);
            }
            boolean must =
                    a.failure != null && (!taker.cancelled || (a.failedAfterCancel && !a.shielded));
            require(told.equals(List.of(failure)) || (!must && told.isEmpty()), "told of " + told);
        }

        @Override
        public String toString() {
            return work + (timedOut ? ", timed out" : "");
        }
    }

    @ParameterizedTest
    @EnumSource
    void noCancel(Work work) {
        requireMany(
                work,
                explore(1, () -> new Awaiter(work, false, false, false))
                        + explore(1, () -> new Awaiter(work, true, true, false)));
    }

    @ParameterizedTest
    @EnumSource
    void aCancel_whereverItComes(Work work) {
        requireMany(work, explore(1, () -> new Awaiter(work, false, false, false).cancels(1)));
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"TIMEOUT", "GATHER", "GROUP", "ZIP"})
    void aCancel_ofAPublisherThatIsLate_orBearsOverlaps(Work work) {
        requireMany(
                work,
                explore(1, () -> new Awaiter(work, false, true, false).cancels(1))
                        + explore(1, () -> new Awaiter(work, true, false, false).cancels(1)));
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"SEQUENCE", "GATHER", "GROUP", "ZIP"})
    void aFailure_withAndWithoutACancel(Work work) {
        requireMany(
                work,
                explore(1, () -> new Awaiter(work, false, false, true))
                        + explore(0, () -> new Awaiter(work, true, false, true).cancels(1)));
    }

    @ParameterizedTest
    @EnumSource(names = {"MONO", "ITERATE_1", "SHIELDED", "TASK"})
    void twoCancels(Work work) {
        requireMany(work, explore(0, () -> new Awaiter(work, false, false, false).cancels(2)));
    }

    @ParameterizedTest
    @EnumSource
    void aTwin_isCaughtIfItMakesAMistake(NaiveAwaiter.Mistake mistake) {
        ThrowingCallable exploring =
                () -> {
                    for (Work work : List.of(Work.MONO, Work.SEQUENCE)) {
                        explore(
                                1,
                                () ->
                                        new Awaiter(work, false, false, false)
                                                .by(mistake)
                                                .cancels(1));
                        explore(
                                0,
                                () ->
                                        new Awaiter(work, false, false, false)
                                                .by(mistake)
                                                .cancels(2));
                    }
                };
        if (mistake == NaiveAwaiter.Mistake.NONE) {
            assertThatCode(exploring).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(exploring)
                    .isInstanceOf(Violation.class)
                    .hasStackTraceContaining(mistake.shown);
        }
    }

    private static void requireMany(Work work, long orders) {
        assertThat(orders).as(work.name()).isGreaterThan(5);
    }
}
