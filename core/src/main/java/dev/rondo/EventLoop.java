package dev.rondo;

import dev.rondo.internal.loop.Loop;
import dev.rondo.internal.loop.LoopBuilder;
import dev.rondo.internal.loop.TimeHold;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/**
 * Runs coroutines and callbacks, one thing at a time, in the order they became ready. See the
 * package's page for passes and order.
 *
 * <p>Two ways of use: {@link #create} and {@link #run} one coroutine after another, each to its
 * end; or {@link #start} a loop that runs in the background until it is closed, and {@link #submit}
 * to it. A loop has a thread of its own while it runs, and sleeps on it when there is nothing to
 * do.
 *
 * <p>What schedules work ({@code submit}, {@code callSoon}, {@code callLater}, {@code callAt}) may
 * be called from any thread: the order of each thread's calls is kept, and the loop wakes up.
 */
public sealed interface EventLoop extends AutoCloseable, Executor permits Loop {
    /** A loop that runs nothing until {@link #run}. */
    static EventLoop create() {
        return builder().build();
    }

    /**
     * A loop that runs now, on a daemon thread with the given name, until it is closed.
     *
     * @throws IllegalStateException if {@code -Ddev.rondo.fiber=mounted} is set and cannot be had
     */
    static EventLoop start(String name) {
        return builder().name(name).start();
    }

    /** For a loop with a name, a clock, an error handler of one's own. */
    static Builder builder() {
        return new LoopBuilder();
    }

    /**
     * Runs the coroutine as a task to its end, and blocks the calling thread meanwhile. Then the
     * tasks that are left are cancelled in order of creation, those that are born meanwhile too,
     * and waited for, as are blocking calls ({@link Async#toThread(Callable)}). Work from other
     * threads is refused meanwhile; results still arrive. What begins again and again is cancelled
     * at last before it begins; what does not end after five seconds is named in the log, in one
     * message, and waited for. When the JVM shuts down, the coroutine is cancelled, and the
     * shutdown waits a while for the end. An interrupt of the calling thread cancels the coroutine
     * too; the thread's interrupt status is set again when this returns.
     *
     * @return the coroutine's result; its failure is thrown as by {@link Task#await}
     * @throws IllegalStateException if the loop runs already or is closed, or if called on a loop's
     *     thread, in a coroutine, or on a thread of {@link NonBlockingThreads}
     */
    <T extends @Nullable Object> T run(Coroutine<T> main);

    /** As {@link #run(Coroutine)}, without a result. */
    void run(Action main);

    /**
     * Ends a started loop: its tasks are cancelled and waited for, as at the end of {@link #run},
     * and its thread ends. From the beginning of this call work from other threads is refused, what
     * was accepted before is cancelled; results that are waited for still arrive. Callbacks and
     * timers that are left are dropped; failures nobody looked at are reported. A second call does
     * nothing. If the calling thread is interrupted while it waits, its interrupt status is set and
     * the loop goes on closing by itself.
     *
     * @throws IllegalStateException if called on the loop itself, on a thread of {@link
     *     NonBlockingThreads}, or while {@link #run} runs
     */
    @Override
    void close();

    /**
     * As {@link #close}, but without waiting: may be called on the loop itself.
     *
     * @return done when the loop has closed; stages that depend on it run on the loop's thread
     * @throws IllegalStateException while {@link #run} runs
     */
    CompletableFuture<Void> closeAsync();

    /** True once the loop has closed: nothing is accepted and nothing runs any more. */
    boolean isClosed();

    /**
     * Makes the coroutine a task of this loop, from any thread. It begins when its turn comes; on a
     * loop that does not run, when it does.
     *
     * @throws LoopClosedException if the loop is closed; also, elsewhere than on the loop, if it is
     *     closing or at the end of a run
     */
    <T extends @Nullable Object> Task<T> submit(Coroutine<T> body);

    /** As {@link #submit(Coroutine)}, without a result. */
    Task<Void> submit(Action body);

    /** As {@link #submit(Coroutine)}, with a name, which is also its thread's. */
    <T extends @Nullable Object> Task<T> submit(String name, Coroutine<T> body);

    /** As {@link #submit(String, Coroutine)}, without a result. */
    Task<Void> submit(String name, Action body);

    /**
     * As {@link #submit(Coroutine)}, in the given scope in place of a copy of the caller's. Nothing
     * else of the caller's comes with it either: what {@link TaskLocals} carry stays behind.
     */
    <T extends @Nullable Object> Task<T> submit(ContextScope scope, Coroutine<T> body);

    /**
     * Runs the callback in the next pass, after what is ready already. It sees the context
     * variables as they are now.
     *
     * @throws LoopClosedException as by {@link #submit}
     */
    Handle callSoon(Runnable callback);

    /** As {@link #callSoon(Runnable)}, in the given scope in place of a copy of the caller's. */
    Handle callSoon(ContextScope scope, Runnable callback);

    /**
     * As {@link #callSoon}, for those who want an {@link Executor}: the stages of a {@code
     * CompletableFuture}, for instance.
     *
     * @throws RejectedExecutionException if the loop takes no more work; its cause says why
     */
    @Override
    void execute(Runnable command);

    /**
     * Runs the callback when the delay has passed.
     *
     * @throws IllegalArgumentException if the delay is negative
     * @throws LoopClosedException as by {@link #submit}
     */
    Handle callLater(Duration delay, Runnable callback);

    /**
     * Runs the callback when {@link #time} has reached the given value, at once if it has. Timers
     * run in order of their time, those of one time in the order they were set.
     *
     * @param nanoTime nanoseconds, on the clock of {@link #time}
     * @throws LoopClosedException as by {@link #submit}
     */
    Handle callAt(long nanoTime, Runnable callback);

    /**
     * As {@link #callAt(long, Runnable)}, in the given scope in place of a copy of the caller's.
     */
    Handle callAt(long nanoTime, ContextScope scope, Runnable callback);

    /**
     * Runs the action here and now on the loop, in its turn elsewhere, behind what the calling
     * thread has sent before. For what keeps a structure of the loop's in order: it should be short
     * and not fail.
     *
     * @return false, and nothing is run, if the loop is closed
     */
    boolean tryRun(Runnable action);

    /** A promise of this loop, for somebody to end. */
    <T extends @Nullable Object> Promise<T> newPromise();

    /** As {@link #newPromise()}, with what it stands for, as a task that awaits it says. */
    <T extends @Nullable Object> Promise<T> newPromise(String what);

    /**
     * A promise of this loop that tells when it is cancelled, for what brings the result can then
     * stop. That is called on the loop, within the call that cancels, before any waiter is resumed;
     * if it throws, the failure goes to the loop's error handler.
     */
    <T extends @Nullable Object> Promise<T> newPromise(Runnable onCancel);

    /**
     * A promise of something that is under way outside, a subscription, say: as {@link
     * #newPromise(Runnable)}, and at the end of a run, or of the loop, it is cancelled as a task
     * is, whether or not anybody awaits it. From any thread.
     *
     * @param what what it stands for, as a task that awaits it says
     * @throws LoopClosedException if the loop is closed
     */
    <T extends @Nullable Object> Promise<T> sourcePromise(String what, Runnable onCancel);

    /** The loop's time in nanoseconds: the real clock's is {@link System#nanoTime}. */
    long time();

    /** What the loop's clock takes for the time of day, in milliseconds since 1970 in UTC. */
    long epochMillis();

    /**
     * Says that work is under way outside the loop which will come back to it: until it is
     * released, a virtual clock waits instead of jumping. Under real time it means nothing. From
     * any thread.
     */
    Hold holdTime();

    /**
     * As {@link #holdTime()}, for so long in real time at most: for work that may never come back.
     *
     * @throws IllegalArgumentException if negative
     */
    Hold holdTime(Duration atMost);

    /** Whether a {@link Builder#host} runs it, on whose thread callbacks then are. */
    boolean isHosted();

    /** Where the loop takes its time from. */
    LoopClock clock();

    /** True on this loop's thread, in a callback or in one of its coroutines. */
    boolean inLoop();

    /**
     * True if the thread is a running loop's, or a coroutine's: code on it must not block. From any
     * thread.
     */
    static boolean isLoopThread(Thread thread) {
        return Loop.isLoopThread(thread);
    }

    /** The loop this is called on, in a coroutine or a callback; null on any other thread. */
    static @Nullable EventLoop current() {
        return Loop.currentOrNull();
    }

    /**
     * Sets what gets the failures that no code waits for: of callbacks, and of tasks nobody looked
     * at. Without one they are logged at ERROR as {@code dev.rondo}. It is called on the loop's
     * thread; if it fails itself, both failures are logged.
     */
    void onError(Consumer<? super Throwable> handler);

    /**
     * As {@link #onError}, in its place: the handler is told what failed, and in debug mode where
     * it was made. The name is another because a lambda with one argument fits both.
     */
    void onFailure(Consumer<? super LoopFailure> handler);

    /**
     * Debug mode: callbacks and tasks remember where they were made, and one that holds the loop
     * for 100 ms or more is logged. The system property {@code dev.rondo.debug} sets it for every
     * loop.
     */
    void debug(boolean on);

    /** Whether debug mode is on. */
    boolean isDebug();

    /** The name of the loop and its thread. */
    String name();

    /** Work under way outside; see {@link EventLoop#holdTime()}. */
    sealed interface Hold extends AutoCloseable permits TimeHold {
        /** The work has come back; a second call does nothing. */
        @Override
        void close();
    }

    /** Makes a loop with settings of one's own. */
    sealed interface Builder permits LoopBuilder {
        /** The name of the loop and its thread; without one, {@code rondo-N}. */
        Builder name(String name);

        /** Where the loop takes its time from; without one, the system's clock. */
        Builder clock(LoopClock clock);

        /** Debug mode from the start; see {@link EventLoop#debug}. */
        Builder debug(boolean on);

        /** The error handler from the start; see {@link EventLoop#onError}. */
        Builder onError(Consumer<? super Throwable> handler);

        /**
         * As {@link #onError}, for a handler that is told more; see {@link EventLoop#onFailure}.
         */
        Builder onFailure(Consumer<? super LoopFailure> handler);

        /**
         * After how long without progress a blocked loop is reported at WARNING, with the stack of
         * what blocks it; one second without this, never with {@link Duration#ZERO}.
         *
         * @throws IllegalArgumentException if negative
         */
        Builder watchdog(Duration limit);

        /**
         * How long the JVM's shutdown (Ctrl-C, SIGTERM) is held up by {@link EventLoop#run}, whose
         * coroutine is cancelled and may clean up meanwhile; ten seconds without this. {@link
         * Duration#ZERO}: the shutdown is no concern of the loop's.
         *
         * @throws IllegalArgumentException if negative
         */
        Builder shutdownLimit(Duration limit);

        /**
         * Whose thread runs the loop, in place of a thread of its own: any executor that runs one
         * task at a time on one platform thread, as Netty's event loops do. A pass is one task of
         * the host, which has its turn between two passes. On the host's thread {@link
         * EventLoop#inLoop} is true, in tasks of the host's own too, and work that is made there
         * needs no wake-up. A thread hosts one loop at a time. {@link EventLoop#close} leaves the
         * host alone; a loop whose host terminates, refuses its tasks, or turns out to have several
         * threads, ends: its tasks fail, and whoever waits is told.
         *
         * @throws IllegalArgumentException if the host is known to have several threads
         */
        Builder host(ScheduledExecutorService host);

        /**
         * The loop; it runs nothing yet.
         *
         * @throws IllegalStateException if {@code -Ddev.rondo.fiber=mounted} is set and cannot be
         *     had; or if there is a host, and coroutines are not mounted
         */
        EventLoop build();

        /**
         * The loop, as {@link #build}; it runs now, on a daemon thread with its name, until it is
         * closed.
         */
        EventLoop start();
    }
}
