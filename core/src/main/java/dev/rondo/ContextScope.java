package dev.rondo;

import org.jspecify.annotations.Nullable;

import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;

/**
 * The values of context variables that some code sees: every task has a scope of its own, and so
 * has every callback, every blocking call, and every plain thread. As Python's {@code
 * contextvars.Context}: {@link #copy} takes what is here, {@link #run} and {@link #createTask} run
 * code in it.
 *
 * <p>Tasks that are given one scope share it. It belongs to one loop at a time.
 */
public final class ContextScope {
    /** The scopes of threads outside every loop; of no use, and free, until one sets a variable. */
    private static final ThreadLocal<ContextScope> OUTSIDE = new ThreadLocal<>();

    private static volatile boolean usedOutside;

    @Nullable VarMap values;

    private ContextScope(@Nullable VarMap values) {
        this.values = values;
    }

    /** A new scope with the values that are seen here; copies nothing. */
    public static ContextScope copy() {
        return new ContextScope(currentValues());
    }

    /** A new scope in which no variable is set. */
    public static ContextScope empty() {
        return new ContextScope(null);
    }

    /** A new scope with the values of this one, and the given one. */
    public <T extends @Nullable Object> ContextScope with(ContextVar<T> variable, T value) {
        Objects.requireNonNull(variable, "variable");
        return new ContextScope(VarMap.with(values, variable, value));
    }

    /** A new scope with the values of this one but that of the variable. */
    public ContextScope without(ContextVar<?> variable) {
        Objects.requireNonNull(variable, "variable");
        return VarMap.get(values, variable) == VarMap.ABSENT
                ? new ContextScope(values)
                : new ContextScope(VarMap.with(values, variable, VarMap.ABSENT));
    }

    /** As {@link #copy}; null if no variable is set here. */
    static @Nullable ContextScope copyOrNull() {
        VarMap values = currentValues();
        return values == null ? null : new ContextScope(values);
    }

    /** The values that are seen here; reading them makes no scope. */
    static @Nullable VarMap currentValues() {
        CoroutineTask<?> task = CoroutineTask.currentOrNull();
        if (task != null) {
            return task.scope == null ? null : task.scope.values;
        }
        ContextScope scope = ofCallback();
        if (scope == null && usedOutside) {
            scope = OUTSIDE.get();
        }
        return scope == null ? null : scope.values;
    }

    private static @Nullable ContextScope ofCallback() {
        EventLoop loop = RunningLoops.ofThisThread();
        return loop == null ? null : loop.callbackScope;
    }

    /** The scope of what runs here, for what is to be set: made now if there was nothing in it. */
    static ContextScope current() {
        CoroutineTask<?> task = CoroutineTask.currentOrNull();
        if (task != null) {
            ContextScope own = task.scope;
            if (own == null) {
                own = new ContextScope(null);
                task.scope = own;
            }
            return own;
        }
        ContextScope scope = ofCallback();
        if (scope != null) {
            return scope;
        }
        scope = usedOutside ? OUTSIDE.get() : null;
        if (scope == null) {
            scope = new ContextScope(null);
            usedOutside = true;
            OUTSIDE.set(scope);
        }
        return scope;
    }

    /** The value of a variable in this scope, or null if it is not set; its default is ignored. */
    public <T> @Nullable T get(ContextVar<T> variable) {
        Object value = VarMap.get(values, Objects.requireNonNull(variable, "variable"));
        return value == VarMap.ABSENT ? null : ContextVar.<@Nullable T>cast(value);
    }

    /** True if no variable has been set in this scope. */
    public boolean isEmpty() {
        return values == null;
    }

    /** Calls the action with every variable that is set in this scope, in no particular order. */
    public void forEach(BiConsumer<ContextVar<?>, ? super @Nullable Object> action) {
        VarMap.forEach(values, Objects.requireNonNull(action, "action"));
    }

    /**
     * Runs the code here and now with this scope's values; what it sets stays in this scope.
     *
     * @return the code's result; its failure is thrown as by {@link Coroutine#await}
     * @throws IllegalStateException outside a coroutine
     */
    public <T extends @Nullable Object> T run(Coroutine<T> body) {
        Objects.requireNonNull(body, "body");
        CoroutineTask<?> task = CoroutineTask.current("run in a scope");
        ContextScope outer = task.scope;
        task.scope = this;
        try {
            return body.await();
        } finally {
            task.scope = outer;
        }
    }

    /** As {@link #run(Coroutine)}, without a result. */
    public void run(Action body) {
        run(Coroutine.of(body));
    }

    /**
     * As {@link Async#createTask(Coroutine)}, in this scope instead of a copy of the current one.
     *
     * @throws IllegalStateException outside a running loop
     */
    public <T extends @Nullable Object> Task<T> createTask(Coroutine<T> body) {
        Objects.requireNonNull(body, "body");
        return Async.currentLoop().createTask(null, this, body);
    }

    /** As {@link #createTask(Coroutine)}, without a result. */
    public Task<Void> createTask(Action body) {
        return createTask(Coroutine.of(body));
    }

    /** Runs a blocking call on a thread outside, which sees this scope meanwhile. */
    <T extends @Nullable Object> T call(Callable<? extends T> blocking) throws Exception {
        ContextScope before = OUTSIDE.get();
        usedOutside = true;
        OUTSIDE.set(this);
        try {
            return blocking.call();
        } finally {
            if (before == null) {
                OUTSIDE.remove();
            } else {
                OUTSIDE.set(before);
            }
        }
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("ContextScope[");
        forEach((variable, value) -> {
            text.append(text.charAt(text.length() - 1) == '[' ? "" : ", ");
            text.append(variable.name()).append('=').append(value);
        });
        return text.append(']').toString();
    }
}
