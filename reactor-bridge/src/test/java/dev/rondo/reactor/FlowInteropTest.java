package dev.rondo.reactor;

import static dev.rondo.Async.*;
import static dev.rondo.reactor.ReactorBridge.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rondo.*;
import dev.rondo.testing.*;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.FlowAdapters;

import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;

import java.util.*;
import java.util.concurrent.*;

/** The JDK's kind of Publisher, both ways. */
class FlowInteropTest {
    private static Flow.Publisher<Integer> flow(Flux<Integer> source) {
        return JdkFlowAdapter.publisherToFlowPublisher(source);
    }

    @Test
    void aFlowPublisher_isAwaited_forItsLastElement() {
        VirtualClock.run(() -> {
            assertThat(await(flow(Flux.just(1, 2, 3)))).isEqualTo(3);
            assertThat(await(flow(Flux.empty()))).isNull();
            IllegalStateException failure = new IllegalStateException("K");
            assertThatThrownBy(() -> await(flow(Flux.error(failure)))).isSameAs(failure);
            assertThatThrownBy(() -> await((Flow.Publisher<Integer>) null))
                    .isInstanceOf(NullPointerException.class);
        });
    }

    @Test
    void aFlowPublisher_isIterated() {
        VirtualClock.run(() -> {
            List<Integer> got = new ArrayList<>();
            for (int value : iterate(flow(Flux.range(1, 1000)))) {
                got.add(value);
            }
            assertThat(got).hasSize(1000).startsWith(1, 2).endsWith(1000);
        });
    }

    @Test
    @Timeout(30)
    void aSubmissionPublisher_onThreadsOfItsOwn_isIterated_andClosed() {
        try (EventLoop loop = EventLoop.start("flow");
                SubmissionPublisher<Integer> source = new SubmissionPublisher<>()) {
            Task<List<Integer>> three =
                    loop.submit(() -> {
                        List<Integer> got = new ArrayList<>();
                        try (ElementStream<Integer> stream = iterate(source)) {
                            for (int value : stream) {
                                got.add(value);
                                if (value == 3) {
                                    break;
                                }
                            }
                        }
                        return got;
                    });
            loop.submit(() -> {}).join();
            for (int i = 1; i <= 5; i++) {
                source.submit(i);
            }
            assertThat(three.join()).containsExactly(1, 2, 3);
            while (source.getNumberOfSubscribers() > 0) {
                // It carries out the cancel on a thread of its own.
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void aFlux_isHandedOutAsAFlowPublisher_withItsDemandAndItsCancel() throws Exception {
        try (EventLoop loop = EventLoop.start("flow")) {
            CompletableFuture<String> cleanedUp = new CompletableFuture<>();
            Flow.Publisher<Integer> flow =
                    FlowAdapters.toFlowPublisher(
                            flux(
                                    loop,
                                    emitter -> {
                                        try {
                                            for (int i = 1; ; i++) {
                                                emitter.emit(i);
                                            }
                                        } finally {
                                            cleanedUp.complete(currentLoop().name());
                                        }
                                    }));
            List<Object> trail = Collections.synchronizedList(new ArrayList<>());
            flow.subscribe(
                    new Flow.Subscriber<>() {
                        private Flow.Subscription subscription;

                        @Override
                        public void onSubscribe(Flow.Subscription own) {
                            subscription = own;
                            own.request(2);
                        }

                        @Override
                        public void onNext(Integer value) {
                            trail.add(value);
                            if (value == 2) {
                                subscription.request(1);
                            } else if (value == 3) {
                                subscription.cancel();
                            }
                        }

                        @Override
                        public void onError(Throwable failure) {
                            trail.add(failure);
                        }

                        @Override
                        public void onComplete() {
                            trail.add("complete");
                        }
                    });
            assertThat(cleanedUp.get()).isEqualTo("flow");
            assertThat(loop.submit(() -> allTasks().size()).join()).isEqualTo(1);
            assertThat(trail).containsExactly(1, 2, 3);
        }
    }
}
