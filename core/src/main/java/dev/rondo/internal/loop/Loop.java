package dev.rondo.internal.loop;

import dev.rondo.Action;
import dev.rondo.ContextScope;
import dev.rondo.Coroutine;
import dev.rondo.EventLoop;
import dev.rondo.Handle;
import dev.rondo.LoopClock;
import dev.rondo.LoopClosedException;
import dev.rondo.LoopFailure;
import dev.rondo.Promise;
import dev.rondo.Task;
import dev.rondo.internal.fiber.Fiber;
import dev.rondo.internal.queue.Driver;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/** A loop as its user knows it. */
public final class Loop implements EventLoop {
    final LoopCore core;
    private final LoopLife life;
    private final Passes passes;
    private final long shutdownNanos;

    /** One for all that {@link #run} runs here, one after another. */
    private @Nullable Scope scopeOfRuns;

    Loop(LoopSettings settings) {
        core = new LoopCore(this, settings);
        life = core.life;
        passes = new Passes(core);
        shutdownNanos = settings.shutdownNanos();
    }

    /** The loop this is called on, or null. */
    public static @Nullable EventLoop currentOrNull() {
        LoopCore loop = LoopCore.currentOrNull();
        return loop == null ? null : loop.face;
    }

    /** Whether the thread is a running loop's, or a coroutine's. */
    public static boolean isLoopThread(Thread thread) {
        return Fiber.of(thread) != null || RunningLoops.isOneOf(thread);
    }

    // Running.

    @Override
    public <T extends @Nullable Object> T run(Coroutine<T> main) {
        Objects.requireNonNull(main, "main");
        LoopCore outer = LoopCore.currentOrNull();
        if (outer != null) {
            throw new IllegalStateException(
                    "run() cannot be called on the running "
                            + outer
                            + "; await the coroutine, or make it a task with createTask()");
        }
        BlockingCalls.check(
                "run()", "submit() the coroutine to a started loop, or return it as a Mono");
        CoroutineTask<T> task = CoroutineTask.carrying(core, null, scopeOfRuns(), main);
        BlockingRun.toTheEnd(core, passes, task, shutdownNanos);
        return task.result();
    }

    @Override
    public void run(Action main) {
        Objects.requireNonNull(main, "main");
        run(Coroutine.of(main));
    }

    /** What one run sets, the next one sees: asyncio's Runner. */
    private Scope scopeOfRuns() {
        Scope scope = scopeOfRuns;
        if (scope == null) {
            scope = Scope.copy();
            scopeOfRuns = scope;
        }
        return scope;
    }

    void start() {
        life.begin(LoopLife.State.STARTED, passes);
        Watchdog.watch(core);
    }

    @Override
    public void close() {
        if (inLoop()) {
            throw new IllegalStateException(
                    this + " cannot be closed from within; it would wait for itself");
        }
        if (life.isStarted() || passes.hasMail()) {
            BlockingCalls.check("close()", "closeAsync() does not block");
        }
        Driver thread = beginToClose();
        if (thread != null) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public CompletableFuture<Void> closeAsync() {
        beginToClose();
        return life.closed();
    }

    private @Nullable Driver beginToClose() {
        Driver thread = life.beginToClose(passes, () -> passes.shutDown(true));
        if (thread != null) {
            Watchdog.watch(core);
            core.post(() -> passes.shutDown(true));
        }
        return thread;
    }

    @Override
    public boolean isClosed() {
        return life.isClosed();
    }

    // Scheduling.

    @Override
    public <T extends @Nullable Object> Task<T> submit(Coroutine<T> body) {
        Objects.requireNonNull(body, "body");
        return CoroutineTask.create(core, null, body);
    }

    @Override
    public Task<Void> submit(Action body) {
        return CoroutineTask.create(core, null, Coroutine.of(body));
    }

    @Override
    public <T extends @Nullable Object> Task<T> submit(String name, Coroutine<T> body) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(body, "body");
        return CoroutineTask.create(core, name, body);
    }

    @Override
    public Task<Void> submit(String name, Action body) {
        return submit(name, Coroutine.of(body));
    }

    @Override
    public <T extends @Nullable Object> Task<T> submit(ContextScope scope, Coroutine<T> body) {
        Objects.requireNonNull(scope, "scope");
        Objects.requireNonNull(body, "body");
        return new CoroutineTask<T>(core, null, Scope.of(scope), null, body).beginSomewhere();
    }

    @Override
    public Handle callSoon(Runnable callback) {
        return callSoon(Scope.copy(), callback);
    }

    @Override
    public Handle callSoon(ContextScope scope, Runnable callback) {
        Objects.requireNonNull(scope, "scope");
        Objects.requireNonNull(callback, "callback");
        return core.callSoon(Scope.of(scope), callback);
    }

    @Override
    public void execute(Runnable command) {
        try {
            callSoon(command);
        } catch (LoopClosedException e) {
            throw new RejectedExecutionException(e.getMessage(), e);
        }
    }

    @Override
    public Handle callLater(Duration delay, Runnable callback) {
        return callAt(core.time.in(Delays.nanos(delay)), callback);
    }

    @Override
    public Handle callAt(long nanoTime, Runnable callback) {
        return callAt(nanoTime, Scope.copy(), callback);
    }

    @Override
    public Handle callAt(long nanoTime, ContextScope scope, Runnable callback) {
        Objects.requireNonNull(scope, "scope");
        Objects.requireNonNull(callback, "callback");
        return core.callAt(nanoTime, Scope.of(scope), callback);
    }

    @Override
    public boolean tryRun(Runnable action) {
        return core.tryExecute(Objects.requireNonNull(action, "action"));
    }

    // Promises.

    @Override
    public <T extends @Nullable Object> Promise<T> newPromise() {
        return new LoopPromise<>(core);
    }

    @Override
    public <T extends @Nullable Object> Promise<T> newPromise(String what) {
        return new NamedPromise<>(core, Objects.requireNonNull(what, "what"));
    }

    @Override
    public <T extends @Nullable Object> Promise<T> newPromise(Runnable onCancel) {
        return new CancellablePromise<>(core, Objects.requireNonNull(onCancel, "onCancel"));
    }

    @Override
    public <T extends @Nullable Object> Promise<T> sourcePromise(String what, Runnable onCancel) {
        Objects.requireNonNull(what, "what");
        return new SourcePromise<T>(core, what, Objects.requireNonNull(onCancel, "onCancel"))
                .begin();
    }

    // Time and place.

    @Override
    public long time() {
        return core.time.now();
    }

    @Override
    public long epochMillis() {
        return core.time.clock().epochMillis();
    }

    @Override
    public Hold holdTime() {
        return new TimeHold(core, TimeHold.UNBOUNDED);
    }

    @Override
    public Hold holdTime(Duration atMost) {
        return new TimeHold(core, Delays.nanos(atMost));
    }

    @Override
    public boolean isHosted() {
        return life.host != null;
    }

    @Override
    public LoopClock clock() {
        return core.time.clock();
    }

    @Override
    public boolean inLoop() {
        return core.inLoop();
    }

    // What is told.

    @Override
    public void onError(Consumer<? super Throwable> handler) {
        core.errors.setOnError(Objects.requireNonNull(handler, "handler"));
    }

    @Override
    public void onFailure(Consumer<? super LoopFailure> handler) {
        core.errors.setOnFailure(Objects.requireNonNull(handler, "handler"));
    }

    @Override
    public void debug(boolean on) {
        core.debug(on);
    }

    @Override
    public boolean isDebug() {
        return core.isDebug();
    }

    @Override
    public String name() {
        return core.name();
    }

    @Override
    public String toString() {
        return core.toString();
    }
}
