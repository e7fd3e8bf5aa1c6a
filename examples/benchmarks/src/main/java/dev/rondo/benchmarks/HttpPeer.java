package dev.rondo.benchmarks;

import static dev.rondo.Async.sleep;
import static dev.rondo.reactor.ReactorBridge.mono;

import dev.rondo.EventLoop;

import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

import java.time.Duration;
import java.util.function.Supplier;

/** Row l: a Reactor Netty server whose handler waits for two short timers. Prints its port. */
final class HttpPeer {
    private static final Duration SHORT = Duration.ofMillis(1);

    private HttpPeer() {}

    public static void main(String[] args) {
        Supplier<Mono<String>> handler = handler(args[0]);
        DisposableServer server =
                HttpServer.create()
                        .host("127.0.0.1")
                        .port(0)
                        .handle((in, out) -> out.sendString(handler.get()))
                        .bindNow();
        System.out.println(server.port());
        server.onDispose().block();
    }

    private static Supplier<Mono<String>> handler(String peer) {
        Scheduler single = Schedulers.newSingle(peer);
        return switch (peer) {
            case "rondo" -> {
                EventLoop loop = EventLoop.start("rondo");
                yield () ->
                        mono(
                                loop,
                                () -> {
                                    sleep(SHORT);
                                    sleep(SHORT);
                                    return "hello";
                                });
            }
            case "kotlin" -> new KotlinPeer(single)::handler;
            default ->
                    () ->
                            Mono.delay(SHORT, single)
                                    .then(Mono.delay(SHORT, single))
                                    .thenReturn("hello");
        };
    }
}
