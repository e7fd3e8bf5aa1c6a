package dev.rondo.issues;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;

import static java.time.Duration.*;

import dev.rondo.Action;
import dev.rondo.EventLoop;
import dev.rondo.Task;
import dev.rondo.sync.AsyncLock;
import dev.rondo.sync.AsyncSemaphore;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A lock or a permit is released while the stack ends, in a program so young that a method is now
 * compiled and now not. Once the release failed between waking who waits and taking it out of the
 * line, and the next try found a waiter that had been served.
 */
class ReleaseAtTheEndOfTheStackTest {
    private static final int ROUNDS = 500;

    private final EventLoop loop = EventLoop.start("rounds");

    @AfterEach
    void close() {
        loop.close();
    }

    /** Tries the call at the end of the stack, then with one frame more of room each time. */
    private static void atTheEnd(Runnable call) {
        try {
            atTheEnd(call);
        } catch (StackOverflowError e) {
            call.run();
        }
    }

    private void eachRound(Action round) {
        for (int i = 0; i < ROUNDS; i++) {
            loop.submit(round).join();
        }
    }

    @Test
    void aLockThatIsReleased_isPassedOn() {
        eachRound(() -> {
            AsyncLock lock = new AsyncLock();
            lock.acquire();
            Task<Void> next = createTask(() -> lock.with(() -> {}));
            yieldNow();
            atTheEnd(lock::release);
            timeout(ofSeconds(5), () -> next.await());
            assertThat(lock.isLocked()).isFalse();
        });
    }

    @Test
    void aPermitThatIsReleased_isPassedOn() {
        eachRound(() -> {
            AsyncSemaphore semaphore = new AsyncSemaphore(0);
            Task<Void> next = createTask(() -> semaphore.acquire());
            yieldNow();
            atTheEnd(semaphore::release);
            timeout(ofSeconds(5), () -> next.await());
            assertThat(semaphore.toString()).isEqualTo("AsyncSemaphore[0 free]");
        });
    }
}
