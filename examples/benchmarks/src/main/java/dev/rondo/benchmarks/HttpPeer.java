package dev.rondo.benchmarks;

import static dev.rondo.Async.sleep;
import static dev.rondo.reactor.ReactorBridge.flux;
import static dev.rondo.reactor.ReactorBridge.mono;

import dev.rondo.EventLoop;
import dev.rondo.LoopGroup;

import io.netty.buffer.ByteBufUtil;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.NettyOutbound;
import reactor.netty.http.HttpResources;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * Rows l and m: a Reactor Netty server whose handler answers at once or waits for two short timers,
 * and which sends a dense stream of server-sent events. Prints its port.
 */
final class HttpPeer {
    static final int EVENTS = 100;
    private static final Duration SHORT = Duration.ofMillis(1);

    private final EventLoop loop = EventLoop.start("rondo");
    private final Scheduler single = Schedulers.newSingle("single");
    private final KotlinPeer kotlin = new KotlinPeer(single);

    public static void main(String[] args) {
        HttpPeer peer = new HttpPeer();
        Supplier<Mono<String>> handler = peer.handler(args[0]);
        Supplier<Mono<String>> plain = peer.plain(args[0]);
        Supplier<Flux<Integer>> events = peer.events(args[0]);
        if (args[0].equals("hosted")) {
            LoopGroup.start("http", HttpResources.get().onServer(LoopResources.DEFAULT_NATIVE));
        }
        DisposableServer server =
                HttpServer.create()
                        .host("127.0.0.1")
                        .port(0)
                        .handle((in, out) ->
                                switch (in.uri()) {
                                    case "/events" -> send(out.sse(), events.get());
                                    case "/plain" -> out.sendString(plain.get());
                                    default -> out.sendString(handler.get());
                                })
                        .bindNow();
        System.out.println(server.port());
        server.onDispose().block();
    }

    private Supplier<Mono<String>> handler(String peer) {
        return switch (peer) {
            case "rondo" ->
                    () ->
                            mono(
                                    loop,
                                    () -> {
                                        sleep(SHORT);
                                        sleep(SHORT);
                                        return "hello";
                                    });
            case "hosted" ->
                    () ->
                            mono(() -> {
                                sleep(SHORT);
                                sleep(SHORT);
                                return "hello";
                            });
            case "kotlin" -> kotlin::handler;
            default ->
                    () ->
                            Mono.delay(SHORT, single)
                                    .then(Mono.delay(SHORT, single))
                                    .thenReturn("hello");
        };
    }

    /** Answers at once. */
    private Supplier<Mono<String>> plain(String peer) {
        return switch (peer) {
            case "rondo" -> () -> mono(loop, () -> "hello");
            case "hosted" -> () -> mono(() -> "hello");
            case "kotlin" -> kotlin::plain;
            default -> () -> Mono.fromSupplier(() -> "hello");
        };
    }

    /** Operators need no thread of their own: Reactor's run on Netty's. */
    private Supplier<Flux<Integer>> events(String peer) {
        return switch (peer) {
            case "rondo" ->
                    () ->
                            flux(
                                    loop,
                                    emitter -> {
                                        for (int i = 0; i < EVENTS; i++) {
                                            emitter.emit(i);
                                        }
                                    });
            case "hosted" ->
                    () ->
                            flux(emitter -> {
                                for (int i = 0; i < EVENTS; i++) {
                                    emitter.emit(i);
                                }
                            });
            case "kotlin" -> () -> kotlin.emitting(EVENTS);
            default -> () -> Flux.range(0, EVENTS);
        };
    }

    /**
     * Each event is flushed; 32 are asked for at first, then 24 at a time: as Spring WebFlux does.
     */
    private static NettyOutbound send(HttpServerResponse out, Flux<Integer> events) {
        return out.sendGroups(
                events.map(event ->
                        Mono.fromSupplier(() ->
                                ByteBufUtil.writeUtf8(
                                        out.alloc(), "data:event " + event + "\n\n"))));
    }
}
