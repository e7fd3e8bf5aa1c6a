package dev.rondo.stack;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Over a socket; {@code .ci/run} starts the server. */
class PostgresTransactionTest extends TransactionTest {
    @Override
    String url() {
        String url = System.getenv("RONDO_POSTGRES");
        assumeTrue(url != null, "RONDO_POSTGRES is the URL of a PostgreSQL to test with");
        return url;
    }

    @Override
    String session() {
        return "select pg_backend_pid()";
    }
}
