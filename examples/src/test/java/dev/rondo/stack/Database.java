package dev.rondo.stack;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What transactions are tested with. */
enum Database {
    /** In this process: a statement ends within the call that begins it. */
    H2("select session_id()") {
        @Override
        String url() {
            return "r2dbc:h2:mem:///transactions;DB_CLOSE_DELAY=-1";
        }
    },
    /** Over a socket; {@code .ci/run} starts the server. */
    POSTGRES("select pg_backend_pid()") {
        @Override
        String url() {
            String url = System.getenv("RONDO_POSTGRES");
            assumeTrue(url != null, "RONDO_POSTGRES is the URL of a PostgreSQL to test with");
            return url;
        }
    };

    /** A query for a number that each connection has for itself. */
    final String session;

    Database(String session) {
        this.session = session;
    }

    /** Aborts the test where there is none. */
    abstract String url();
}
