package dev.rondo.stack;

/** Transactions of PostgreSQL that are not cancelled, or at a moment that is known. */
class PostgresTransactionTest extends TransactionTest {
    PostgresTransactionTest() {
        super(Database.POSTGRES);
    }
}
