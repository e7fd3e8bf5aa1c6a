package dev.rondo.internal.loop;

import dev.rondo.Action;
import dev.rondo.ContextScope;
import dev.rondo.ContextVar;
import dev.rondo.Coroutine;

import org.jspecify.annotations.Nullable;

import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;

/** The values of context variables that some code sees; where to find that code's own. */
public final class Scope implements ContextScope {
    /** The scopes of threads outside every loop; of no use, and free, until one sets a variable. */
    private static final ThreadLocal<Scope> OUTSIDE = new ThreadLocal<>();

    private static volatile boolean usedOutside;

    @Nullable VarMap values;

    private Scope(@Nullable VarMap values) {
        this.values = values;
    }

    /** A new scope with the values that are seen here; copies nothing. */
    public static Scope copy() {
        return new Scope(currentValues());
    }

    /** A new scope in which no variable is set. */
    public static Scope empty() {
        return new Scope(null);
    }

    /** The scope: there is no other kind. */
    static Scope of(ContextScope scope) {
        return (Scope) scope;
    }

    @Override
    public <T extends @Nullable Object> Scope with(ContextVar<T> variable, T value) {
        return new Scope(VarMap.with(values, Variable.of(variable), value));
    }

    @Override
    public Scope without(ContextVar<?> variable) {
        Variable<?> unset = Variable.of(variable);
        return VarMap.get(values, unset) == VarMap.ABSENT
                ? new Scope(values)
                : new Scope(VarMap.with(values, unset, VarMap.ABSENT));
    }

    /** As {@link #copy}; null if no variable is set here. */
    static @Nullable Scope copyOrNull() {
        VarMap values = currentValues();
        return values == null ? null : new Scope(values);
    }

    /** The values that are seen here; reading them makes no scope. */
    static @Nullable VarMap currentValues() {
        SuspendingTask<?> task = Current.orNull();
        if (task != null) {
            return task.scope == null ? null : task.scope.values;
        }
        LoopCore loop = RunningLoops.inPassHere();
        Scope scope = null;
        if (loop != null) {
            scope = loop.callbackScope.get();
        } else if (usedOutside) {
            scope = OUTSIDE.get();
        }
        return scope == null ? null : scope.values;
    }

    /** The scope of what runs here, for what is to be set: made now if there was nothing in it. */
    static Scope current() {
        SuspendingTask<?> task = Current.orNull();
        if (task != null) {
            Scope own = task.scope;
            if (own == null) {
                own = new Scope(null);
                task.scope = own;
            }
            return own;
        }
        LoopCore loop = RunningLoops.inPassHere();
        if (loop != null) {
            Scope scope = loop.callbackScope.get();
            if (scope == null) {
                scope = new Scope(null);
                loop.callbackScope.set(scope);
            }
            return scope;
        }
        Scope scope = usedOutside ? OUTSIDE.get() : null;
        if (scope == null) {
            scope = new Scope(null);
            usedOutside = true;
            OUTSIDE.set(scope);
        }
        return scope;
    }

    /**
     * Runs a user's code that is called in the middle of somebody else's, in a scope of its own
     * that begins with the given values.
     */
    static void apart(@Nullable VarMap values, Runnable code) {
        Scope own = new Scope(values);
        SuspendingTask<?> task = Current.orNull();
        LoopCore loop = RunningLoops.inPassHere();
        if (task != null) {
            Scope outer = task.scope;
            task.scope = own;
            try {
                code.run();
            } finally {
                task.scope = outer;
            }
        } else if (loop != null) {
            Scope outer = loop.callbackScope.ofCallback;
            loop.callbackScope.ofCallback = own;
            try {
                code.run();
            } finally {
                loop.callbackScope.ofCallback = outer;
            }
        } else {
            Scope outer = OUTSIDE.get();
            usedOutside = true;
            OUTSIDE.set(own);
            try {
                code.run();
            } finally {
                setOutside(outer);
            }
        }
    }

    private static void setOutside(@Nullable Scope scope) {
        if (scope == null) {
            OUTSIDE.remove();
        } else {
            OUTSIDE.set(scope);
        }
    }

    @Override
    public <T> @Nullable T get(ContextVar<T> variable) {
        Object value = VarMap.get(values, Variable.of(variable));
        return value == VarMap.ABSENT ? null : Variable.<@Nullable T>cast(value);
    }

    @Override
    public boolean isEmpty() {
        return values == null;
    }

    @Override
    public void forEach(BiConsumer<ContextVar<?>, ? super @Nullable Object> action) {
        VarMap.forEach(values, Objects.requireNonNull(action, "action"));
    }

    @Override
    public <T extends @Nullable Object> T run(Coroutine<T> body) {
        Objects.requireNonNull(body, "body");
        SuspendingTask<?> task = Current.orThrow("run in a scope");
        Scope outer = task.scope;
        task.scope = this;
        try {
            return body.await();
        } finally {
            task.scope = outer;
        }
    }

    @Override
    public void run(Action body) {
        run(Coroutine.of(body));
    }

    /** Runs a blocking call on a thread outside, which sees this scope meanwhile. */
    <T extends @Nullable Object> T call(Callable<? extends T> blocking) throws Exception {
        Scope before = OUTSIDE.get();
        usedOutside = true;
        OUTSIDE.set(this);
        try {
            return blocking.call();
        } finally {
            setOutside(before);
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
