package dev.rondo.stack;

import static dev.rondo.Async.*;
import static dev.rondo.reactor.ReactorBridge.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.ofSeconds;

import dev.rondo.EventLoop;
import dev.rondo.Task;

import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactories;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.reactivestreams.Publisher;
import org.springframework.r2dbc.connection.R2dbcTransactionManager;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.reactive.TransactionalOperator;

import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Spring's transactions round coroutines, with a pool of five connections to a real database. */
@Isolated // It takes a processor, where others take the time.
abstract class TransactionTest {
    private static final int CONNECTIONS = 5;
    private static final int STATEMENTS = 5;

    private final AtomicInteger runs = new AtomicInteger();
    private EventLoop loop;
    private Scheduler thread;
    private ConnectionPool pool;
    private DatabaseClient db;
    private TransactionalOperator tx;

    /** Of the database; aborts the test where there is none. */
    abstract String url();

    /** A query for a number that each connection has for itself. */
    abstract String session();

    @BeforeEach
    void open() {
        pool =
                new ConnectionPool(
                        ConnectionPoolConfiguration.builder(ConnectionFactories.get(url()))
                                .maxSize(CONNECTIONS)
                                .maxAcquireTime(ofSeconds(10))
                                .build());
        loop = EventLoop.start("transactions");
        thread = Schedulers.newSingle("operators");
        db = DatabaseClient.create(pool);
        tx = TransactionalOperator.create(new R2dbcTransactionManager(pool));
        db.sql("drop table if exists line").then().block();
        db.sql("create table line(run int, n int)").then().block();
    }

    @AfterEach
    void close() {
        if (pool != null) {
            loop.close();
            thread.dispose();
            pool.disposeLater().block();
        }
    }

    /** One transaction of five statements; its subscriber may go away. */
    private final class Run {
        private final int number = runs.incrementAndGet();
        private volatile boolean gone;
        private final AtomicInteger late = new AtomicInteger();

        Mono<Long> insert(int n) {
            return Mono.defer(() -> {
                if (gone) {
                    late.incrementAndGet();
                }
                return db.sql("insert into line(run, n) values (" + number + ", " + n + ")")
                        .fetch()
                        .rowsUpdated();
            });
        }

        long rows() {
            return numbers("select count(*) from line where run = " + number).blockFirst();
        }
    }

    private Flux<Long> numbers(String query) {
        return db.sql(query).map(row -> row.get(0, Number.class).longValue()).all();
    }

    /** As those of run 0. */
    private void fillWithRows(int number) {
        String rows =
                IntStream.range(0, number)
                        .mapToObj(n -> "(0, " + n + ")")
                        .collect(Collectors.joining(", "));
        db.sql("insert into line(run, n) values " + rows).then().block();
    }

    private Mono<Long> ownSession() {
        return numbers(session()).single();
    }

    private void assertAllConnectionsAreBack() {
        assertThat(soon(() -> acquired() == 0)).as("all connections come back").isTrue();
        // All of them can be had and used at once.
        Flux<Connection> all = Flux.range(0, CONNECTIONS).flatMap(i -> pool.create(), CONNECTIONS);
        List<Connection> connections = all.collectList().block(ofSeconds(10));
        assertThat(connections).hasSize(CONNECTIONS);
        Flux.fromIterable(connections).concatMap(Connection::close).blockLast();
    }

    private int acquired() {
        return pool.getMetrics().orElseThrow().acquiredSize();
    }

    /** What other threads do takes real time. */
    private static boolean soon(BooleanSupplier condition) {
        long limit = System.nanoTime() + ofSeconds(5).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > limit) {
                return false;
            }
            LockSupport.parkNanos(50_000);
        }
        return true;
    }

    // Cancelled at random moments.

    /**
     * What became of transactions whose subscriber went away.
     *
     * @param leaked connections that were not given back: with operators, too, one now and then is
     *     lost where the cancel meets the beginning or the end of the transaction
     * @param late the most statements of one transaction that began when its subscriber had gone
     * @param parts transactions of which some rows are there, but not all
     * @param rows the most rows of one of these
     */
    private record Cuts(int cancels, int leaked, int late, int parts, int rows) {}

    private Mono<Void> operators(Run run) {
        return Flux.range(0, STATEMENTS)
                .concatMap(n -> run.insert(n).publishOn(thread))
                .then()
                .subscribeOn(thread);
    }

    /** A statement that meets the cancel can come after the rollback: with operators, too. */
    private void cutsLeaveNoMoreThanOperatorsDo(
            int number, int atOnce, Function<Run, ? extends Publisher<?>> coroutine) {
        Cuts operators = cut(number, this::operators);
        Cuts cuts = cut(number, coroutine);
        String both = "coroutine " + cuts + ", operators " + operators;
        assertThat(cuts.cancels).as(both).isEqualTo(number);
        assertThat(cuts.leaked).as(both).isLessThanOrEqualTo(operators.leaked + 2);
        assertThat(cuts.late).as(both).isLessThanOrEqualTo(atOnce);
        assertThat(cuts.rows).as(both).isLessThanOrEqualTo(atOnce);
        assertThat(cuts.parts).as(both).isLessThanOrEqualTo(2 * operators.parts + 10);
        if (acquired() == 0) {
            assertAllConnectionsAreBack();
        }
    }

    private Cuts cut(int number, Function<Run, ? extends Publisher<?>> body) {
        int first = runs.get();
        // The moments are sought within the time that a run takes, while it gets faster.
        double reach = nanosOfOne(body);
        Random random = new Random(7);
        int late = 0;
        int cuts = 0;
        int before = acquired();
        int lost = before;
        while (cuts < number && lost < CONNECTIONS) {
            Run run = new Run();
            Disposable subscriber =
                    tx.transactional(Flux.from(body.apply(run))).subscribe(x -> {}, e -> {});
            long moment = System.nanoTime() + (long) (random.nextDouble() * reach);
            while (System.nanoTime() < moment) {
                Thread.onSpinWait();
            }
            boolean ended = subscriber.isDisposed();
            subscriber.dispose();
            run.gone = true;
            cuts += ended ? 0 : 1;
            reach *= ended ? 0.95 : 1.02;
            int expected = lost;
            if (!soon(() -> acquired() <= expected)) {
                lost = acquired();
            }
            late = Math.max(late, run.late.get());
        }
        // By a connection of its own, since there may be none left in the pool.
        String query =
                "select count(*) from line where run > "
                        + first
                        + " group by run having count(*) <> "
                        + STATEMENTS;
        List<Integer> parts =
                Flux.usingWhen(
                                ConnectionFactories.get(url()).create(),
                                one ->
                                        Flux.from(one.createStatement(query).execute())
                                                .flatMap(result ->
                                                        result.map((row, meta) ->
                                                                row.get(0, Number.class)
                                                                        .intValue())),
                                Connection::close)
                        .collectList()
                        .block();
        int rows = parts.stream().mapToInt(n -> n).max().orElse(0);
        return new Cuts(cuts, lost - before, late, parts.size(), rows);
    }

    /** The last of some that are left alone. */
    private long nanosOfOne(Function<Run, ? extends Publisher<?>> body) {
        long nanos = 0;
        for (int i = 0; i < 20; i++) {
            Run run = new Run();
            long begin = System.nanoTime();
            tx.transactional(Flux.from(body.apply(run))).blockLast(ofSeconds(10));
            nanos = System.nanoTime() - begin;
            assertThat(run.rows()).isEqualTo(STATEMENTS);
        }
        return nanos;
    }

    @Test
    void awaitedStatements_cutAtAnyMoment() {
        cutsLeaveNoMoreThanOperatorsDo(
                500,
                1,
                run ->
                        mono(
                                loop,
                                () -> {
                                    for (int n = 0; n < STATEMENTS; n++) {
                                        await(run.insert(n));
                                    }
                                }));
    }

    @Test
    void statementsOfTasks_cutAtAnyMoment() {
        cutsLeaveNoMoreThanOperatorsDo(
                100,
                1,
                run ->
                        mono(
                                loop,
                                () -> {
                                    for (int n = 0; n < STATEMENTS; n++) {
                                        toTask(run.insert(n)).await();
                                    }
                                }));
    }

    @Test
    void statementsOfChildren_cutAtAnyMoment() {
        cutsLeaveNoMoreThanOperatorsDo(
                100,
                2,
                run ->
                        mono(
                                loop,
                                () -> {
                                    await(run.insert(0));
                                    taskGroup(group -> {
                                        group.createTask(() -> {
                                            await(run.insert(1));
                                            await(run.insert(2));
                                        });
                                        group.createTask(() -> await(run.insert(3)));
                                    });
                                    await(run.insert(4));
                                }));
    }

    @Test
    void aStatementForEachRow_cutAtAnyMoment() {
        fillWithRows(STATEMENTS);
        cutsLeaveNoMoreThanOperatorsDo(
                100,
                1,
                run ->
                        mono(
                                loop,
                                () ->
                                        forEach(
                                                numbers("select n from line where run = 0"),
                                                n -> await(run.insert(n.intValue())))));
    }

    @Test
    void aFluxOfStatements_cutAtAnyMoment() {
        cutsLeaveNoMoreThanOperatorsDo(
                100,
                1,
                run ->
                        flux(
                                loop,
                                emitter -> {
                                    for (int n = 0; n < STATEMENTS; n++) {
                                        emitter.emit(await(run.insert(n)));
                                    }
                                }));
    }

    // Not cancelled, or at a moment that is known.

    @Test
    void aBodyThatFails_isRolledBack() {
        Run run = new Run();
        Mono<Void> body =
                mono(
                        loop,
                        () -> {
                            await(run.insert(0));
                            await(run.insert(1));
                            throw new IllegalStateException("sold out");
                        });
        assertThatThrownBy(() -> tx.transactional(body).block()).hasMessage("sold out");
        assertThat(run.rows()).isZero();
        assertAllConnectionsAreBack();
    }

    @Test
    void gatheredChildren_useTheTransactionsConnection_andAreRolledBackWithIt() {
        Run run = new Run();
        List<Long> sessions = new ArrayList<>();
        Mono<Void> body =
                mono(
                        loop,
                        () -> {
                            sessions.add(await(ownSession()));
                            sessions.addAll(
                                    gather(
                                                    () -> await(ownSession()),
                                                    () -> {
                                                        await(run.insert(0));
                                                        return await(ownSession());
                                                    })
                                            .await());
                            throw new IllegalStateException("sold out");
                        });
        assertThatThrownBy(() -> tx.transactional(body).block()).hasMessage("sold out");
        assertThat(sessions).hasSize(3).containsOnly(sessions.getFirst());
        assertThat(run.rows()).isZero();
        assertAllConnectionsAreBack();
    }

    @Test
    void anAwaitedTask_usesTheTransactionsConnection_andIsCommittedWithIt() {
        Run run = new Run();
        Mono<List<Long>> body =
                mono(
                        loop,
                        () -> {
                            Task<Long> inserted = toTask(run.insert(0));
                            Task<Long> session = toTask(ownSession());
                            inserted.await();
                            return List.of(await(ownSession()), session.await());
                        });
        List<Long> sessions = tx.transactional(body).block();
        assertThat(sessions).hasSize(2).containsOnly(sessions.getFirst());
        assertThat(run.rows()).isEqualTo(1);
        assertAllConnectionsAreBack();
    }

    @Test
    void aTaskThatRunsAnyway_isOutsideTheTransaction() {
        Run run = new Run();
        Mono<Void> body =
                Mono.defer(() -> toMono(loop.submit(() -> await(run.insert(0)))))
                        .then(Mono.error(new IllegalStateException("sold out")));
        assertThatThrownBy(() -> tx.transactional(body).block()).hasMessage("sold out");
        assertThat(run.rows()).isEqualTo(1);
        assertAllConnectionsAreBack();
    }

    @Test
    void threeOfAFlux_areRolledBack_asWithOperators() {
        Run operators = new Run();
        Run coroutine = new Run();
        Flux<Long> ofOperators =
                Flux.range(0, STATEMENTS).concatMap(n -> operators.insert(n).thenReturn((long) n));
        Flux<Long> ofCoroutine =
                flux(
                        loop,
                        emitter -> {
                            for (int n = 0; n < STATEMENTS; n++) {
                                await(coroutine.insert(n));
                                emitter.emit((long) n);
                            }
                        });
        for (Flux<Long> body : List.of(ofOperators, ofCoroutine)) {
            assertThat(tx.transactional(body).take(3).collectList().block())
                    .containsExactly(0L, 1L, 2L);
            assertAllConnectionsAreBack();
        }
        assertThat(List.of(operators.rows(), coroutine.rows())).containsExactly(0L, 0L);
    }

    @Test
    void rowsThatAreLeftEarly_leaveTheTransactionAsItIs() {
        Run run = new Run();
        fillWithRows(1000);
        Mono<Long> body =
                mono(
                        loop,
                        () -> {
                            await(run.insert(0));
                            long last = -1;
                            String query = "select n from line where run = 0";
                            try (var rows = iterate(numbers(query + " order by n"), 8)) {
                                for (long n : rows) {
                                    last = n;
                                    if (n == 20) {
                                        break;
                                    }
                                }
                            }
                            await(run.insert(1));
                            return last;
                        });
        assertThat(tx.transactional(body).block(ofSeconds(10))).isEqualTo(20);
        assertThat(run.rows()).isEqualTo(2);
        assertAllConnectionsAreBack();
    }

    @Test
    void rowsThatAreLeftEarly_giveTheirOwnConnectionBack() {
        fillWithRows(1000);
        for (int i = 0; i < 2 * CONNECTIONS; i++) {
            mono(
                            loop,
                            () -> {
                                try (var rows = iterate(numbers("select n from line"), 8)) {
                                    for (long n : rows) {
                                        return n;
                                    }
                                }
                                return -1L;
                            })
                    .block(ofSeconds(10));
        }
        assertAllConnectionsAreBack();
    }
}
