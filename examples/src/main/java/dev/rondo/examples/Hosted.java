package dev.rondo.examples;

import static dev.rondo.reactor.ReactorBridge.await;
import static dev.rondo.reactor.ReactorBridge.mono;

import dev.rondo.EventLoop;
import dev.rondo.LoopGroup;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.LoopResources;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * A server whose handlers are coroutines on Netty's own threads, a loop on each: two deposits at
 * once run on two cores. Balances are kept in plain maps, one to a loop; an account belongs to the
 * loop of its key, so nothing is locked and no deposit is lost.
 *
 * <p>Notice: what is single-threaded is each loop, not the program. A handler may touch what
 * belongs to the connection; an account's balance it touches only on the account's loop.
 */
final class Hosted {
    private static final int ACCOUNTS = 5;
    private static final int DEPOSITS = 200;

    private final LoopGroup loops;

    /** Each map is touched by its loop alone. */
    private final Map<EventLoop, Map<String, Integer>> balances;

    private Hosted(LoopGroup loops) {
        this.loops = loops;
        balances =
                loops.loops().stream()
                        .collect(Collectors.toMap(loop -> loop, loop -> new HashMap<>()));
    }

    static void main(List<String> args) {
        LoopResources threads = LoopResources.create("http", 2, true);
        try (LoopGroup loops = loopsOn(threads)) {
            new Hosted(loops).serve(threads);
        }
        threads.disposeLater().block();
    }

    /**
     * The one line that hosts the loops; without mounted coroutines they have threads of their own.
     */
    private static LoopGroup loopsOn(LoopResources threads) {
        try {
            return LoopGroup.start("http", threads.onServer(LoopResources.DEFAULT_NATIVE));
        } catch (IllegalStateException e) {
            System.out.println("Not hosted: " + e.getMessage());
            return LoopGroup.start("http", 2);
        }
    }

    private void serve(LoopResources threads) {
        DisposableServer server =
                HttpServer.create()
                        .runOn(threads)
                        .host("127.0.0.1")
                        .port(0)
                        .route(routes ->
                                routes.get(
                                        "/deposit/{account}",
                                        (request, response) ->
                                                response.sendString(
                                                        handle(
                                                                Objects.requireNonNull(
                                                                        request.param(
                                                                                "account"))))))
                        .bindNow();
        try {
            depositAll(server.port());
        } finally {
            server.disposeNow();
        }
    }

    private Mono<String> handle(String account) {
        return mono(
                loops,
                () -> {
                    EventLoop home = loops.of(account);
                    return account + ": " + await(mono(home, () -> deposit(home, account)));
                });
    }

    private int deposit(EventLoop home, String account) {
        return Objects.requireNonNull(balances.get(home)).merge(account, 1, Integer::sum);
    }

    private void depositAll(int port) {
        HttpClient client = HttpClient.create().baseUrl("http://127.0.0.1:" + port);
        Map<String, Long> answers =
                Flux.range(0, ACCOUNTS * DEPOSITS)
                        .flatMap(
                                i ->
                                        client.get()
                                                .uri("/deposit/account-" + i % ACCOUNTS)
                                                .responseContent()
                                                .aggregate()
                                                .asString(),
                                16)
                        .collect(Collectors.groupingBy(answer -> answer, Collectors.counting()))
                        .blockOptional()
                        .orElseThrow();
        for (int i = 0; i < ACCOUNTS; i++) {
            String account = "account-" + i;
            long last = answers.getOrDefault(account + ": " + DEPOSITS, 0L);
            System.out.println(account + " got " + last + " answer with " + DEPOSITS);
        }
    }
}
