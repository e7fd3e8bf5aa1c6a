package dev.rondo.stack;

import static org.assertj.core.api.Assumptions.assumeThat;

/** Over a socket; {@code .ci/run} starts the server. */
class PostgresTransactionTest extends TransactionTest {
    @Override
    String url() {
        String url = System.getenv("RONDO_POSTGRES");
        assumeThat(url).as("RONDO_POSTGRES, the URL of a PostgreSQL to test with").isNotNull();
        return url;
    }

    @Override
    String session() {
        return "select pg_backend_pid()";
    }
}
