package dev.rondo.reactor;

/**
 * Where the body of a {@code flux} puts its elements. Belongs to the flux's loop. Tasks that the
 * body starts may emit too, as long as the body waits for them: elements are given to the
 * subscriber one at a time, in the order in which they were emitted.
 *
 * @param <T> the elements
 */
public interface Emitter<T> {
    /**
     * Gives the subscriber an element. Suspends exactly while the subscriber has not asked for one
     * (Reactive Streams, rule 1.1), or others emit before; and after 256 elements without a
     * suspension it gives way, if anything else could run.
     *
     * @throws NullPointerException if the element is null (rule 2.13)
     * @throws RuntimeException what the subscriber throws, which it must not (rule 2.13); it gets
     *     no further signal
     * @throws java.util.concurrent.CancellationException if the subscriber has cancelled, or the
     *     current task is cancelled; then the element was not given
     * @throws IllegalStateException if the body has ended, outside a coroutine of the loop, or in
     *     the subscriber's {@code onNext} of this flux, when the same coroutine has called it
     */
    void emit(T value);

    /**
     * Gives the subscriber an element if {@link #emit} would not suspend; never suspends.
     *
     * @return false if it was not given: no demand, others are before, cancelled, or ended
     * @throws NullPointerException if the element is null
     * @throws IllegalStateException on another thread than the loop's, unless cancelled or ended
     */
    boolean tryEmit(T value);
}
