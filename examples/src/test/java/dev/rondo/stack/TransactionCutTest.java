package dev.rondo.stack;

import static dev.rondo.Async.*;
import static dev.rondo.reactor.ReactorBridge.*;

import static org.assertj.core.api.Assertions.assertThat;

import static java.time.Duration.ofSeconds;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactories;

import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;

import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import java.util.List;
import java.util.Random;
import java.util.function.Function;

/** Transactions whose subscriber goes away at a random moment, beside those of operators. */
abstract class TransactionCutTest extends TransactionFixture {
    TransactionCutTest(Database database) {
        super(database);
    }

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
                                ConnectionFactories.get(database.url()).create(),
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
}
