package dev.rondo.stack;

/** Transactions of H2 that are not cancelled, or at a moment that is known. */
class H2TransactionTest extends TransactionTest {
    H2TransactionTest() {
        super(Database.H2);
    }
}
