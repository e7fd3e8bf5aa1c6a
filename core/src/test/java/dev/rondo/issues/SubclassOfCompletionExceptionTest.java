package dev.rondo.issues;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.*;

import dev.rondo.*;
import dev.rondo.testing.*;

import org.junit.jupiter.api.Test;

import java.util.*;
import java.util.concurrent.*;

/** A stage's own subclass of CompletionException was unwrapped. */
class SubclassOfCompletionExceptionTest {

    @Test
    void itIsThrownAsTheSameObject() {
        class Own extends CompletionException {
            private static final long serialVersionUID = 1;

            Own() {
                super(new RuntimeException("inner"));
            }
        }
        Own own = new Own();
        Async.run(() ->
                assertThatThrownBy(() -> await(CompletableFuture.failedFuture(own))).isSameAs(own));
    }
}
