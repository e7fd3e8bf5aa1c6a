package dev.rondo.reactor;

import dev.rondo.ContextScope;
import dev.rondo.ContextVar;

import org.jspecify.annotations.Nullable;

import reactor.util.context.Context;
import reactor.util.context.ContextView;

import java.util.Map;
import java.util.NoSuchElementException;
import java.util.stream.Stream;

/**
 * What a coroutine gives to the publishers it awaits: the Context of its own subscriber, and its
 * context variables, each under itself as key. A view: nothing is copied until somebody adds to it.
 */
final class CoroutineContext implements Context {
    /** The Context of the subscriber for whom the coroutine works. */
    private static final ContextVar<Context> SUBSCRIBER =
            ContextVar.of("reactor.context", Context.empty());

    private final Context subscriber;
    private final ContextScope scope;

    private CoroutineContext(Context subscriber, ContextScope scope) {
        this.subscriber = subscriber;
        this.scope = scope;
    }

    /** The context of the coroutine that calls, as it is now. */
    static Context current() {
        ContextScope scope = ContextScope.copy();
        Context context = scope.get(SUBSCRIBER);
        if (context == null) {
            context = Context.empty();
        }
        if (context instanceof CoroutineContext outer) {
            // Its variables are in the scope since enter(): views of views would pile up.
            context = outer.subscriber;
        }
        if (hasVariables(scope)) {
            context = new CoroutineContext(context, scope);
        }
        return Propagation.withThreadLocals(context);
    }

    private static boolean hasVariables(ContextScope scope) {
        if (scope.isEmpty()) {
            return false;
        }
        boolean[] any = {false};
        scope.forEach((variable, value) -> any[0] |= variable != SUBSCRIBER);
        return any[0];
    }

    /** Gives a subscriber's context to the coroutine that calls, its context variables too. */
    static void enter(Context context) {
        if (!context.isEmpty() || !SUBSCRIBER.get().isEmpty()) {
            SUBSCRIBER.set(context);
        }
        if (!context.isEmpty()) {
            context.stream().forEach(CoroutineContext::setVariable);
            Propagation.setThreadLocals(context);
        }
    }

    @SuppressWarnings("unchecked") // a context that has a variable as key has a value of its type
    private static void setVariable(Map.Entry<Object, Object> entry) {
        if (entry.getKey() instanceof ContextVar<?> variable) {
            ((ContextVar<Object>) variable).set(entry.getValue());
        }
    }

    /** Of a variable the scope alone decides: it was given what the subscriber had. */
    private @Nullable Object find(Object key) {
        return key instanceof ContextVar<?> variable
                ? scope.get(variable)
                : subscriber.getOrDefault(key, null);
    }

    @Override
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // as the interface has it
    public <T> T get(Object key) {
        Object value = find(key);
        if (value == null) {
            throw new NoSuchElementException("The context of this coroutine has no key " + key);
        }
        return (T) value;
    }

    @Override
    public boolean hasKey(Object key) {
        return find(key) != null;
    }

    @Override
    public int size() {
        return (int) stream().count();
    }

    @Override
    public Stream<Map.Entry<Object, Object>> stream() {
        Stream.Builder<Map.Entry<Object, Object>> variables = Stream.builder();
        scope.forEach((variable, value) -> {
            if (variable != SUBSCRIBER && value != null) {
                variables.add(Map.entry(variable, value));
            }
        });
        return Stream.concat(
                variables.build(),
                subscriber.stream().filter(entry -> !(entry.getKey() instanceof ContextVar<?>)));
    }

    @Override
    public Context put(Object key, Object value) {
        return copy().put(key, value);
    }

    @Override
    public Context delete(Object key) {
        return copy().delete(key);
    }

    private Context copy() {
        Context copy = Context.empty();
        for (Map.Entry<Object, Object> entry :
                (Iterable<Map.Entry<Object, Object>>) stream()::iterator) {
            copy = copy.put(entry.getKey(), entry.getValue());
        }
        return copy;
    }

    @Override
    public ContextView readOnly() {
        return this;
    }

    @Override
    public String toString() {
        return copy().toString();
    }
}
