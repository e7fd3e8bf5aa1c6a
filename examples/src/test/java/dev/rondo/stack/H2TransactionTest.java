package dev.rondo.stack;

/** In this process: a statement ends within the call that begins it. */
class H2TransactionTest extends TransactionTest {
    @Override
    String url() {
        return "r2dbc:h2:mem:///transactions;DB_CLOSE_DELAY=-1";
    }

    @Override
    String session() {
        return "select session_id()";
    }
}
