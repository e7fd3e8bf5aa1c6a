package dev.rondo.stack;

/** Transactions of H2 whose subscriber goes away at a random moment. */
class H2TransactionCutTest extends TransactionCutTest {
    H2TransactionCutTest() {
        super(Database.H2);
    }
}
