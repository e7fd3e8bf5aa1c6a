package dev.rondo.reactor;

import dev.rondo.ContextScope;
import dev.rondo.Handle;
import dev.rondo.LoopClosedException;
import dev.rondo.Task;

import org.jspecify.annotations.Nullable;

import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** A task that runs anyway, as a hot Mono. */
final class TaskMono {
    private TaskMono() {}

    static <T> Mono<T> of(Task<? extends @Nullable T> task) {
        return Mono.create(sink -> {
            if (task.isDone()) {
                signal(sink, task);
                return;
            }
            try {
                Handle handle = task.onDone(ContextScope.empty(), done -> signal(sink, task));
                sink.onDispose(handle::cancel);
            } catch (LoopClosedException e) {
                // The loop has closed, and before that the task has ended.
                if (task.isDone()) {
                    signal(sink, task);
                } else {
                    sink.error(e);
                }
            }
        });
    }

    private static <T> void signal(MonoSink<T> sink, Task<? extends @Nullable T> task) {
        Throwable failure = TaskFailures.of(task);
        if (failure == null) {
            sink.success(task.result());
        } else {
            sink.error(failure);
        }
    }
}
