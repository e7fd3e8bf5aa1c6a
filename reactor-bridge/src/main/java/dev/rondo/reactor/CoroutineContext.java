package dev.rondo.reactor;

import dev.rondo.ContextScope;
import dev.rondo.ContextVar;
import dev.rondo.EventLoop;

import org.jspecify.annotations.Nullable;

import reactor.util.context.Context;
import reactor.util.context.ContextView;

import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a coroutine gives to the publishers it awaits: the Context of its own subscriber, and its
 * context variables, each under itself as key. A view: nothing is copied. With what others add to
 * it, it keeps the coroutine's loop, which is where the bodies among these publishers run.
 */
final class CoroutineContext implements Context {
    /** The body of a mono or flux that the coroutine belongs to. */
    private static final ContextVar<@Nullable BodySubscription<?>> BODY =
            ContextVar.of("reactor.body", null);

    final EventLoop loop;
    private final Context subscriber;
    private final ContextScope scope;

    private CoroutineContext(EventLoop loop, Context subscriber, ContextScope scope) {
        this.loop = loop;
        this.subscriber = subscriber;
        this.scope = scope;
    }

    /** The context of what runs here, as it is now, for what is awaited on the loop. */
    static CoroutineContext current(EventLoop loop) {
        ContextScope scope = ContextScope.copy();
        BodySubscription<?> body = scope.get(BODY);
        Context context = body == null ? Context.empty() : body.context();
        // Its variables are in the scope of the body: views of views would pile up.
        return new CoroutineContext(
                loop,
                context instanceof CoroutineContext outer ? outer.subscriber : context,
                scope);
    }

    /** The body that it belongs to, if that runs on the loop. */
    @Nullable BodySubscription<?> bodyOn(EventLoop loop) {
        BodySubscription<?> body = scope.get(BODY);
        return body != null && body.loop == loop ? body : null;
    }

    /** The loop for a body: that of the coroutine that awaits it, else the one that is current. */
    static EventLoop loopOf(ContextView context) {
        return context instanceof CoroutineContext awaiting
                ? awaiting.loop
                : SharedLoop.orCurrent();
    }

    /** What a body sees: the variables that its subscriber's context has, and nothing else. */
    static ContextScope scopeOf(BodySubscription<?> body) {
        if (body.context() instanceof CoroutineContext awaiting) {
            return awaiting.scope.with(BODY, body);
        }
        ContextScope[] scope = {ContextScope.empty().with(BODY, body)};
        body.context()
                .forEach((key, value) -> {
                    if (key instanceof ContextVar<?> variable) {
                        scope[0] = with(scope[0], variable, value);
                    }
                });
        return scope[0];
    }

    @SuppressWarnings("unchecked") // a context that has a variable as key has a value of its type
    private static ContextScope with(ContextScope scope, ContextVar<?> variable, Object value) {
        return scope.with((ContextVar<Object>) variable, value);
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
            if (variable != BODY && value != null) {
                variables.add(Map.entry(variable, value));
            }
        });
        return Stream.concat(
                variables.build(),
                subscriber.stream().filter(entry -> !(entry.getKey() instanceof ContextVar<?>)));
    }

    @Override
    public Context put(Object key, Object value) {
        return key instanceof ContextVar<?> variable
                ? new CoroutineContext(
                        loop,
                        subscriber,
                        with(scope, variable, Objects.requireNonNull(value, "value")))
                : new CoroutineContext(loop, subscriber.put(key, value), scope);
    }

    @Override
    public Context delete(Object key) {
        return key instanceof ContextVar<?> variable
                ? new CoroutineContext(loop, subscriber, scope.without(variable))
                : new CoroutineContext(loop, subscriber.delete(key), scope);
    }

    @Override
    public Context putAll(ContextView others) {
        return others.stream()
                .reduce(
                        (Context) this,
                        (context, entry) -> context.put(entry.getKey(), entry.getValue()),
                        (one, other) -> other);
    }

    @Override
    public Context putAllMap(Map<?, ?> others) {
        return putAll((ContextView) Context.of(others));
    }

    @Override
    public ContextView readOnly() {
        return this;
    }

    @Override
    public String toString() {
        return stream().map(Object::toString).collect(Collectors.joining(", ", "Context{", "}"));
    }
}
