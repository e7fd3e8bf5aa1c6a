package dev.rondo.internal.loop;

import dev.rondo.EventLoop;
import dev.rondo.Handle;
import dev.rondo.LoopClosedException;
import dev.rondo.internal.fiber.FiberKind;
import dev.rondo.internal.queue.Inbox;
import dev.rondo.internal.queue.ReadyQueue;
import dev.rondo.internal.queue.RunQueue;
import dev.rondo.internal.queue.Timers;
import dev.rondo.internal.queue.Turn;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What a task knows of its loop: where work is queued, who has the turn, where failures go. */
final class LoopCore implements RunQueue.Host {
    /** The loop, as its user knows it. */
    final EventLoop face;

    final LoopLife life;
    final LoopTime time;
    final FiberKind fiberKind = FiberKind.chosen();
    final ErrorReports errors;
    private final String name;
    private final AtomicLong taskNumbers = new AtomicLong();
    private volatile boolean debug;

    /** Blocking calls on threads outside that have not come back. */
    final Set<BlockingCall<?>> threads = ConcurrentHashMap.newKeySet();

    // Of whoever has the turn: the driver's thread in a pass, or the coroutine it has resumed.
    final RunQueue queue;
    final ReadyQueue ready;
    final Timers timers;
    final TaskList tasks = new TaskList();
    final UnseenFailures unseen = new UnseenFailures(this);
    final CancelNest cancels = new CancelNest();
    final LastingStages lastingStages = new LastingStages();

    /** Those who wait outside for what is pending: told, at the latest, when the loop closes. */
    final Set<Runnable> outside = new HashSet<>();

    /** Promises of what is under way outside, in the order they were made. */
    final Set<LoopFuture<?>> sources = new LinkedHashSet<>();

    /** The task that has the turn; also read by a coroutine that looks for itself. */
    @Nullable SuspendingTask<?> running;

    /** What code outside of coroutines sees of context variables. */
    final CallbackScope callbackScope;

    LoopCore(EventLoop face, LoopSettings settings) {
        this.face = face;
        name = settings.name();
        time = new LoopTime(settings.clock());
        debug = settings.debug();
        errors = settings.errors();
        queue = new RunQueue(settings.clock(), this);
        ready = queue.ready;
        timers = queue.timers;
        callbackScope = new CallbackScope(queue);
        life = new LoopLife(this, settings);
    }

    /** The loop this is called on, in a coroutine or a callback; null on any other thread. */
    static @Nullable LoopCore currentOrNull() {
        SuspendingTask<?> task = Current.orNull();
        return task != null ? task.loop : RunningLoops.ofThisThread();
    }

    /** The loop this is called on; refuses every other thread. */
    static LoopCore current() {
        LoopCore loop = currentOrNull();
        if (loop == null) {
            throw new IllegalStateException(
                    "No loop runs on this thread; call this in a coroutine run by Async.run, or"
                            + " submit() to an EventLoop");
        }
        return loop;
    }

    /** True on this loop's thread, in a callback or in one of its coroutines. */
    boolean inLoop() {
        if (life.isDrivenHere()) {
            return true;
        }
        SuspendingTask<?> task = Current.orNull();
        return task != null && task.loop == this;
    }

    // Work.

    long nextTaskNumber() {
        return taskNumbers.incrementAndGet();
    }

    Handle callSoon(@Nullable Scope scope, Runnable action) {
        Callback handle = new Callback(this, scope, action);
        if (inLoop()) {
            ready.add(handle);
        } else {
            postWork(handle);
        }
        return handle;
    }

    /**
     * @param scope what a user's callback shall see; null for the library's own
     */
    Handle callAt(long when, @Nullable Scope scope, Runnable action) {
        TimerCallback handle = new TimerCallback(this, when, scope, action);
        if (inLoop()) {
            handle.set();
        } else {
            postWork(handle::set);
        }
        return handle;
    }

    /** Queues what shall run in the next pass; on the loop. */
    void ready(Turn next) {
        ready.add(next);
    }

    /** Whether a coroutine that went on without suspending would hold up something; on the loop. */
    boolean hasOthers() {
        return queue.hasOthers();
    }

    // From any thread.

    /** Leaves the action for the loop; false if it is closed. */
    boolean post(Runnable action) {
        Inbox.Put put = queue.inbox.put(action);
        if (put == Inbox.Put.FIRST) {
            life.wake();
        }
        return put != Inbox.Put.REFUSED;
    }

    /** As {@link #post}, for what begins something: a loop that comes to its end refuses it. */
    void postWork(Runnable work) {
        life.checkTakesWork();
        if (!post(work)) {
            throw closed();
        }
    }

    /** Does it now on the loop, soon elsewhere; false if the loop is closed. */
    boolean tryExecute(Runnable action) {
        if (inLoop()) {
            action.run();
            return true;
        }
        return post(action);
    }

    /** As {@link #tryExecute}, where a closed loop is an error. */
    void nowOrSoon(Runnable action) {
        if (!tryExecute(action)) {
            throw closed();
        }
    }

    /** Refuses what could not come back to the loop any more. */
    void checkOpen() {
        if (queue.inbox.isClosed()) {
            throw closed();
        }
    }

    LoopClosedException closed() {
        return new LoopClosedException(
                "Event loop " + name + " is closed; create or start another one");
    }

    /** Refuses what belongs to another loop. */
    void checkOwn(LoopFuture<?> future) {
        if (future.loop != this) {
            throw new IllegalArgumentException(
                    future.label()
                            + " belongs to "
                            + future.loop
                            + ", not to "
                            + this
                            + "; await its toCompletableFuture() with Async.await");
        }
    }

    @Override
    public long timeHeldFor() {
        return time.heldFor();
    }

    // What is told.

    void debug(boolean on) {
        debug = on;
    }

    @Override
    public boolean isDebug() {
        return debug;
    }

    @Override
    public void failed(Throwable failure) {
        report("Exception in what another thread has sent", failure);
    }

    @Override
    public void tookLong(Turn turn, long nanos) {
        ErrorReports.log(
                Level.WARNING, turn + " held " + this + " for " + nanos / 1_000_000 + " ms", null);
    }

    /** A trace of the caller in debug mode. */
    @Nullable Throwable origin(String what) {
        return debug ? new Throwable(what) : null;
    }

    void report(String what, Throwable failure) {
        report(what, failure, null, null);
    }

    void report(
            String what,
            Throwable failure,
            @Nullable LoopFuture<?> of,
            @Nullable Throwable origin) {
        errors.report(face, what, failure, of, origin);
    }

    String name() {
        return name;
    }

    @Override
    public String toString() {
        return "EventLoop[" + name + ", " + life + "]";
    }
}
