package dev.rondo;

import dev.rondo.internal.Driver;
import dev.rondo.internal.Fiber;
import dev.rondo.internal.FiberKind;
import dev.rondo.internal.Inbox;
import dev.rondo.internal.StackRoom;
import dev.rondo.internal.Turn;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
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
public final class EventLoop implements AutoCloseable, Executor {
    private static final AtomicInteger LOOPS = new AtomicInteger();
    private static final long LONGEST_DELAY = Long.MAX_VALUE >> 1;

    private enum State {
        IDLE,
        RUNNING,
        STARTED,
        CLOSED
    }

    private final String name;
    private final LoopClock clock;
    final FiberKind fiberKind = FiberKind.chosen();
    final long watchdogNanos;
    private final long shutdownNanos;
    private final ErrorReports errors = new ErrorReports();
    private final AtomicLong taskNumbers = new AtomicLong();
    private final AtomicInteger holds = new AtomicInteger();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private volatile boolean debug;
    private volatile State state = State.IDLE;

    /** From the beginning of a run's or the loop's end: work from other threads is refused. */
    private volatile boolean ending;

    private volatile @Nullable Driver driver;
    private volatile @Nullable Throwable deathCause;

    // Of whoever has the turn: the driver's thread in a pass, or the coroutine it has resumed.
    private final Passes passes;
    final ReadyQueue ready;
    final TaskList tasks = new TaskList();
    final UnseenFailures unseen = new UnseenFailures(this);
    final CancelWalk.Nest cancels = new CancelWalk.Nest();

    final LastingStages lastingStages = new LastingStages();

    /** Those who wait outside for what is pending: told, at the latest, when the loop closes. */
    final Set<Runnable> outside = new HashSet<>();

    /** Promises that somebody has as tasks, and that are pending, in that order. */
    final Map<LoopPromise<?>, PromiseTask<?>> promiseTasks = new LinkedHashMap<>();

    /** Blocking calls on threads outside that have not come back. */
    final Set<ThreadTask<?>> threads = ConcurrentHashMap.newKeySet();

    /** The task that has the turn; also read by a coroutine that looks for itself. */
    @Nullable CoroutineTask<?> running;

    /** What the callback that has the turn sees. */
    @Nullable ContextScope callbackScope;

    /** What other code sees that has the turn, a stage or a clock, say; for one beat. */
    private @Nullable ContextScope passingScope;

    private long passingBeat;

    /** One for all that {@link #run} runs here, one after another. */
    private @Nullable ContextScope scopeOfRuns;

    private EventLoop(Builder builder) {
        name = builder.name != null ? builder.name : "rondo-" + LOOPS.incrementAndGet();
        clock = builder.clock;
        debug = builder.debug;
        watchdogNanos = builder.watchdogNanos;
        shutdownNanos = builder.shutdownNanos;
        builder.errorHandling.accept(errors);
        passes = new Passes(this, clock);
        ready = passes.ready;
    }

    /** A loop that runs nothing until {@link #run}. */
    public static EventLoop create() {
        return builder().build();
    }

    /**
     * A loop that runs now, on a daemon thread with the given name, until it is closed.
     *
     * @throws IllegalStateException if {@code -Ddev.rondo.fiber=mounted} is set and cannot be had
     */
    public static EventLoop start(String name) {
        return builder().name(name).start();
    }

    /** For a loop with a name, a clock, an error handler of one's own. */
    public static Builder builder() {
        return new Builder();
    }

    // Running.

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
    public <T extends @Nullable Object> T run(Coroutine<T> main) {
        Objects.requireNonNull(main, "main");
        EventLoop outer = current();
        if (outer != null) {
            throw new IllegalStateException(
                    "run() cannot be called on the running "
                            + outer
                            + "; await the coroutine, or make it a task with createTask()");
        }
        BlockingCalls.check(
                "run()", "submit() the coroutine to a started loop, or return it as a Mono");
        CoroutineTask<T> task =
                new CoroutineTask<>(this, null, scopeOfRuns(), CapturedLocals.here(this), main);
        Driver thread = begin(State.RUNNING);
        post(() -> {
            task.begin();
            task.onDone(done -> shutDown(false));
        });
        boolean interrupted = false;
        JvmShutdown hook = new JvmShutdown(this, task, thread, shutdownNanos);
        try {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                    task.cancel("the thread that runs the loop was interrupted");
                }
            }
        } finally {
            hook.remove();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        Throwable died = deathCause;
        if (died != null) {
            throw failed(died);
        }
        return task.result();
    }

    /** As {@link #run(Coroutine)}, without a result. */
    public void run(Action main) {
        Objects.requireNonNull(main, "main");
        run(Coroutine.of(main));
    }

    /** What one run sets, the next one sees: asyncio's Runner. */
    private ContextScope scopeOfRuns() {
        ContextScope scope = scopeOfRuns;
        if (scope == null) {
            scope = ContextScope.copy();
            scopeOfRuns = scope;
        }
        return scope;
    }

    private synchronized Driver begin(State next) {
        switch (state) {
            case RUNNING, STARTED ->
                    throw new IllegalStateException(
                            this + " runs already; submit() the coroutine to it");
            case CLOSED -> throw closed();
            case IDLE -> {}
        }
        Driver started = new Driver(name, fiberKind, passes);
        driver = started;
        state = next;
        RunningLoops.ALL.add(this);
        try {
            started.start();
        } catch (Throwable e) {
            leave(State.IDLE);
            throw e;
        }
        watch();
        return started;
    }

    private void watch() {
        try {
            Watchdog.watch();
        } catch (Throwable e) {
            report("No watchdog could be started; stalls will not be reported", e);
        }
    }

    /** Asks all that is pending for its end. */
    void cancelAll(String why) {
        CancelRequest request = CancelRequest.of(this, why);
        List<LoopTask<?>> pending = new ArrayList<>(tasks.toList());
        pending.addAll(threads);
        pending.addAll(promiseTasks.values());
        CancelWalk walk = new CancelWalk(this, request);
        pending.forEach(walk::ask);
    }

    /** Ends the tasks that have not heard a request to cancel, without their coroutines. */
    void abandonAll(Throwable cause) {
        List<CoroutineTask<?>> left = tasks.toList();
        if (!left.isEmpty()) {
            report(
                    left.getFirst().label()
                            + (left.size() == 1 ? "" : " and " + (left.size() - 1) + " more tasks")
                            + " will not run on, and clean nothing up",
                    cause);
        }
        for (CoroutineTask<?> task : left) {
            task.abandon(failed(cause));
        }
    }

    private IllegalStateException failed(Throwable cause) {
        return new IllegalStateException("Event loop " + name + " failed and is closed", cause);
    }

    /** The loop itself cannot go on; whoever waits outside is released. */
    void died(Throwable cause) {
        deathCause = cause;
        finished(true);
    }

    /** After the last pass, on the loop's thread. */
    void finished(boolean forGood) {
        leave(forGood ? State.CLOSED : State.IDLE);
        if (forGood) {
            List.copyOf(outside).forEach(waiter -> ContextScope.apart(null, waiter));
            unseen.reportAll();
            ContextScope.apart(null, () -> closed.complete(null));
        }
    }

    private synchronized void leave(State next) {
        RunningLoops.ALL.remove(this);
        driver = null;
        state = next;
        ending = false;
    }

    /** The end begins; on the loop, or before it runs. */
    void shutDown(boolean forGood) {
        ending = true;
        passes.shutDown(forGood);
    }

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
    public void close() {
        if (inLoop()) {
            throw new IllegalStateException(
                    this + " cannot be closed from within; it would wait for itself");
        }
        if (state == State.STARTED || passes.hasMail()) {
            BlockingCalls.check("close()", "closeAsync() does not block");
        }
        Driver thread = beginToClose();
        if (thread != null) {
            post(() -> shutDown(true));
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * As {@link #close}, but without waiting: may be called on the loop itself.
     *
     * @return done when the loop has closed; stages that depend on it run on the loop's thread
     * @throws IllegalStateException while {@link #run} runs
     */
    public CompletableFuture<Void> closeAsync() {
        if (beginToClose() != null) {
            post(() -> shutDown(true));
        }
        return closed.copy();
    }

    /** True once the loop has closed: nothing is accepted and nothing runs any more. */
    public boolean isClosed() {
        return state == State.CLOSED;
    }

    /** The thread on which the loop will close, or null if it is closed now. */
    private @Nullable Driver beginToClose() {
        synchronized (this) {
            switch (state) {
                case CLOSED -> {
                    return null;
                }
                case RUNNING ->
                        throw new IllegalStateException(
                                this + " is in run(); cancel its main task instead");
                case STARTED -> {
                    ending = true;
                    return driver;
                }
                case IDLE -> {
                    if (!passes.inbox.closeIfEmpty()) {
                        // Somebody may wait for what was submitted: it is cancelled, not dropped.
                        shutDown(true);
                        return begin(State.STARTED);
                    }
                    state = State.CLOSED;
                }
            }
        }
        passes.finish(true);
        return null;
    }

    // Scheduling.

    /**
     * Makes the coroutine a task of this loop, from any thread. It begins when its turn comes; on a
     * loop that does not run, when it does.
     *
     * @throws LoopClosedException if the loop is closed; also, elsewhere than on the loop, if it is
     *     closing or at the end of a run
     */
    public <T extends @Nullable Object> Task<T> submit(Coroutine<T> body) {
        Objects.requireNonNull(body, "body");
        return createTask(null, body);
    }

    /** As {@link #submit(Coroutine)}, without a result. */
    public Task<Void> submit(Action body) {
        return createTask(null, Coroutine.of(body));
    }

    /** As {@link #submit(Coroutine)}, with a name, which is also its thread's. */
    public <T extends @Nullable Object> Task<T> submit(String name, Coroutine<T> body) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(body, "body");
        return createTask(name, body);
    }

    /** As {@link #submit(String, Coroutine)}, without a result. */
    public Task<Void> submit(String name, Action body) {
        return submit(name, Coroutine.of(body));
    }

    /**
     * As {@link #submit(Coroutine)}, in the given scope in place of a copy of the caller's. Nothing
     * else of the caller's comes with it either: what {@link TaskLocals} carry stays behind.
     */
    public <T extends @Nullable Object> Task<T> submit(ContextScope scope, Coroutine<T> body) {
        Objects.requireNonNull(scope, "scope");
        Objects.requireNonNull(body, "body");
        return begin(new CoroutineTask<>(this, null, scope, null, body));
    }

    <T extends @Nullable Object> CoroutineTask<T> createTask(
            @Nullable String taskName, Coroutine<? extends T> body) {
        return createTask(taskName, ContextScope.copyOrNull(), body);
    }

    <T extends @Nullable Object> CoroutineTask<T> createTask(
            @Nullable String taskName, @Nullable ContextScope scope, Coroutine<? extends T> body) {
        return begin(newTask(taskName, scope, body));
    }

    /** A task that has yet to {@link #begin}. */
    <T extends @Nullable Object> CoroutineTask<T> newTask(
            @Nullable String taskName, @Nullable ContextScope scope, Coroutine<? extends T> body) {
        return new CoroutineTask<>(this, taskName, scope, CapturedLocals.here(this), body);
    }

    <T extends @Nullable Object> CoroutineTask<T> begin(CoroutineTask<T> task) {
        if (!inLoop()) {
            postWork(task.beginning());
        } else if (passes.isOver()) {
            task.endUnbegun();
        } else {
            task.begin();
        }
        return task;
    }

    /**
     * Runs the callback in the next pass, after what is ready already. It sees the context
     * variables as they are now.
     *
     * @throws LoopClosedException as by {@link #submit}
     */
    public Handle callSoon(Runnable callback) {
        return callSoon(ContextScope.copy(), callback);
    }

    /** As {@link #callSoon(Runnable)}, in the given scope in place of a copy of the caller's. */
    public Handle callSoon(ContextScope scope, Runnable callback) {
        Objects.requireNonNull(scope, "scope");
        Objects.requireNonNull(callback, "callback");
        Callback handle = new Callback(this, scope, callback);
        if (inLoop()) {
            ready.add(handle);
        } else {
            postWork(handle);
        }
        return handle;
    }

    /**
     * As {@link #callSoon}, for those who want an {@link Executor}: the stages of a {@code
     * CompletableFuture}, for instance.
     *
     * @throws RejectedExecutionException if the loop takes no more work; its cause says why
     */
    @Override
    public void execute(Runnable command) {
        try {
            callSoon(command);
        } catch (LoopClosedException e) {
            throw new RejectedExecutionException(e.getMessage(), e);
        }
    }

    /**
     * Runs the callback when the delay has passed.
     *
     * @throws IllegalArgumentException if the delay is negative
     * @throws LoopClosedException as by {@link #submit}
     */
    public Handle callLater(Duration delay, Runnable callback) {
        return callAt(timeIn(nanos(delay)), callback);
    }

    /**
     * Runs the callback when {@link #time} has reached the given value, at once if it has. Timers
     * run in order of their time, those of one time in the order they were set.
     *
     * @param nanoTime nanoseconds, on the clock of {@link #time}
     * @throws LoopClosedException as by {@link #submit}
     */
    public Handle callAt(long nanoTime, Runnable callback) {
        return callAt(nanoTime, ContextScope.copy(), callback);
    }

    /**
     * As {@link #callAt(long, Runnable)}, in the given scope in place of a copy of the caller's.
     */
    public Handle callAt(long nanoTime, ContextScope scope, Runnable callback) {
        Objects.requireNonNull(scope, "scope");
        Objects.requireNonNull(callback, "callback");
        return addTimer(nanoTime, scope, callback);
    }

    /**
     * Runs the action here and now on the loop, in its turn elsewhere, behind what the calling
     * thread has sent before. For what keeps a structure of the loop's in order: it should be short
     * and not fail.
     *
     * @return false, and nothing is run, if the loop is closed
     */
    public boolean tryRun(Runnable action) {
        return tryExecute(Objects.requireNonNull(action, "action"));
    }

    Handle addTimer(long when, @Nullable ContextScope scope, Runnable callback) {
        TimerCallback handle = new TimerCallback(this, when, scope, callback);
        if (inLoop()) {
            handle.set();
        } else {
            postWork(handle::set);
        }
        return handle;
    }

    /** The loop's time after a delay. */
    long timeIn(long nanos) {
        return timeAfter(time(), nanos);
    }

    /** Later by a delay, or for ever. */
    static long timeAfter(long now, long nanos) {
        long then = now + nanos;
        return then >= now ? then : Long.MAX_VALUE;
    }

    /** A delay in nanoseconds, at most 146 years; refuses a negative one. */
    static long nanos(Duration delay) {
        if (Objects.requireNonNull(delay, "delay").isNegative()) {
            throw new IllegalArgumentException(
                    "The delay is negative: " + delay + "; Duration.ZERO means without delay");
        }
        return delay.compareTo(Duration.ofNanos(LONGEST_DELAY)) >= 0
                ? LONGEST_DELAY
                : delay.toNanos();
    }

    /** As {@link #nanos}, where no time left is as good as none given. */
    static long nanosOrLess(Duration limit) {
        return Objects.requireNonNull(limit, "limit").isNegative() ? 0 : nanos(limit);
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

    /** A promise of this loop, for somebody to end. */
    public <T extends @Nullable Object> Promise<T> newPromise() {
        return new LoopPromise<>(this);
    }

    /** As {@link #newPromise()}, with what it stands for, as a task that awaits it says. */
    public <T extends @Nullable Object> Promise<T> namedPromise(String what) {
        return new NamedPromise<>(this, Objects.requireNonNull(what, "what"));
    }

    /**
     * A promise of this loop that tells when it is cancelled, for what brings the result can then
     * stop. That is called on the loop, within the call that cancels, before any waiter is resumed;
     * if it throws, the failure goes to the loop's error handler.
     */
    public <T extends @Nullable Object> Promise<T> newPromise(Runnable onCancel) {
        return new CancellablePromise<>(this, Objects.requireNonNull(onCancel, "onCancel"));
    }

    /** The loop's time in nanoseconds: the real clock's is {@link System#nanoTime}. */
    public long time() {
        return clock.nanoTime();
    }

    /** What the loop's clock takes for the time of day, in milliseconds since 1970 in UTC. */
    public long epochMillis() {
        return clock.epochMillis();
    }

    /**
     * Says that work is under way outside the loop which will come back to it: until it is
     * released, a virtual clock waits instead of jumping. Under real time it means nothing. From
     * any thread.
     */
    public Hold holdTime() {
        return new Hold(this);
    }

    /** True on this loop's thread, in a callback or in one of its coroutines. */
    public boolean inLoop() {
        if (isDrivenHere()) {
            return true;
        }
        CoroutineTask<?> task = CoroutineTask.currentOrNull();
        return task != null && task.loop == this;
    }

    /**
     * True if the thread is a running loop's, or a coroutine's: code on it must not block. From any
     * thread.
     */
    public static boolean isLoopThread(Thread thread) {
        return Fiber.of(thread) != null || RunningLoops.isOneOf(thread);
    }

    boolean isDrivenHere() {
        Driver thread = driver;
        return thread != null && thread.isCurrent();
    }

    /** The loop this is called on, in a coroutine or a callback; null on any other thread. */
    public static @Nullable EventLoop current() {
        CoroutineTask<?> task = CoroutineTask.currentOrNull();
        return task != null ? task.loop : RunningLoops.ofThisThread();
    }

    /** Waits until nothing runs any more on a loop that refuses work. */
    void awaitClosed() throws InterruptedException {
        Driver thread = driver;
        if (thread != null) {
            thread.join();
        }
    }

    /** Whether a coroutine that went on without suspending would hold up something; on the loop. */
    boolean hasOthers() {
        return passes.hasOthers();
    }

    /** True once what is left is being cancelled; on the loop. */
    boolean isEnding() {
        return passes.isEnding();
    }

    /** True once nothing is begun any more; on the loop. */
    boolean isOver() {
        return passes.isOver();
    }

    /** Queues what shall run in the next pass; on the loop. */
    void ready(Turn next) {
        ready.add(next);
    }

    /** Leaves the action for the loop, from any thread; false if it is closed. */
    boolean post(Runnable action) {
        Inbox.Put put = passes.inbox.put(action);
        Driver thread = driver;
        if (put == Inbox.Put.FIRST && thread != null) {
            thread.wake();
        }
        return put != Inbox.Put.REFUSED;
    }

    /** As {@link #post}, for what begins something: a loop that comes to its end refuses it. */
    private void postWork(Runnable work) {
        if (ending) {
            throw new LoopClosedException(
                    this
                            + (state == State.RUNNING
                                    ? " is at the end of a run; it takes work again afterwards"
                                    : " is closing and takes no more work; create or start another"
                                            + " loop"));
        }
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
        if (passes.inbox.isClosed()) {
            throw closed();
        }
    }

    private LoopClosedException closed() {
        return new LoopClosedException(
                "Event loop " + name + " is closed; create or start another one");
    }

    // The rest.

    /**
     * Sets what gets the failures that no code waits for: of callbacks, and of tasks nobody looked
     * at. Without one they are logged at ERROR as {@code dev.rondo}. It is called on the loop's
     * thread; if it fails itself, both failures are logged.
     */
    public void onError(Consumer<? super Throwable> handler) {
        errors.setOnError(Objects.requireNonNull(handler, "handler"));
    }

    /**
     * As {@link #onError}, in its place: the handler is told what failed, and in debug mode where
     * it was made. The name is another because a lambda with one argument fits both.
     */
    public void onFailure(Consumer<? super LoopFailure> handler) {
        errors.setOnFailure(Objects.requireNonNull(handler, "handler"));
    }

    /**
     * Debug mode: callbacks and tasks remember where they were made, and one that holds the loop
     * for 100 ms or more is logged. The system property {@code dev.rondo.debug} sets it for every
     * loop.
     */
    public void debug(boolean on) {
        debug = on;
    }

    /** Whether debug mode is on. */
    public boolean isDebug() {
        return debug;
    }

    /**
     * Whether the loop's own time stands still for a call that an executor has not begun, and may
     * have dropped.
     */
    boolean isHeldByAnExecutor() {
        return isTimeHeld()
                && clock != LoopClock.system()
                && threads.stream().anyMatch(ThreadTask::isQueued);
    }

    boolean isTimeHeld() {
        return holds.get() > 0;
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
        Task<?> task = of instanceof LoopTask<?> known ? known : null;
        errors.report(this, what, failure, task, origin);
    }

    long nextTaskNumber() {
        return taskNumbers.incrementAndGet();
    }

    /** The name of the loop and its thread. */
    public String name() {
        return name;
    }

    Timers timers() {
        return passes.timers;
    }

    // For the watchdog and the tests.

    long beat() {
        return passes.beat();
    }

    // Scopes of what runs outside of coroutines; on the loop's thread.

    @Nullable ContextScope scopeOutsideTasks() {
        ContextScope ofCallback = callbackScope;
        return ofCallback == null && passingBeat == beat() ? passingScope : ofCallback;
    }

    void setPassingScope(@Nullable ContextScope scope) {
        passingScope = scope;
        passingBeat = beat();
    }

    boolean isAsleep() {
        Driver thread = driver;
        return thread == null || thread.isAsleep();
    }

    @Nullable Thread driverThread() {
        Driver thread = driver;
        return thread == null ? null : thread.thread();
    }

    @Override
    public String toString() {
        return "EventLoop[" + name + ", " + state.toString().toLowerCase(Locale.ROOT) + "]";
    }

    /** Work under way outside; see {@link EventLoop#holdTime}. */
    public static final class Hold implements AutoCloseable {
        private final EventLoop loop;
        private final AtomicBoolean released = new AtomicBoolean();
        private final Turn wake = Turn.of(() -> {});

        private Hold(EventLoop loop) {
            this.loop = loop;
            loop.holds.incrementAndGet();
        }

        /** The work has come back; a second call does nothing. */
        @Override
        public void close() {
            StackRoom.ensure();
            if (!released.getAndSet(true)) {
                loop.holds.decrementAndGet();
                loop.post(wake);
            }
        }
    }

    /** Makes a loop with settings of one's own. */
    public static final class Builder {
        private @Nullable String name;
        private LoopClock clock = LoopClock.system();
        private boolean debug = Boolean.getBoolean("dev.rondo.debug");
        private Consumer<ErrorReports> errorHandling = errors -> {};
        private long watchdogNanos = Duration.ofSeconds(1).toNanos();
        private long shutdownNanos = Duration.ofSeconds(10).toNanos();

        private Builder() {}

        /** The name of the loop and its thread; without one, {@code rondo-N}. */
        public Builder name(String name) {
            this.name = Objects.requireNonNull(name, "name");
            return this;
        }

        /** Where the loop takes its time from; without one, the system's clock. */
        public Builder clock(LoopClock clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /** Debug mode from the start; see {@link EventLoop#debug}. */
        public Builder debug(boolean on) {
            debug = on;
            return this;
        }

        /** The error handler from the start; see {@link EventLoop#onError}. */
        public Builder onError(Consumer<? super Throwable> handler) {
            Objects.requireNonNull(handler, "handler");
            errorHandling = errors -> errors.setOnError(handler);
            return this;
        }

        /**
         * As {@link #onError}, for a handler that is told more; see {@link EventLoop#onFailure}.
         */
        public Builder onFailure(Consumer<? super LoopFailure> handler) {
            Objects.requireNonNull(handler, "handler");
            errorHandling = errors -> errors.setOnFailure(handler);
            return this;
        }

        /**
         * After how long without progress a blocked loop is reported at WARNING, with the stack of
         * what blocks it; one second without this, never with {@link Duration#ZERO}.
         *
         * @throws IllegalArgumentException if negative
         */
        public Builder watchdog(Duration limit) {
            watchdogNanos = nanos(limit);
            return this;
        }

        /**
         * How long the JVM's shutdown (Ctrl-C, SIGTERM) is held up by {@link EventLoop#run}, whose
         * coroutine is cancelled and may clean up meanwhile; ten seconds without this. {@link
         * Duration#ZERO}: the shutdown is no concern of the loop's.
         *
         * @throws IllegalArgumentException if negative
         */
        public Builder shutdownLimit(Duration limit) {
            shutdownNanos = nanos(limit);
            return this;
        }

        /**
         * The loop; it runs nothing yet.
         *
         * @throws IllegalStateException if {@code -Ddev.rondo.fiber=mounted} is set and cannot be
         *     had
         */
        public EventLoop build() {
            return new EventLoop(this);
        }

        /**
         * The loop, as {@link #build}; it runs now, on a daemon thread with its name, until it is
         * closed.
         */
        public EventLoop start() {
            EventLoop loop = build();
            loop.begin(State.STARTED);
            return loop;
        }
    }
}
