package dev.rondo.stack;

/** Transactions of PostgreSQL whose subscriber goes away at a random moment. */
class PostgresTransactionCutTest extends TransactionCutTest {
    PostgresTransactionCutTest() {
        super(Database.POSTGRES);
    }
}
