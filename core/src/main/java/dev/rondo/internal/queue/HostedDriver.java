package dev.rondo.internal.queue;

import dev.rondo.internal.fiber.FiberKind;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A driver on somebody else's thread: each pass is a task of the host, which has its turn between.
 */
public final class HostedDriver extends Driver {
    /*
     * `state` is IDLE while no pass is handed over, PENDING from the hand-over to the end of the pass,
     * ENDED after the last one. Who moves it from IDLE to PENDING hands over: so passes never overlap. A
     * pass's end sets IDLE and then looks at the mail; wake() comes after the mail is left: one of the two
     * sees the other.
     *
     * The host's thread may call the loop between two passes, in a task of its own: it is on the loop, and
     * adds to what is ready without mail. So whenever it finds itself on the loop there, a pass is handed
     * over, which runs when the task has ended.
     *
     * If the host is gone, nobody is left to run a pass: a thread of its own tells whoever waits.
     */
    private static final int IDLE = 0;
    private static final int PENDING = 1;
    private static final int ENDED = 2;

    /** One loop to a thread: which of two would be the current one? */
    private static final ConcurrentHashMap<Thread, HostedDriver> THREADS =
            new ConcurrentHashMap<>();

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(HostedDriver.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final String name;
    private final FiberKind kind;
    private final Work work;
    private final ScheduledExecutorService host;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile int state = PENDING;
    private volatile @Nullable Thread thread;
    private volatile boolean inPass;

    // Of the host's thread: the one timer.
    private @Nullable Future<?> timer;
    private long timerDue;

    /** A driver that has not started. */
    public HostedDriver(String name, FiberKind kind, Work work, ScheduledExecutorService host) {
        this.name = name;
        this.kind = kind;
        this.work = work;
        this.host = host;
    }

    /**
     * @throws RejectedExecutionException if the host takes no tasks
     */
    @Override
    public void start() {
        host.execute(this::runPass);
    }

    // On the host's thread.

    private void runPass() {
        if (state == ENDED || !isOnItsThread()) {
            return;
        }
        Thread own = Thread.currentThread();
        inPass = true;
        kind.awake(own);
        long idle;
        try {
            idle = work.pass();
        } finally {
            kind.asleep();
            inPass = false;
        }
        if (idle == FINISHED) {
            end();
        } else if (idle == 0) {
            handOver();
        } else {
            setTimer(idle);
            STATE.setVolatile(this, IDLE);
            if (work.hasMail()) {
                wake();
            }
        }
    }

    private boolean isOnItsThread() {
        Thread here = Thread.currentThread();
        Thread own = thread;
        if (own == here) {
            return true;
        }
        String refusal = own == null ? refusal(here) : severalThreads(own, here);
        if (refusal != null) {
            fail(new IllegalStateException(refusal));
            return false;
        }
        thread = here;
        kind.prepare();
        return true;
    }

    private String severalThreads(Thread own, Thread here) {
        return "The host of event loop "
                + name
                + " runs its tasks on several threads, "
                + own.getName()
                + " and "
                + here.getName()
                + "; a loop needs a host with one: "
                + host;
    }

    /** Why the thread cannot host the loop; null: it does from now on. */
    private @Nullable String refusal(Thread here) {
        if (here.isVirtual()) {
            return "The host of event loop "
                    + name
                    + " runs its tasks on a virtual thread; coroutines need a platform thread: "
                    + host;
        }
        HostedDriver other = THREADS.putIfAbsent(here, this);
        return other == null
                ? null
                : "The thread "
                        + here.getName()
                        + " hosts the event loop "
                        + other.name
                        + " already, and can host no other; submit() to that one";
    }

    private void handOver() {
        try {
            host.execute(this::runPass);
        } catch (RejectedExecutionException e) {
            failRejected(e);
        }
    }

    private void failRejected(RejectedExecutionException rejection) {
        fail(
                new RejectedExecutionException(
                        "The host of event loop " + name + " takes no more tasks: " + host,
                        rejection));
    }

    private void setTimer(long idle) {
        Future<?> set = timer;
        if (idle == FOR_EVER) {
            if (set != null) {
                set.cancel(false);
                timer = null;
            }
            return;
        }
        long due = System.nanoTime() + idle;
        if (set != null && timerDue - due <= 0) {
            // It comes before, and its pass sets another.
            return;
        }
        if (set != null) {
            set.cancel(false);
        }
        timerDue = due;
        try {
            timer = host.schedule(this::timerFired, idle, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            timer = null;
            failRejected(e);
        }
    }

    private void timerFired() {
        timer = null;
        if (STATE.compareAndSet(this, IDLE, PENDING)) {
            runPass();
        }
    }

    private void end() {
        state = ENDED;
        Future<?> set = timer;
        if (set != null) {
            set.cancel(false);
        }
        forgetThread();
        ended.countDown();
    }

    private void forgetThread() {
        Thread own = thread;
        if (own != null) {
            THREADS.remove(own, this);
        }
    }

    // From any thread.

    @Override
    public void wake() {
        if (STATE.compareAndSet(this, IDLE, PENDING)) {
            handOver();
        }
    }

    @Override
    public boolean isCurrent() {
        if (Thread.currentThread() != thread || state == ENDED) {
            return false;
        }
        if (!inPass) {
            wake();
        }
        return true;
    }

    @Override
    public boolean isInPass() {
        return inPass && Thread.currentThread() == thread;
    }

    @Override
    public void checkThread() {
        if (host.isTerminated()) {
            fail(
                    new RejectedExecutionException(
                            "The host of event loop " + name + " has terminated: " + host));
        }
    }

    /** There is no thread for another pass. */
    private void fail(Throwable cause) {
        if ((int) STATE.getAndSet(this, ENDED) == ENDED) {
            return;
        }
        forgetThread();
        Thread.ofPlatform()
                .name(name)
                .daemon()
                .inheritInheritableThreadLocals(false)
                .start(() -> {
                    try {
                        work.abandon(cause);
                    } finally {
                        ended.countDown();
                    }
                });
    }

    @Override
    public void join() throws InterruptedException {
        ended.await();
    }

    @Override
    @SuppressWarnings("ReturnValueIgnored") // isAlive() tells
    public void join(long nanos) throws InterruptedException {
        ended.await(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public boolean isAlive() {
        return ended.getCount() > 0;
    }

    @Override
    public boolean isAsleep() {
        return state == IDLE;
    }

    @Override
    public @Nullable Thread thread() {
        return thread;
    }
}
