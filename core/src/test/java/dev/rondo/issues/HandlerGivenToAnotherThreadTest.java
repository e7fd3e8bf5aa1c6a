package dev.rondo.issues;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;

import static java.time.Duration.*;

import dev.rondo.*;
import dev.rondo.testing.*;

import org.junit.jupiter.api.Test;

import java.util.*;
import java.util.concurrent.*;

/** A thread that was given a coroutine's uncaught exception handler was taken for the coroutine. */
class HandlerGivenToAnotherThreadTest {

    @Test
    void itIsNotInTheLoop() {
        Async.run(() -> {
            EventLoop loop = currentLoop();
            CompletableFuture<Boolean> inLoop = new CompletableFuture<>();
            Thread.ofVirtual()
                    .uncaughtExceptionHandler(Thread.currentThread().getUncaughtExceptionHandler())
                    .start(() -> inLoop.complete(loop.inLoop()));
            assertThat(await(inLoop)).isFalse();
        });
    }
}
