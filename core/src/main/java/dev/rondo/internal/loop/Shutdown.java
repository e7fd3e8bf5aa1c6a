package dev.rondo.internal.loop;

import dev.rondo.internal.queue.Driver;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The end of a run, a step after each pass: what is left is cancelled in order of creation and
 * waited for, then what was born meanwhile, and so on until nothing is left; a last pass tells
 * those who waited. Tasks that clean-up code starts and awaits are let run: they are cancelled only
 * when all that was there before them has ended.
 *
 * <p>Tasks that start each other again would go on for ever: after some rounds nothing is begun any
 * more.
 */
final class Shutdown {
    private static final int MOST_ROUNDS = 20;
    private static final int MOST_LAST_PASSES = 10_000;
    private static final int MOST_NAMES = 10;
    private static final Duration TOLD_AFTER = Duration.ofSeconds(5);

    private final LoopCore loop;
    private final boolean forGood;
    private final TimerCallback telling;
    private final List<SuspendingTask<?>> asked = new ArrayList<>();
    private int ended;
    private int rounds;
    private boolean inboxClosed;
    private int lastPasses;

    /**
     * @param forGood whether the loop closes, or may run again
     */
    Shutdown(LoopCore loop, boolean forGood) {
        this.loop = loop;
        this.forGood = forGood;
        long when = loop.time.in(TOLD_AFTER.toNanos());
        telling = new TimerCallback(loop, when, null, this::reportUnended);
        telling.set();
    }

    /** Whether the loop closes, or may run again. */
    boolean isForGood() {
        return forGood;
    }

    /** What to do after a pass, in the terms of {@link Driver.Work#pass}. */
    long afterPass() {
        while (ended < asked.size() && asked.get(ended).isDone()) {
            ended++;
        }
        if (ended < asked.size()) {
            return loop.queue.idleTime();
        }
        if (!loop.tasks.isEmpty()) {
            List<SuspendingTask<?>> left = loop.tasks.toList();
            asked.addAll(left);
            cancel(left);
            lastPasses = 0;
            return 0;
        }
        cancel(left(loop.threads));
        cancel(left(loop.sources));
        if (loop.threads.stream().anyMatch(BlockingCall::isWaitedFor)) {
            return loop.queue.idleTime();
        }
        if (forGood && !inboxClosed) {
            inboxClosed = true;
            loop.queue.inbox.close(loop.ready::add);
            return 0;
        }
        // One that is told may be waited for itself; callbacks that only queue themselves must not
        // keep the loop alive.
        if (lastPasses++ == 0
                || (loop.ready.contains(Waiter.class) && lastPasses < MOST_LAST_PASSES)) {
            return 0;
        }
        telling.cancel();
        asked.forEach(task -> task.reportUnseenFailure("failed while the loop was shutting down"));
        return Driver.FINISHED;
    }

    private static <F extends LoopFuture<?>> List<F> left(Collection<F> tasks) {
        return tasks.stream().filter(task -> !task.isDone()).toList();
    }

    private void cancel(List<? extends LoopFuture<?>> left) {
        if (left.isEmpty()) {
            return;
        }
        if (++rounds == MOST_ROUNDS + 1) {
            loop.life.isOver = true;
            reportRestarted(left);
        }
        // One walk: it leaves out whoever has been asked by one that awaits it.
        CancelWalk walk = new CancelWalk(loop, CancelRequest.of(loop, LoopLife.ENDING));
        left.forEach(task -> cancel(task, walk));
    }

    private void cancel(LoopFuture<?> task, CancelWalk walk) {
        try {
            walk.ask(task);
        } catch (Throwable e) {
            loop.report("Exception while cancelling " + task.label(), e, task, null);
        }
    }

    // What does not end is named once, all of it in one message.

    private void reportRestarted(List<? extends LoopFuture<?>> left) {
        List<String> names = left.stream().limit(MOST_NAMES).map(LoopFuture::label).toList();
        ErrorReports.log(
                Level.WARNING,
                "At the end of "
                        + loop
                        + " something is begun again and again; from now on it is cancelled before"
                        + " it begins: "
                        + listed(names, left.size()),
                null);
    }

    private void reportUnended() {
        List<String> names = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        int count = 0;
        for (SuspendingTask<?> task : loop.tasks.toList()) {
            if (count++ < MOST_NAMES) {
                name(task.label(), task.thread(), names, threads);
            }
        }
        for (BlockingCall<?> call : loop.threads) {
            if (call.isWaitedFor() && count++ < MOST_NAMES) {
                name("a blocking call", call.thread(), names, threads);
            }
        }
        if (count == 0) {
            return;
        }
        Throwable where = new Throwable("where the first of them is");
        if (!threads.isEmpty()) {
            where.setStackTrace(threads.getFirst().getStackTrace());
        }
        ErrorReports.log(
                Level.WARNING,
                loop
                        + " waits at its end for what has been cancelled and has not ended after "
                        + TOLD_AFTER.toSeconds()
                        + " s: "
                        + listed(names, count),
                where);
    }

    private static void name(
            String label, @Nullable Thread thread, List<String> names, List<Thread> threads) {
        if (thread == null) {
            names.add(label);
        } else {
            names.add(label + ErrorReports.place(thread));
            threads.add(thread);
        }
    }

    private static String listed(List<String> names, int count) {
        String more = count > names.size() ? " and " + (count - names.size()) + " more" : "";
        return String.join(", ", names) + more;
    }
}
