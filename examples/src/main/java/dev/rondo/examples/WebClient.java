package dev.rondo.examples;

import static dev.rondo.Async.gather;
import static dev.rondo.Async.sleep;
import static dev.rondo.Async.timeout;
import static dev.rondo.reactor.ReactorBridge.await;
import static dev.rondo.reactor.ReactorBridge.mono;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import dev.rondo.AsyncTimeoutException;
import dev.rondo.Coroutine;
import dev.rondo.EventLoop;

import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerRoutes;

import java.util.List;
import java.util.stream.IntStream;

/**
 * A small Reactor Netty server whose handlers are coroutines, and a client that calls it in plain
 * code: ten calls at once, a retry, a timeout.
 *
 * <p>Notice: server and client share one loop, so the server's counter needs no lock, though the
 * bytes are read and written by Netty's own threads. A call that times out is cancelled on the way
 * to the wire: its connection is closed.
 */
final class WebClient {
    private final EventLoop loop;
    private final Console console;
    private int busyAnswers = 2;

    private WebClient(EventLoop loop) {
        this.loop = loop;
        console = new Console(loop);
    }

    static void main(List<String> args) {
        try (EventLoop loop = EventLoop.create()) {
            WebClient sample = new WebClient(loop);
            // Before the loop runs, for loading all of Netty would hold it up.
            DisposableServer server =
                    HttpServer.create().host("localhost").port(0).route(sample::routes).bindNow();
            HttpClient client = HttpClient.create().baseUrl("http://localhost:" + server.port());
            try {
                loop.run(() -> sample.call(client));
            } finally {
                server.disposeNow();
            }
        }
    }

    private void routes(HttpServerRoutes routes) {
        routes.get("/square/{n}", (in, out) -> out.sendString(mono(loop, () -> square(in))));
        routes.get(
                "/busy",
                (in, out) -> mono(loop, () -> busy()).flatMap(s -> out.status(s).send().then()));
        routes.get("/slow", (in, out) -> out.sendString(mono(loop, () -> slow())));
    }

    private static String square(HttpServerRequest request) {
        sleep(ofMillis(100));
        int n = Integer.parseInt(String.valueOf(request.param("n")));
        return String.valueOf(n * n);
    }

    private int busy() {
        return busyAnswers-- > 0 ? 503 : 200;
    }

    private String slow() {
        try {
            sleep(ofSeconds(60));
            return "too late";
        } finally {
            console.print("the slow handler is cancelled: its client has gone");
        }
    }

    private void call(HttpClient client) {
        List<Coroutine<String>> calls =
                IntStream.rangeClosed(1, 10)
                        .mapToObj(n -> (Coroutine<String>) () -> get(client, "/square/" + n))
                        .toList();
        console.print("ten at once: " + gather(calls).await());

        for (int attempt = 1; ; attempt++) {
            int status = await(client.get().uri("/busy").response().map(r -> r.status().code()));
            console.print("attempt " + attempt + ": status " + status);
            if (status == 200) {
                break;
            }
            sleep(ofMillis(50L << attempt));
        }

        try {
            timeout(ofMillis(300), () -> get(client, "/slow"));
        } catch (AsyncTimeoutException e) {
            console.print("no answer within 300 ms");
        }
        sleep(ofMillis(300));
    }

    private static String get(HttpClient client, String path) {
        return String.valueOf(
                await(client.get().uri(path).responseContent().aggregate().asString()));
    }
}
