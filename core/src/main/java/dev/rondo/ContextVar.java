package dev.rondo;

import org.jspecify.annotations.Nullable;

import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A variable with a value of its own in every task: a request's id, the current user. A task begins
 * with the values of whoever creates it, and what it sets, its creator never sees; so do callbacks,
 * timers, and blocking calls in {@link Async#toThread}. Copying costs nothing. As Python's {@code
 * contextvars.ContextVar}.
 *
 * <p>Usable on any thread: one that is neither a loop's nor a coroutine's has values of its own.
 * Make a variable once, as a constant.
 *
 * @param <T> the value
 */
public final class ContextVar<T extends @Nullable Object> {
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    final int number = NUMBERS.getAndIncrement();
    private final String name;
    private final @Nullable Object defaultValue;

    private ContextVar(String name, @Nullable Object defaultValue) {
        this.name = Objects.requireNonNull(name, "name");
        this.defaultValue = defaultValue;
    }

    /** A variable without a value until it is set. */
    public static <T extends @Nullable Object> ContextVar<T> of(String name) {
        return new ContextVar<>(name, VarMap.ABSENT);
    }

    /** A variable with a value for those who have not set it. */
    public static <T extends @Nullable Object> ContextVar<T> of(String name, T defaultValue) {
        return new ContextVar<>(name, defaultValue);
    }

    /**
     * The value here, else the default.
     *
     * @throws NoSuchElementException if there is neither
     */
    public T get() {
        Object value = valueOr(defaultValue);
        if (value == VarMap.ABSENT) {
            throw new NoSuchElementException(
                    this + " has no value here and no default; set() it, or use orElse()");
        }
        return cast(value);
    }

    /** The value here, else the given one; the default does not count. */
    public T orElse(T other) {
        return cast(valueOr(other));
    }

    private @Nullable Object valueOr(@Nullable Object other) {
        Object value = VarMap.get(ContextScope.currentValues(), this);
        return value == VarMap.ABSENT ? other : value;
    }

    @SuppressWarnings({"unchecked", "NullAway", "TypeParameterUnusedInFormals"}) // only T is stored
    static <T extends @Nullable Object> T cast(@Nullable Object value) {
        return (T) value;
    }

    /**
     * Sets the value for the rest of this task, callback or thread, and for what it creates from
     * now on.
     *
     * @return with which {@link #reset} brings back what was before
     */
    public Token<T> set(T value) {
        ContextScope scope = ContextScope.current();
        Token<T> token = new Token<>(this, scope, VarMap.get(scope.values, this));
        scope.values = VarMap.with(scope.values, this, value);
        return token;
    }

    /**
     * Brings back the value, or its absence, from before the {@link #set} that gave the token.
     *
     * @throws IllegalArgumentException if the token is of another variable, or of another task,
     *     callback or thread
     * @throws IllegalStateException if it was used before
     */
    public void reset(Token<T> token) {
        if (token.variable != this) {
            throw new IllegalArgumentException(
                    "The token is of " + token.variable + ", not of " + this);
        }
        ContextScope scope = ContextScope.current();
        if (token.scope != scope) {
            throw new IllegalArgumentException(
                    "The token of "
                            + this
                            + " was made in another task, callback or thread; reset it there");
        }
        if (token.used) {
            throw new IllegalStateException("The token of " + this + " has been used already");
        }
        token.used = true;
        scope.values = VarMap.with(scope.values, this, token.before);
    }

    /** The name it was made with. */
    public String name() {
        return name;
    }

    @Override
    public String toString() {
        return "ContextVar[" + name + "]";
    }

    /**
     * What was before a {@link ContextVar#set}; good for one {@link ContextVar#reset}.
     *
     * @param <T> the value
     */
    public static final class Token<T extends @Nullable Object> {
        private final ContextVar<T> variable;
        private final ContextScope scope;
        private final @Nullable Object before;
        private boolean used;

        private Token(ContextVar<T> variable, ContextScope scope, @Nullable Object before) {
            this.variable = variable;
            this.scope = scope;
            this.before = before;
        }
    }
}
