package dev.rondo.internal.loop;

import dev.rondo.AsyncTimeoutException;
import dev.rondo.Awaitable;
import dev.rondo.Coroutine;
import dev.rondo.internal.fiber.StackRoom;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;

/** Whatever can be awaited, as what a loop can wait for. */
final class Awaitables {
    private Awaitables() {}

    /** What to wait for; checks all before it starts any. */
    @SuppressWarnings("unchecked") // an Awaitable<? extends T> is as good as an Awaitable<T>
    static <T extends @Nullable Object> List<LoopFuture<T>> toFutures(
            LoopCore loop, Collection<? extends Awaitable<? extends T>> given) {
        StackRoom.ensure();
        List<Awaitable<? extends T>> awaitables = new ArrayList<>(given);
        for (Awaitable<?> awaitable : awaitables) {
            Objects.requireNonNull(awaitable, "one of the awaitables is null");
            if (awaitable instanceof LoopFuture<?> future) {
                loop.checkOwn(future);
            }
        }
        IdentityHashMap<Awaitable<?>, LoopFuture<T>> others = new IdentityHashMap<>();
        List<LoopFuture<T>> futures = new ArrayList<>(awaitables.size());
        for (Awaitable<? extends T> awaitable : awaitables) {
            futures.add(
                    switch (awaitable) {
                        case LoopFuture<?> future -> (LoopFuture<T>) future;
                        case Coroutine<? extends T> body -> CoroutineTask.create(loop, null, body);
                        case DoneTask<? extends T> done -> (LoopFuture<T>) done.on(loop);
                        // Somebody's own kind: given twice, it is awaited once.
                        default ->
                                others.computeIfAbsent(
                                        awaitable,
                                        own -> CoroutineTask.create(loop, null, awaitable::await));
                    });
        }
        return futures;
    }

    /** As {@code waitFor} without any time: what is not done is cancelled, and waited for. */
    static <T extends @Nullable Object> T awaitWithoutTime(
            SuspendingTask<?> task, Awaitable<T> awaitable) {
        if (!(awaitable instanceof LoopFuture<?> future)) {
            throw new AsyncTimeoutException("waitFor was given no time; nothing was begun");
        }
        task.loop.checkOwn(future);
        if (future.isDone()) {
            return awaitable.await();
        }
        future.requestCancel(CancelRequest.of(task.loop, "waitFor was given no time"));
        Waiting.untilDone(task, future);
        try {
            return awaitable.await();
        } catch (CancellationException e) {
            throw new AsyncTimeoutException("waitFor was given no time", e);
        }
    }
}
