package dev.rondo.stack;

import static dev.rondo.Async.*;
import static dev.rondo.reactor.ReactorBridge.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.ofSeconds;

import dev.rondo.Task;

import org.junit.jupiter.api.Test;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import java.util.ArrayList;
import java.util.List;

/** Transactions that are not cancelled, or at a moment that is known. */
abstract class TransactionTest extends TransactionFixture {
    TransactionTest(Database database) {
        super(database);
    }

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
