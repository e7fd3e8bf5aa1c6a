package dev.rondo.issues;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;

import static java.time.Duration.*;

import dev.rondo.*;
import dev.rondo.testing.*;

import org.junit.jupiter.api.Test;

import java.util.*;
import java.util.concurrent.*;

/** A log handler that throws killed the loop. */
class FailingLogHandlerTest {

    @Test
    void theLoopLivesOn() {
        java.util.logging.Logger logger = java.util.logging.Logger.getLogger("dev.rondo");
        java.util.logging.Handler failing =
                new java.util.logging.Handler() {
                    @Override
                    public void publish(java.util.logging.LogRecord record) {
                        throw new IllegalStateException("the disk is full");
                    }

                    @Override
                    public void flush() {}

                    @Override
                    public void close() {}
                };
        logger.setUseParentHandlers(false);
        logger.addHandler(failing);
        java.io.PrintStream err = System.err;
        System.setErr(new java.io.PrintStream(java.io.OutputStream.nullOutputStream()));
        try {
            VirtualClock.run(() -> {
                currentLoop()
                        .callSoon(() -> {
                            throw new RuntimeException("boom");
                        });
                yieldNow();
                yieldNow();
                assertThat(createTask(() -> 1).await()).isEqualTo(1);
            });
        } finally {
            System.setErr(err);
            logger.removeHandler(failing);
            logger.setUseParentHandlers(true);
        }
    }
}
