package dev.rondo.internal.loop;

import dev.rondo.ContextVar;

import org.jspecify.annotations.Nullable;

import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A context variable: a place in every {@link Scope}.
 *
 * @param <T> the value
 */
public final class Variable<T extends @Nullable Object> implements ContextVar<T> {
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    final int number = NUMBERS.getAndIncrement();
    private final String name;
    private final @Nullable Object defaultValue;

    private Variable(String name, @Nullable Object defaultValue) {
        this.name = Objects.requireNonNull(name, "name");
        this.defaultValue = defaultValue;
    }

    /** The variable: there is no other kind. */
    static <T extends @Nullable Object> Variable<T> of(ContextVar<T> variable) {
        return (Variable<T>) Objects.requireNonNull(variable, "variable");
    }

    /** A variable without a value until it is set. */
    public static <T extends @Nullable Object> Variable<T> of(String name) {
        return new Variable<>(name, VarMap.ABSENT);
    }

    /** A variable with a value for those who have not set it. */
    public static <T extends @Nullable Object> Variable<T> of(String name, T defaultValue) {
        return new Variable<>(name, defaultValue);
    }

    @Override
    public T get() {
        Object value = valueOr(defaultValue);
        if (value == VarMap.ABSENT) {
            throw new NoSuchElementException(
                    this + " has no value here and no default; set() it, or use orElse()");
        }
        return cast(value);
    }

    @Override
    public T orElse(T other) {
        return cast(valueOr(other));
    }

    private @Nullable Object valueOr(@Nullable Object other) {
        Object value = VarMap.get(Scope.currentValues(), this);
        return value == VarMap.ABSENT ? other : value;
    }

    @SuppressWarnings({"unchecked", "NullAway", "TypeParameterUnusedInFormals"}) // only T is stored
    static <T extends @Nullable Object> T cast(@Nullable Object value) {
        return (T) value;
    }

    @Override
    public Before<T> set(T value) {
        Scope scope = Scope.current();
        Before<T> token = new Before<>(this, scope, VarMap.get(scope.values, this));
        scope.values = VarMap.with(scope.values, this, value);
        return token;
    }

    @Override
    public void reset(Token<T> token) {
        Before<T> before = (Before<T>) token;
        if (before.variable != this) {
            throw new IllegalArgumentException(
                    "The token is of " + before.variable + ", not of " + this);
        }
        Scope scope = Scope.current();
        if (before.scope != scope) {
            throw new IllegalArgumentException(
                    "The token of "
                            + this
                            + " was made in another task, callback or thread; reset it there");
        }
        if (before.used) {
            throw new IllegalStateException("The token of " + this + " has been used already");
        }
        before.used = true;
        scope.values = VarMap.with(scope.values, this, before.value);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String toString() {
        return "ContextVar[" + name + "]";
    }

    /**
     * What was before a {@link #set}.
     *
     * @param <T> the value
     */
    public static final class Before<T extends @Nullable Object> implements Token<T> {
        private final Variable<T> variable;
        private final Scope scope;
        private final @Nullable Object value;
        private boolean used;

        private Before(Variable<T> variable, Scope scope, @Nullable Object value) {
            this.variable = variable;
            this.scope = scope;
            this.value = value;
        }
    }
}
