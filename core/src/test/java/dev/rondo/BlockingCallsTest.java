package dev.rondo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rondo.testsupport.LogRecorder;
import dev.rondo.testsupport.TestNonBlockingThreads;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What blocks is refused on threads of which others say that they must not. */
class BlockingCallsTest {
    private final EventLoop loop = EventLoop.start("loop");
    private final Task<Void> pending =
            loop.submit(() -> Async.sleep(java.time.Duration.ofHours(1)));

    @BeforeEach
    void thisThreadMustNotBlock() {
        TestNonBlockingThreads.only = Thread.currentThread();
    }

    @AfterEach
    void itMayAgain() {
        TestNonBlockingThreads.only = null;
        loop.close();
    }

    @Test
    void theMessageSaysWhatToDo() {
        String thread = Thread.currentThread().getName();
        assertThatThrownBy(() -> Async.run(() -> 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "run() blocks, which is not supported in thread "
                                + thread
                                + "; submit() the coroutine to a started loop, or return it as a"
                                + " Mono")
                .hasNoSuppressedExceptions();
        assertThatThrownBy(pending::join)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("await the task in a coroutine");
        assertThatThrownBy(loop::close)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closeAsync()");
        assertThat(loop.isClosed()).isFalse();
        assertThat(loop.submit(() -> 1).isCancelled()).isFalse();
    }

    @Test
    void whatDoesNotBlockIsAllowed() {
        Task<Integer> done = Task.completed(7);
        assertThat(done.join()).isEqualTo(7);
        EventLoop.create().close();
        loop.closeAsync();
    }

    @Test
    void oneThatFailsToAnswer_isReported_andForbidsNothing() {
        TestNonBlockingThreads.only = null;
        TestNonBlockingThreads.fails = true;
        try (LogRecorder log = new LogRecorder()) {
            assertThat(Async.<Integer>run(() -> 1)).isEqualTo(1);
            assertThat(log.messages()).isNotEmpty().allMatch(text -> text.startsWith("WARNING"));
        } finally {
            TestNonBlockingThreads.fails = false;
        }
    }
}
