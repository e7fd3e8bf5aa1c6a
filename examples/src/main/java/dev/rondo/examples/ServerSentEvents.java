package dev.rondo.examples;

import static dev.rondo.Async.currentLoop;
import static dev.rondo.Async.run;
import static dev.rondo.Async.sleep;
import static dev.rondo.reactor.ReactorBridge.await;
import static dev.rondo.reactor.ReactorBridge.flux;
import static dev.rondo.reactor.ReactorBridge.iterate;

import static java.time.Duration.ofMillis;

import dev.rondo.EventLoop;
import dev.rondo.Promise;
import dev.rondo.reactor.ElementStream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import org.jspecify.annotations.Nullable;

import reactor.core.publisher.Flux;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * A server whose generator makes events without end, and a client that reads three of them.
 *
 * <p>Notice: the generator never sleeps, yet it does not run away: emit() suspends when the network
 * and the client, which is slow, have enough. When the client leaves its for-loop, the connection
 * is closed, and that is a cancellation of the generator, whose {@code finally} runs.
 */
final class ServerSentEvents {
    private static final int ENOUGH = 3;
    private static final String PADDING = "x".repeat(1000);

    private final EventLoop loop = currentLoop();
    private final Console console = new Console();
    private final Promise<@Nullable Object> cleanedUp = loop.newPromise();
    private int made;

    private ServerSentEvents() {}

    static void main(List<String> args) {
        run(() -> new ServerSentEvents().serveAndRead());
    }

    private void serveAndRead() {
        DisposableServer server =
                Objects.requireNonNull(
                        await(
                                HttpServer.create()
                                        .host("127.0.0.1")
                                        .port(0)
                                        .route(routes ->
                                                routes.get(
                                                        "/events",
                                                        (request, response) ->
                                                                response.sse()
                                                                        .send(
                                                                                events(),
                                                                                event -> true)))
                                        .bind()));
        try {
            read(server.port());
            cleanedUp.await();
        } finally {
            server.dispose();
            await(server.onDispose());
            console.print("the server is closed");
        }
    }

    private Flux<ByteBuf> events() {
        return flux(
                loop,
                emitter -> {
                    console.print("a subscriber has come");
                    try {
                        while (true) {
                            made++;
                            String event = "event: tick\ndata: " + made + " " + PADDING + "\n\n";
                            emitter.emit(Unpooled.copiedBuffer(event, StandardCharsets.UTF_8));
                        }
                    } finally {
                        console.print("the generator cleans up");
                        cleanedUp.tryComplete(null);
                    }
                });
    }

    private void read(int port) {
        Flux<String> chunks =
                HttpClient.create()
                        .get()
                        .uri("http://127.0.0.1:" + port + "/events")
                        .responseContent()
                        .asString();
        int count = 0;
        try (ElementStream<String> stream = iterate(lines(chunks), 1)) {
            for (String line : stream) {
                if (line.startsWith("data: ")) {
                    console.print("read event " + line.split(" ", 3)[1]);
                    sleep(ofMillis(200));
                    if (++count == ENOUGH) {
                        break;
                    }
                }
            }
            console.print("made so far: " + made);
        }
        console.print("the client has had enough");
    }

    /** The network cuts where it likes. */
    private static Flux<String> lines(Flux<String> chunks) {
        return flux(emitter -> {
            StringBuilder text = new StringBuilder();
            try (ElementStream<String> stream = iterate(chunks, 1)) {
                for (String chunk : stream) {
                    text.append(chunk);
                    for (int end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n")) {
                        emitter.emit(text.substring(0, end));
                        text.delete(0, end + 1);
                    }
                }
            }
        });
    }
}
