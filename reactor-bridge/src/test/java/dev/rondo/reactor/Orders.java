package dev.rondo.reactor;

import dev.rondo.*;
import dev.rondo.internal.loop.HandDriven;
import dev.rondo.reactor.Duet.Side;
import dev.rondo.testing.VirtualClock;
import dev.rondo.testsupport.Choices;

import java.time.Duration;
import java.util.*;
import java.util.concurrent.*;
import java.util.function.*;

/**
 * Plays a small program in every order.
 *
 * <p>What can be done next is the loop's next turn, or the next deed of one of the program's
 * scripts, by a callback of the loop or by another thread. It is chosen between any two turns, and
 * within the program's own callbacks, where it says so by {@link Program#point}: there, what
 * another thread does comes while the callback runs, and what the loop does comes from within it;
 * while the other thread is in a callback, the loop goes on. All sequences of these are tried, with
 * at most so many deeds within callbacks in each.
 *
 * <p>It keeps no states: every order is played from its beginning, with the choices of the one
 * before, but the last that can be another.
 */
final class Orders {
    /** More than any program here has: who does not rest after so many runs for ever. */
    private static final int MOST_STEPS = 500;

    private static final Duration SECOND = Duration.ofSeconds(1);

    /** What goes wrong in an order. */
    static final class Violation extends AssertionError {
        private static final long serialVersionUID = 1L;

        Violation(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private record Deed(String name, BooleanSupplier when, Runnable action) {}

    /** Deeds that are done one after another, each once, when it can be. */
    static final class Script {
        private final ArrayDeque<Deed> deeds = new ArrayDeque<>();
        private final boolean anywhere;
        private Side side = Side.LOOP;
        private boolean busy;

        private Script(boolean anywhere) {
            this.anywhere = anywhere;
        }

        Script then(String name, BooleanSupplier when, Runnable action) {
            deeds.add(new Deed(name, when, action));
            return this;
        }

        private boolean canGoOn() {
            return !busy && !deeds.isEmpty() && deeds.peek().when.getAsBoolean();
        }

        @Override
        public String toString() {
            String name = deeds.peek().name;
            return side == Side.LOOP ? name : name + " from outside";
        }
    }

    /** Scripts, what they share, and what must hold; made anew for every order. */
    abstract static class Program {
        private final List<Script> scripts = new ArrayList<>();
        private Orders orders;
        private String failed;

        /** A script that is played by callbacks of the loop. */
        final Script onLoop() {
            return add(new Script(false));
        }

        /** One that is played, in some orders, by callbacks of the loop, in others from outside. */
        final Script anywhere() {
            return add(new Script(true));
        }

        private Script add(Script script) {
            scripts.add(script);
            return script;
        }

        /** Here others may do something. */
        final void point(String where) {
            orders.point(where);
        }

        /** On which thread this is. */
        final Side here() {
            return orders.duet.here();
        }

        final EventLoop loop() {
            return orders.loop;
        }

        /** Lets a second pass. */
        final void moveTime() {
            orders.clock.advance(SECOND);
        }

        /** Notes the first violation. */
        final void require(boolean holds, String what) {
            if (!holds && failed == null) {
                failed = what;
            }
        }

        /** Before the first choice; on the loop. */
        abstract void begin();

        /** Requires what must hold when all has been done and nothing is ready to run. */
        abstract void atEnd();
    }

    private final Supplier<? extends Program> programs;
    private final int mostWithin;
    private final VirtualClock clock = new VirtualClock();
    private EventLoop loop;
    private HandDriven turns;
    private Duet duet;

    private final Choices choices = new Choices();
    private long played;

    private Program program;
    private final List<String> trail = new ArrayList<>();
    private int within;
    private int onLoop;

    private Orders(Supplier<? extends Program> programs, int mostWithin) {
        this.programs = programs;
        this.mostWithin = mostWithin;
    }

    /**
     * Plays all orders.
     *
     * @param mostWithin how many deeds are done within callbacks in one order
     * @return how many orders there are
     * @throws Violation if one of them breaks what must hold
     */
    static long explore(int mostWithin, Supplier<? extends Program> programs) {
        Orders all = new Orders(programs, mostWithin);
        CompletableFuture<Void> over = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("orders").start(() -> all.run(over));
        try {
            over.join();
        } catch (CompletionException e) {
            // The loop is left alone: what hangs there may never end.
            if (e.getCause() instanceof Violation violation) {
                throw violation;
            }
            throw e;
        }
        return all.played;
    }

    private void run(CompletableFuture<Void> over) {
        EventLoop.Builder builder = EventLoop.builder().clock(clock).watchdog(Duration.ZERO);
        builder.onError(e -> program.require(false, "reported: " + e));
        try (EventLoop own = builder.build();
                Duet both = new Duet()) {
            loop = own;
            duet = both;
            own.run(() -> {
                Promise<Void> played = own.newPromise();
                own.callSoon(() -> {
                    try {
                        playAll();
                        played.complete(null);
                    } catch (Throwable e) {
                        over.completeExceptionally(e);
                    }
                });
                played.await();
            });
            over.complete(null);
        } catch (Throwable e) {
            over.completeExceptionally(e);
        }
    }

    private void playAll() throws Exception {
        turns = new HandDriven(loop, clock);
        do {
            trail.clear();
            within = 0;
            onLoop = 0;
            program = programs.get();
            program.orders = this;
            try {
                play();
            } catch (Throwable e) {
                throw new Violation(program + ", after " + trail, e);
            }
            played++;
        } while (choices.next());
    }

    private void play() {
        for (Script script : program.scripts) {
            if (script.anywhere) {
                script.side = Side.values()[choices.choose(2)];
            }
        }
        program.begin();
        checkRequired();
        while (step("", false)) {
            checkRequired();
        }
        program.atEnd();
        program.require(
                Async.allTasks().size() == 1, "tasks are left on the loop: " + Async.allTasks());
        checkRequired();
    }

    private void checkRequired() {
        if (program.failed != null) {
            throw new AssertionError(program.failed);
        }
        if (trail.size() > MOST_STEPS) {
            throw new AssertionError("it does not come to rest");
        }
    }

    private void point(String where) {
        while (within < mostWithin && step("in " + where + ": ", true)) {}
    }

    /** Does one of what can be done; false if that is nothing, or it may be nothing and is. */
    private boolean step(String where, boolean mayGoOn) {
        List<Runnable> can = new ArrayList<>();
        if (mayGoOn) {
            can.add(null);
        }
        // A coroutine or callback of the loop that has the turn keeps it.
        if (onLoop == 0 && turns.hasTurn()) {
            can.add(() -> {
                trail.add(where + "turn");
                run(Side.LOOP, turns::turn);
            });
        }
        for (Script script : program.scripts) {
            if (script.canGoOn()) {
                can.add(() -> {
                    trail.add(where + script);
                    play(script);
                });
            }
        }
        if (can.isEmpty() || (mayGoOn && can.size() == 1)) {
            return false;
        }
        Runnable step = can.get(choices.choose(can.size()));
        if (step == null) {
            return false;
        }
        within += mayGoOn ? 1 : 0;
        step.run();
        return true;
    }

    private void play(Script script) {
        Deed deed = script.deeds.remove();
        script.busy = true;
        run(script.side, deed.action);
        script.busy = false;
    }

    private void run(Side side, Runnable action) {
        int before = onLoop;
        onLoop += side == Side.LOOP ? 1 : 0;
        try {
            duet.on(side, action);
        } finally {
            onLoop = before;
        }
    }
}
