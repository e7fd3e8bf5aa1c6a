package dev.rondo.benchmarks;

import static dev.rondo.reactor.ReactorBridge.flux;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.reactivestreams.Subscription;

import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

import java.util.concurrent.CountDownLatch;

/** Row h: a generator to a subscriber that asks for all, or for one at a time. */
public class Emit extends Peers {
    private static final int ELEMENTS = 100_000;

    @Param({"all", "one"})
    String demand;

    @Benchmark
    @OperationsPerInvocation(ELEMENTS)
    public long rondo() throws InterruptedException {
        return consume(
                flux(
                        loop,
                        emitter -> {
                            for (int i = 0; i < ELEMENTS; i++) {
                                emitter.emit(i);
                            }
                        }));
    }

    @Benchmark
    @OperationsPerInvocation(ELEMENTS)
    public long kotlin() throws InterruptedException {
        return consume(kotlin.emitting(ELEMENTS));
    }

    @Benchmark
    @OperationsPerInvocation(ELEMENTS)
    public long reactor() throws InterruptedException {
        return consume(
                Flux.<Integer, Integer>generate(
                                () -> 0,
                                (i, sink) -> {
                                    if (i == ELEMENTS) {
                                        sink.complete();
                                    } else {
                                        sink.next(i);
                                    }
                                    return i + 1;
                                })
                        .subscribeOn(single));
    }

    private long consume(Flux<Integer> source) throws InterruptedException {
        Sum sum = new Sum(demand.equals("all") ? Long.MAX_VALUE : 1);
        source.subscribe(sum);
        sum.done.await();
        return sum.sum;
    }

    private static final class Sum extends BaseSubscriber<Integer> {
        private final CountDownLatch done = new CountDownLatch(1);
        private final long demand;
        private long sum;

        Sum(long demand) {
            this.demand = demand;
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            request(demand);
        }

        @Override
        protected void hookOnNext(Integer value) {
            sum += value;
            if (demand == 1) {
                request(1);
            }
        }

        @Override
        protected void hookOnComplete() {
            done.countDown();
        }
    }
}
