package dev.rondo.stack;

import static org.assertj.core.api.Assertions.assertThat;

import static java.time.Duration.ofSeconds;

import dev.rondo.EventLoop;

import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactories;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.parallel.Isolated;
import org.springframework.r2dbc.connection.R2dbcTransactionManager;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.reactive.TransactionalOperator;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Spring's transactions round coroutines, with a pool of five connections to a real database. */
@Isolated // It takes a processor, where others take the time.
abstract class TransactionFixture {
    static final int CONNECTIONS = 5;
    static final int STATEMENTS = 5;

    final Database database;
    final AtomicInteger runs = new AtomicInteger();
    EventLoop loop;
    Scheduler thread;
    TransactionalOperator tx;
    private ConnectionPool pool;
    private DatabaseClient db;

    TransactionFixture(Database database) {
        this.database = database;
    }

    @BeforeEach
    void open() {
        pool =
                new ConnectionPool(
                        ConnectionPoolConfiguration.builder(ConnectionFactories.get(database.url()))
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
    final class Run {
        private final int number = runs.incrementAndGet();
        volatile boolean gone;
        final AtomicInteger late = new AtomicInteger();

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

    Flux<Long> numbers(String query) {
        return db.sql(query).map(row -> row.get(0, Number.class).longValue()).all();
    }

    /** As those of run 0. */
    void fillWithRows(int number) {
        String rows =
                IntStream.range(0, number)
                        .mapToObj(n -> "(0, " + n + ")")
                        .collect(Collectors.joining(", "));
        db.sql("insert into line(run, n) values " + rows).then().block();
    }

    Mono<Long> ownSession() {
        return numbers(database.session).single();
    }

    void assertAllConnectionsAreBack() {
        assertThat(soon(() -> acquired() == 0)).as("all connections come back").isTrue();
        // All of them can be had and used at once.
        Flux<Connection> all = Flux.range(0, CONNECTIONS).flatMap(i -> pool.create(), CONNECTIONS);
        List<Connection> connections = all.collectList().block(ofSeconds(10));
        assertThat(connections).hasSize(CONNECTIONS);
        Flux.fromIterable(connections).concatMap(Connection::close).blockLast();
    }

    int acquired() {
        return pool.getMetrics().orElseThrow().acquiredSize();
    }

    /** What other threads do takes real time. */
    static boolean soon(BooleanSupplier condition) {
        long limit = System.nanoTime() + ofSeconds(5).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > limit) {
                return false;
            }
            LockSupport.parkNanos(50_000);
        }
        return true;
    }
}
