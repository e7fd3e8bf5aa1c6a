package dev.rondo.reactor;

import static dev.rondo.Async.*;
import static dev.rondo.reactor.Latches.awaitLatch;
import static dev.rondo.reactor.ReactorBridge.*;

import static org.assertj.core.api.Assertions.assertThat;

import static java.time.Duration.ofMillis;

import dev.rondo.AsyncTimeoutException;
import dev.rondo.EventLoop;
import dev.rondo.Task;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;

import reactor.util.context.Context;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Publishers that call on threads of their own, against the rules or to the edge of them. */
@Timeout(60)
class StrangeThreadsTest {
    private final List<Object> trail = Collections.synchronizedList(new ArrayList<>());
    private final EventLoop loop = EventLoop.start("strange threads");
    private final List<Thread> threads = new ArrayList<>();
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void theLoopAnswers_andNothingIsLeft() throws InterruptedException {
        release.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(loop.submit(() -> allTasks().size()).join()).isEqualTo(1);
        loop.close();
    }

    private void start(Runnable code) {
        Thread thread = Thread.ofPlatform().unstarted(code);
        threads.add(thread);
        thread.start();
    }

    /** Two threads give so many elements each, at once; the later one completes. */
    private Publisher<Integer> onTwoThreads(int each) {
        return subscriber -> {
            Stranger calls = new Stranger((s, self) -> {});
            subscriber.onSubscribe(calls.idle());
            CountDownLatch both = new CountDownLatch(2);
            AtomicInteger working = new AtomicInteger(2);
            for (int thread = 0; thread < 2; thread++) {
                int first = thread * each;
                start(() -> {
                    both.countDown();
                    awaitLatch(both);
                    for (int i = 0; i < each; i++) {
                        subscriber.onNext(first + i);
                    }
                    if (working.decrementAndGet() == 0) {
                        subscriber.onComplete();
                    }
                });
            }
        };
    }

    @Test
    void rule1_3_aStream_failsAndSaysSo_orLosesElements_butEnds() {
        String seen = "";
        for (int round = 0; round < 1000 && !seen.contains("rule 1.3"); round++) {
            seen =
                    loop.submit(
                                    () -> {
                                        int count = 0;
                                        try {
                                            for (int unused :
                                                    iterate(
                                                            onTwoThreads(5000),
                                                            Integer.MAX_VALUE)) {
                                                count++;
                                            }
                                        } catch (IllegalStateException e) {
                                            return e.getMessage();
                                        }
                                        assertThat(count).isLessThanOrEqualTo(10_000);
                                        return "";
                                    })
                            .join();
        }
        assertThat(seen).isEqualTo("Elements came on two threads at once, against rule 1.3");
    }

    @Test
    void rule1_3_await_givesOneElement_andDiscardsEachOtherOnce() {
        Context counting = FluxProbe.recording(trail);
        Object last =
                loop.submit(() ->
                                ReactorBridge.await(
                                        mono(() -> ReactorBridge.await(onTwoThreads(5000)))
                                                .contextWrite(counting)))
                        .join();
        trail.add("discarded " + last);
        assertThat(trail).hasSize(10_000).doesNotHaveDuplicates();
    }

    /** Gives a subscription on a thread of its own; its request() gives, then blocks. */
    private Publisher<Integer> blockedInRequest(int gives) {
        return subscriber -> start(() -> subscribe(subscriber, gives));
    }

    private void subscribe(Subscriber<? super Integer> subscriber, int gives) {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger requests = new AtomicInteger();
        Runnable entered =
                () -> trail.add(inside.getAndIncrement() == 0 ? "alone" : "at the same time");
        subscriber.onSubscribe(
                new org.reactivestreams.Subscription() {
                    @Override
                    public void request(long n) {
                        trail.add("request " + n);
                        entered.run();
                        if (requests.getAndIncrement() == 0) {
                            for (int i = 1; i <= gives; i++) {
                                subscriber.onNext(i);
                            }
                            awaitLatch(release);
                        } else {
                            subscriber.onComplete();
                        }
                        inside.decrementAndGet();
                    }

                    @Override
                    public void cancel() {
                        trail.add("cancel");
                        entered.run();
                        inside.decrementAndGet();
                    }
                });
    }

    @Test
    void rule2_7_whileRequestBlocksElsewhere_cancelWaits_andTheCoroutineDoesNot() throws Exception {
        loop.submit(
                        () -> {
                            try {
                                timeout(
                                        ofMillis(20),
                                        () -> ReactorBridge.await(blockedInRequest(1)));
                            } catch (AsyncTimeoutException e) {
                                trail.add("timeout");
                            }
                        })
                .join();
        trail.add("released");
        release.countDown();
        threads.getFirst().join();
        assertThat(trail)
                .containsExactly(
                        "request " + Long.MAX_VALUE,
                        "alone",
                        "timeout",
                        "released",
                        "cancel",
                        "alone");
    }

    @Test
    void rule2_7_whileRequestBlocksElsewhere_moreIsRequestedThere_andTheLoopIsFree() {
        loop.submit(
                        () -> {
                            for (int value : iterate(blockedInRequest(4), 4)) {
                                trail.add(value);
                                if (value == 4) {
                                    release.countDown();
                                }
                            }
                        })
                .join();
        assertThat(trail).containsExactly("request 4", "alone", 1, 2, 3, 4, "request 3", "alone");
    }

    @Test
    void rule3_4_aRequestThatNeverReturns_holdsNobodyButItsOwnThread() {
        Task<?> iterating =
                loop.submit(() -> {
                    for (int value : iterate(blockedInRequest(1), 4)) {
                        trail.add(value);
                    }
                });
        loop.submit(
                        () -> {
                            while (trail.size() < 3) {
                                sleep(ofMillis(1));
                            }
                            iterating.cancel();
                            waitAll(List.of(iterating));
                        })
                .join();
        assertThat(iterating.isCancelled()).isTrue();
        assertThat(trail).containsExactly("request 4", "alone", 1);
    }

    @Test
    void signalsAfterTheLoopHasClosed_areDiscardedOrDropped_andThrowNothing() {
        List<Stranger> strangers = new ArrayList<>();
        try (EventLoop closing = EventLoop.start("closing")) {
            Stranger.WAYS.forEach((name, way) -> {
                Stranger stranger = new Stranger((s, self) -> s.onSubscribe(self.idle()));
                strangers.add(stranger);
                mono(closing, way.apply(stranger))
                        .contextWrite(FluxProbe.recording(stranger.trail))
                        .subscribe(unused -> {}, e -> {});
            });
            closing.submit(
                            () -> {
                                while (!strangers.stream().allMatch(s -> s.trail.size() == 1)) {
                                    sleep(ofMillis(1));
                                }
                            })
                    .join();
        }
        for (Stranger stranger : strangers) {
            Subscriber<? super String> subscriber = stranger.subscribers.getFirst();
            subscriber.onNext("late");
            subscriber.onError(new IllegalStateException("late"));
            subscriber.onComplete();
            assertThat(stranger.trail.subList(1, stranger.trail.size()))
                    .filteredOn(entry -> !entry.equals("discarded other"))
                    .containsExactly(
                            "cancel",
                            "discarded late",
                            "dropped java.lang.IllegalStateException: late");
        }
    }
}
