package dev.rondo;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.*;

import dev.rondo.testing.*;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.*;
import java.util.concurrent.*;

/** Tasks that have ended before they were made. */
class DoneTaskTest {
    private final List<Object> trail = new ArrayList<>();

    @Test
    void outsideALoop_itHasItsResult_andTellsAtOnce() throws Exception {
        Task<String> task = Task.completed("tea");
        task.onDone(done -> trail.add(done.result()));
        assertThat(trail).containsExactly("tea");
        assertThat(task.isDone()).isTrue();
        assertThat(task.isCancelled()).isFalse();
        assertThat(task.cancel()).isFalse();
        assertThat(task.join()).isEqualTo("tea");
        assertThat(task.exception()).isNull();
        assertThat(task.toCompletableFuture().get()).isEqualTo("tea");
        assertThat(task).hasToString("Task[Success[value=tea]]");
        assertThatThrownBy(task::await).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aFailure_isThrownAsByAwait_andIsNobodysToReport() {
        IOException checked = new IOException("gone");
        RuntimeException unchecked = new IllegalArgumentException("bad");
        try (EventLoop loop =
                EventLoop.builder().clock(new VirtualClock()).onError(trail::add).build()) {
            loop.run(() -> {
                assertThatThrownBy(Task.failed(checked)::await)
                        .isInstanceOf(CompletionException.class)
                        .hasCause(checked);
                assertThatThrownBy(Task.failed(unchecked)::await).isSameAs(unchecked);
                assertThat(Task.failed(checked).exception()).isSameAs(checked);
                assertThat(waitAll(List.of(Task.failed(checked))).pending()).isEmpty();
            });
        }
        assertThat(trail).isEmpty();
    }

    @Test
    void anyLoopTakesIt_whereverATaskIsTaken() {
        RuntimeException bad = new IllegalArgumentException("bad");
        Task<Integer> one = Task.completed(1);
        Task<Integer> failed = Task.failed(bad);
        VirtualClock.run(() -> {
            assertThat(one.await()).isEqualTo(1);
            assertThat(gather(one, createTask(() -> 2), one).await()).containsExactly(1, 2, 1);
            assertThatThrownBy(() -> gather(one, failed).await()).isSameAs(bad);
            Task<Integer> late =
                    createTask(() -> {
                        sleep(ofSeconds(1));
                        return 3;
                    });
            Waited<Integer> first = waitFirst(List.of(late, one));
            assertThat(first.done()).containsExactly(one);
            assertThat(waitFirstFailure(List.of(late, failed)).pending()).containsExactly(late);
            assertThat(waitAll(List.of(late, one, failed)).done())
                    .containsExactly(late, one, failed);
            assertThat(waitFor(one, ZERO)).isEqualTo(1);
            assertThat(shield(one).await()).isEqualTo(1);
            for (Task<Integer> done : asCompleted(List.of(one))) {
                trail.add(done.result());
            }
            one.onDone(done -> trail.add("told"));
            trail.add("before");
            yieldNow();
            assertThat(trail).containsExactly(1, "before", "told");
        });
    }
}
