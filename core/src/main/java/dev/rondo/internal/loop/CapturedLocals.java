package dev.rondo.internal.loop;

import dev.rondo.TaskLocals;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** What all {@link TaskLocals} have found where a task was created. */
final class CapturedLocals {
    private static final TaskLocals[] ALL =
            Services.load(TaskLocals.class, "tasks go without it").toArray(TaskLocals[]::new);

    private final LoopCore loop;
    private final List<TaskLocals.Captured> captured;

    private CapturedLocals(LoopCore loop, List<TaskLocals.Captured> captured) {
        this.loop = loop;
        this.captured = captured;
    }

    /** Null if there is nothing to carry. */
    static @Nullable CapturedLocals here(LoopCore loop) {
        List<TaskLocals.Captured> captured = List.of();
        for (TaskLocals locals : ALL) {
            try {
                TaskLocals.Captured one = locals.capture();
                if (one != null) {
                    captured = captured.isEmpty() ? new ArrayList<>() : captured;
                    captured.add(one);
                }
            } catch (Throwable e) {
                report(loop, locals.getClass().getName() + " failed to capture for a task", e);
            }
        }
        return captured.isEmpty() ? null : new CapturedLocals(loop, captured);
    }

    /** Makes the call with them set. */
    <T extends @Nullable Object> T call(Callable<? extends T> code) throws Exception {
        List<TaskLocals.Undo> undos = new ArrayList<>();
        try {
            for (TaskLocals.Captured one : captured) {
                run(() -> undos.addFirst(one.set()));
            }
            return code.call();
        } finally {
            undos.forEach(undo -> run(() -> undo.undo()));
        }
    }

    private void run(Runnable step) {
        try {
            step.run();
        } catch (Throwable e) {
            report(loop, "What TaskLocals have captured for a task failed", e);
        }
    }

    /** On the loop, where its error handler belongs; a closed one's is told here. */
    private static void report(LoopCore loop, String what, Throwable failure) {
        if (!loop.tryExecute(() -> loop.report(what, failure))) {
            loop.report(what, failure);
        }
    }
}
