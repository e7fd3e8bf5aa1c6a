package dev.rondo.stack;

import static dev.rondo.Async.run;
import static dev.rondo.Async.sleep;
import static dev.rondo.reactor.ReactorBridge.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;

import dev.rondo.Action;
import dev.rondo.EventLoop;
import dev.rondo.Task;

import io.netty.buffer.ByteBuf;
import io.netty.util.ResourceLeakDetector;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.ConnectionProvider;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Buffers of Reactor Netty that a coroutine has asked for, and does not come to take: whoever wrote
 * {@code doOnDiscard} on the publisher gets them.
 */
@Isolated // It takes a processor, where others take the time.
class NettyBuffersTest {
    private static final int CHUNKS = 500;
    private static final int ROUNDS = 20;
    private static ResourceLeakDetector.Level usual;

    private final CountDownLatch reached = new CountDownLatch(1);
    private final ConnectionProvider connections = ConnectionProvider.create("buffers");
    private EventLoop loop;
    private DisposableServer server;
    private HttpClient client;

    @BeforeAll
    static void watch() {
        usual = ResourceLeakDetector.getLevel();
        BufferLeaks.watch();
    }

    @AfterAll
    static void asBefore() {
        ResourceLeakDetector.setLevel(usual);
    }

    @BeforeEach
    void serve() {
        loop = EventLoop.start("buffers");
        Flux<String> chunks = Flux.range(0, CHUNKS).map(n -> "a chunk of no great length, " + n);
        server =
                HttpServer.create()
                        .host("127.0.0.1")
                        .port(0)
                        .handle((in, out) -> out.send(ByteBufFlux.fromString(chunks), each -> true))
                        .bindNow();
        client = HttpClient.create(connections).host("127.0.0.1").port(server.port());
    }

    @AfterEach
    void stop() {
        loop.close();
        connections.disposeLater().block();
        server.disposeNow();
    }

    private Flux<ByteBuf> content() {
        return client.get().responseContent().retain().doOnDiscard(ByteBuf.class, ByteBuf::release);
    }

    private Mono<ByteBuf> aggregated() {
        return client.get()
                .responseContent()
                .aggregate()
                .retain()
                .doOnDiscard(ByteBuf.class, ByteBuf::release);
    }

    private int readThree() {
        int bytes = 0;
        int read = 0;
        try (var buffers = iterate(content())) {
            for (ByteBuf buffer : buffers) {
                bytes += buffer.readableBytes();
                buffer.release();
                if (++read == 3) {
                    break;
                }
            }
        }
        return bytes;
    }

    @Test
    void whatIsLeftOnPurpose_isFound() {
        run(() -> {
            try (var buffers = iterate(client.get().responseContent().retain())) {
                buffers.iterator().next();
            }
        });
        assertThat(BufferLeaks.found()).isNotEmpty();
    }

    @Test
    void whatIsTaken_isReleasedByWhoTookIt() {
        int bytes =
                run(() -> {
                    int sum = 0;
                    for (ByteBuf buffer : iterate(content())) {
                        sum += buffer.readableBytes();
                        buffer.release();
                    }
                    return sum;
                });
        assertThat(bytes).isGreaterThan(CHUNKS);
        assertThat(BufferLeaks.found()).isEmpty();
    }

    @Test
    void aLoopThatIsLeftEarly_inRun() {
        for (int i = 0; i < ROUNDS; i++) {
            assertThat(run(this::readThree)).isPositive();
        }
        assertThat(BufferLeaks.found()).isEmpty();
    }

    @Test
    void aLoopThatIsLeftEarly_inASubmittedTask() {
        for (int i = 0; i < ROUNDS; i++) {
            assertThat(loop.submit(this::readThree).join()).isPositive();
        }
        assertThat(BufferLeaks.found()).isEmpty();
    }

    @Test
    void aLoopThatIsLeftEarly_inAMono() {
        for (int i = 0; i < ROUNDS; i++) {
            assertThat(mono(loop, this::readThree).block()).isPositive();
        }
        assertThat(BufferLeaks.found()).isEmpty();
    }

    @Test
    void aTaskThatIsCancelledInItsLoop() throws InterruptedException {
        Task<Void> task =
                loop.submit(() -> {
                    try (var buffers = iterate(content())) {
                        for (ByteBuf buffer : buffers) {
                            buffer.release();
                            reached.countDown();
                            sleep(ofHours(1));
                        }
                    }
                });
        reached.await();
        task.cancel();
        assertCancelled(task);
        assertThat(BufferLeaks.found()).isEmpty();
    }

    @Test
    void aTaskThatIsCancelledAtAnyMomentOfItsLoop() {
        cancelAtRandom(() -> {
            try (var buffers = iterate(content())) {
                for (ByteBuf buffer : buffers) {
                    buffer.release();
                }
            }
        });
    }

    @Test
    void aTaskThatIsCancelledWhenItsBufferHasCome() {
        Task<Void> task =
                loop.submit(() -> {
                    await(aggregated().doAfterTerminate(reached::countDown)).release();
                });
        // The loop is held up, so that the task cannot take what is there.
        loop.callSoon(() -> {
            waitFor(reached);
            task.cancel();
        });
        assertCancelled(task);
        assertThat(BufferLeaks.found()).isEmpty();
    }

    @Test
    void aTaskThatIsCancelledAtAnyMomentOfItsAwait() {
        cancelAtRandom(() -> await(aggregated()).release());
    }

    private void cancelAtRandom(Action body) {
        Random random = new Random(7);
        for (int i = 0; i < 10 * ROUNDS; i++) {
            Task<Void> task = loop.submit(body);
            pause(Duration.ofNanos(random.nextInt(4_000_000)));
            task.cancel();
            ended(task);
        }
        assertThat(BufferLeaks.found()).isEmpty();
    }

    private static void pause(Duration time) {
        long until = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }
    }

    private static void ended(Task<?> task) {
        try {
            task.join();
        } catch (CancellationException e) {
            // Or it was done before.
        }
    }

    private static void assertCancelled(Task<?> task) {
        assertThatThrownBy(task::join).isInstanceOf(CancellationException.class);
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            assertThat(latch.await(ofSeconds(10).toMillis(), TimeUnit.MILLISECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
