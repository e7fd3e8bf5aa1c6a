package dev.rondo.reactor;

import dev.rondo.Async;
import dev.rondo.Task;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

import java.util.Iterator;

/** A publisher that has yet to be iterated. */
final class PublisherStream<T> implements ElementStream<T> {
    private final Publisher<? extends T> source;
    private final int prefetch;
    private volatile @Nullable ElementSubscriber<T> subscriber;
    private volatile boolean closed;

    PublisherStream(Publisher<? extends T> source, int prefetch) {
        this.source = source;
        this.prefetch = prefetch;
    }

    @Override
    public Iterator<T> iterator() {
        Task<?> task = ReactorBridge.taskOfCoroutine("iterate a publisher");
        if (subscriber != null || closed) {
            throw new IllegalStateException(
                    "A stream can be iterated once, and not when it is closed; iterate() makes a"
                            + " new one");
        }
        ElementSubscriber<T> own = new ElementSubscriber<>(Async.currentLoop(), prefetch);
        subscriber = own;
        own.start(task, source);
        if (closed) {
            // By another thread, in the meantime.
            own.close();
        }
        return own;
    }

    @Override
    public void close() {
        closed = true;
        ElementSubscriber<T> open = subscriber;
        if (open != null) {
            open.close();
        }
    }
}
