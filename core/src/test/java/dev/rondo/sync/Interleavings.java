package dev.rondo.sync;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rondo.*;
import dev.rondo.testing.VirtualClock;
import dev.rondo.testsupport.Choices;

import java.time.Duration;
import java.util.*;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Runs a small program of a few coroutines in every order.
 *
 * <p>A coroutine, here an actor, stops at each {@link Actor#step} until it is let go on. What can
 * be done next is: let one actor go on, cancel one, move the time so that timeouts fire. Each is
 * followed by one of three paces: all that is ready runs to its end; one pass runs; nothing runs,
 * so that the next deed falls into the same pass. All sequences of these are tried, with at most so
 * many cancels, and so many paces that are not the first, in each. After each deed the program's
 * own check is made.
 *
 * <p>It keeps no states: every order is played from its beginning, with the choices of the one
 * before, but the last that can be another.
 */
final class Interleavings {
    private static final Duration MOMENT = Duration.ofNanos(1);
    private static final Duration SECOND = Duration.ofSeconds(1);

    /** What goes wrong in an order. */
    static final class Violation extends AssertionError {
        private static final long serialVersionUID = 1L;

        Violation(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** What an actor does. */
    interface Body {
        void run(Actor me) throws Exception;
    }

    /** One coroutine of a program. */
    static final class Actor {
        private final String name;
        private final String kind;
        private final Body body;
        private Task<?> task;
        private Promise<Object> gate;
        private boolean begun;
        private boolean cancelled;

        private Actor(String name, String kind, Body body) {
            this.name = name;
            this.kind = kind;
            this.body = body;
        }

        /** Waits until it is let go on. */
        void step() {
            gate = currentLoop().newPromise();
            gate.await();
        }

        private boolean canGoOn() {
            return gate != null && !gate.isDone();
        }

        /** Whether somebody, or a timeout, has asked for its end. */
        boolean isAsked() {
            return task.cancelling() > 0;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** Actors, what they share, and what must hold; made anew for every order. */
    abstract static class Program {
        private final List<Actor> actors = new ArrayList<>();
        private final Map<String, List<Actor>> lines = new HashMap<>();
        private String failed;

        /** Adds an actor; those of one kind do the same. */
        final void actor(String kind, Body body) {
            actors.add(new Actor(kind + actors.size(), kind, body));
        }

        /** Does what makes it wait in a line in which nobody is overtaken. */
        final void inLine(Actor me, String line, Action operation) throws Exception {
            among(
                    me,
                    line,
                    () -> {
                        operation.run();
                        for (Actor before : in(line).subList(0, in(line).indexOf(me))) {
                            require(before.isAsked(), me + " overtook " + before + " in " + line);
                        }
                    });
        }

        /** Does what makes it wait among others, in whatever order. */
        final void among(Actor me, String line, Action operation) throws Exception {
            List<Actor> waiting = lines.computeIfAbsent(line, l -> new ArrayList<>());
            waiting.add(me);
            try {
                operation.run();
            } finally {
                waiting.remove(me);
            }
        }

        /** Who is in the line. */
        final List<Actor> in(String line) {
            return lines.getOrDefault(line, List.of());
        }

        /** Notes the first violation, which the controller throws. */
        final void require(boolean holds, String what) {
            if (!holds && failed == null) {
                failed = what;
            }
        }

        /** Requires what must hold always. */
        void always() {}

        /** Requires what must hold when nothing is ready to run. */
        abstract void atRest();

        /** Requires what must hold when all actors have ended. */
        abstract void atEnd();
    }

    private final Supplier<? extends Program> programs;
    private final int mostCancels;
    private final int mostTight;
    private final boolean timed;
    private final VirtualClock clock = new VirtualClock();

    private final Choices choices = new Choices();
    private long played;

    private Program program;
    private final List<String> deeds = new ArrayList<>();
    private int cancels;
    private int tight;
    private boolean timeMoved;
    private boolean resting;

    private Interleavings(
            Supplier<? extends Program> programs, int mostCancels, int mostTight, boolean timed) {
        this.programs = programs;
        this.mostCancels = mostCancels;
        this.mostTight = mostTight;
        this.timed = timed;
    }

    /**
     * Plays all orders.
     *
     * @param mostCancels how many actors are cancelled in one order
     * @param mostTight after how many deeds of one order not all that is ready runs
     * @param timed whether the time moves, once
     * @return how many orders there are
     * @throws Violation if one of them breaks what must hold
     */
    static long explore(
            Supplier<? extends Program> programs, int mostCancels, int mostTight, boolean timed) {
        Interleavings all = new Interleavings(programs, mostCancels, mostTight, timed);
        try (EventLoop loop =
                EventLoop.builder().clock(all.clock).watchdog(Duration.ZERO).build()) {
            loop.run(all::playAll);
        }
        return all.played;
    }

    /** Tells how many orders there were, which must be many. */
    static void report(String what, long interleavings) {
        System.out.printf("%s: %d interleavings%n", what, interleavings);
        assertThat(interleavings).isGreaterThan(5_000);
    }

    private void playAll() throws Exception {
        do {
            deeds.clear();
            cancels = 0;
            tight = 0;
            timeMoved = false;
            program = programs.get();
            try {
                play();
            } catch (Throwable e) {
                throw new Violation(program.getClass().getSimpleName() + ", after " + deeds, e);
            }
            played++;
        } while (choices.next());
    }

    private void play() throws Exception {
        for (Actor actor : program.actors) {
            actor.task = createTask(actor.name, () -> actor.body.run(actor));
        }
        rest();
        while (deed()) {
            pace();
            checkNow();
        }
        end();
    }

    /** Does one of what can be done; false if nothing is left to do. */
    private boolean deed() throws Exception {
        List<Runnable> can = new ArrayList<>();
        Set<String> kinds = new HashSet<>();
        for (Actor actor : program.actors) {
            // Of several that do the same and have not begun, the first stands for all.
            if (actor.canGoOn() && (actor.begun || kinds.add(actor.kind))) {
                can.add(() -> letGoOn(actor));
            }
        }
        boolean over = can.isEmpty();
        if (over) {
            can.add(null);
        }
        if (cancels < mostCancels) {
            for (Actor actor : program.actors) {
                if (actor.begun && !actor.cancelled && !actor.task.isDone()) {
                    can.add(() -> cancel(actor));
                }
            }
        }
        if (timed && !timeMoved) {
            can.add(this::moveTime);
        }
        Runnable deed = can.get(choices.choose(can.size()));
        if (deed != null) {
            deed.run();
            return true;
        }
        if (resting) {
            return false;
        }
        rest();
        checkNow();
        return deed();
    }

    private void letGoOn(Actor actor) {
        deeds.add(actor.name);
        actor.begun = true;
        actor.gate.complete(null);
    }

    private void cancel(Actor actor) {
        deeds.add("cancel " + actor.name);
        cancels++;
        actor.cancelled = true;
        actor.task.cancel();
    }

    private void moveTime() {
        deeds.add("time");
        timeMoved = true;
        clock.advance(SECOND);
    }

    private void pace() {
        int pace = tight < mostTight ? choices.choose(3) : 0;
        if (pace == 0) {
            rest();
            return;
        }
        tight++;
        resting = false;
        if (pace == 1) {
            deeds.add("one pass");
            yieldNow();
        } else {
            deeds.add("at once");
        }
    }

    /** All that is ready runs: time moves by a moment only when nothing is. */
    private void rest() {
        sleep(MOMENT);
        resting = true;
    }

    private void checkNow() throws Exception {
        program.always();
        if (resting) {
            program.atRest();
        }
        checkRequired();
        for (Actor actor : program.actors) {
            if (actor.task.isDone() && !actor.task.isCancelled()) {
                actor.task.result();
            }
        }
    }

    private void checkRequired() {
        if (program.failed != null) {
            throw new AssertionError(program.failed);
        }
    }

    /** Those who wait for what nobody brings any more are taken away. */
    private void end() throws Exception {
        for (Actor actor : program.actors) {
            if (!actor.task.isDone()) {
                if (actor.cancelled) {
                    throw new AssertionError(actor + " was cancelled and has not ended");
                }
                actor.task.cancel();
            }
        }
        rest();
        checkNow();
        for (Actor actor : program.actors) {
            if (!actor.task.isDone()) {
                throw new AssertionError(actor + " has not ended");
            }
        }
        program.atEnd();
        checkRequired();
    }

    /** An operation that may be cut short: by a timeout of a second. */
    static void withinASecond(Action operation) {
        try {
            timeout(SECOND, operation);
        } catch (AsyncTimeoutException e) {
            throw new CancellationException("timed out");
        }
    }

    /** True if the check throws what it should. */
    static boolean refuses(Action action) {
        BooleanSupplier refused =
                () -> {
                    try {
                        action.run();
                        return false;
                    } catch (IllegalStateException e) {
                        return true;
                    } catch (Exception e) {
                        return false;
                    }
                };
        return refused.getAsBoolean();
    }
}
