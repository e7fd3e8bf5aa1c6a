package dev.rondo;

import static dev.rondo.Async.*;
import static dev.rondo.ScopesModel.OUTSIDE;

import static org.assertj.core.api.Assertions.assertThat;

import static java.time.Duration.*;

import dev.rondo.ScopesModel.*;
import dev.rondo.sync.AsyncEvent;
import dev.rondo.testing.*;

import org.junit.jupiter.api.Test;

import java.util.*;
import java.util.concurrent.*;
import java.util.function.*;

/**
 * Up to three scopes, in each other and one after the other, and one or two requests to cancel at
 * every place, made by whoever can: what the loop does is what the model says.
 */
class ScopesAndRequestsTest {
    /** The same on a loop. */
    private static class OnALoop extends Program {
        private final Task<?> task = currentTask();
        final Map<Integer, Runnable> lasting = new HashMap<>();
        private final Map<Integer, Kind> kinds = new HashMap<>();

        OnALoop(List<Event> events) {
            super(events);
            lasting.put(OUTSIDE, task::cancel);
        }

        private void ask(String place, boolean timeouts) {
            for (int by : askingAt(place)) {
                if (lasting.containsKey(by) && timeouts == (kinds.get(by) == Kind.TIMEOUT)) {
                    lasting.get(by).run();
                }
            }
        }

        @Override
        void pass(String place) {
            ask(place, false);
        }

        /** A timeout fires one pass after it is told to; all else waits for it. */
        @Override
        void suspend(String place) {
            Promise<Void> wake = currentLoop().newPromise();
            if (!askingAt(place).isEmpty()) {
                currentLoop()
                        .callSoon(() -> {
                            if (!wake.isDone()) {
                                ask(place, true);
                                currentLoop()
                                        .callSoon(() -> {
                                            ask(place, false);
                                            wake.tryComplete(null);
                                        });
                            }
                        });
            } else {
                currentLoop().callSoon(() -> wake.tryComplete(null));
            }
            wake.await();
        }

        @Override
        final void enter(Scope scope) {
            kinds.put(scope.id(), scope.kind());
            try {
                switch (scope.kind()) {
                    case TIMEOUT -> inTimeout(scope);
                    case SHIELD -> shielded(() -> body(scope));
                    default -> inGroup(scope);
                }
            } finally {
                lasting.remove(scope.id());
            }
        }

        void inTimeout(Scope scope) {
            timeout(
                    ofDays(1),
                    timeout -> {
                        lasting.put(scope.id(), () -> fire(timeout));
                        body(scope);
                    });
        }

        private static void fire(Timeout timeout) {
            if (!timeout.isExpired()) {
                timeout.reschedule(ZERO);
            }
        }

        private void inGroup(Scope scope) {
            taskGroup(group -> {
                lasting.put(scope.id(), group::cancel);
                AsyncEvent bodyHasEnded = new AsyncEvent();
                group.createTask(() -> child(scope, bodyHasEnded));
                try {
                    body(scope);
                } finally {
                    bodyHasEnded.set();
                }
            });
        }

        private void child(Scope scope, AsyncEvent bodyHasEnded) {
            try {
                bodyHasEnded.await();
                suspend("closing " + scope.id());
            } catch (CancellationException e) {
                bodyHasEnded.await();
                suspend("cleaning up " + scope.id());
                if (scope.kind() == Kind.FAILING_GROUP) {
                    throw new IllegalArgumentException("clean-up");
                }
            }
        }

        @Override
        int left() {
            return task.cancelling();
        }
    }

    /** A timeout that takes each request made before it for an old one, as asyncio's does. */
    private static final class Broken extends OnALoop {
        Broken(List<Event> events) {
            super(events);
        }

        @Override
        void inTimeout(Scope scope) {
            Task<?> task = currentTask();
            int before = task.cancelling();
            boolean[] expired = {false};
            lasting.put(
                    scope.id(),
                    () -> {
                        if (!expired[0]) {
                            expired[0] = true;
                            currentLoop().callSoon(task::cancel);
                        }
                    });
            try {
                body(scope);
            } catch (CancellationException e) {
                if (expired[0] && task.uncancel() <= before) {
                    throw new AsyncTimeoutException("", e);
                }
                throw e;
            }
            if (expired[0]) {
                task.uncancel();
            }
        }
    }

    @Test
    void everyProgram_withEveryPairOfRequests_endsAsTheModel() {
        assertThat(differences(OnALoop::new, programs(3), Integer.MAX_VALUE)).isEmpty();
    }

    @Test
    void aTimeoutThatCountsAsAsyncioDoes_isCaught() {
        assertThat(differences(Broken::new, programs(2), 1)).isNotEmpty();
    }

    private static List<String> differences(
            Function<List<Event>, OnALoop> onALoop, List<List<Scope>> programs, int enough) {
        List<String> differences = new ArrayList<>();
        VirtualClock.run(() -> {
            for (List<Scope> program : programs) {
                for (List<Event> events : eventsOf(program)) {
                    Model model = new Model(events);
                    model.runAll(program);
                    List<String> trail =
                            createTask(
                                            () -> {
                                                OnALoop real = onALoop.apply(events);
                                                real.runAll(program);
                                                return real.trail;
                                            })
                                    .await();
                    if (!trail.equals(model.trail) && differences.size() < 10) {
                        differences.add(
                                program + " " + events + ": " + trail + ", not " + model.trail);
                    }
                    if (differences.size() >= enough) {
                        return;
                    }
                }
            }
        });
        return differences;
    }

    /** All forests of one scope to so many. */
    private static List<List<Scope>> programs(int most) {
        List<List<Scope>> programs = new ArrayList<>();
        for (int size = 1; size <= most; size++) {
            programs.addAll(forests(size, 1));
        }
        return programs;
    }

    private static List<List<Scope>> forests(int size, int firstId) {
        if (size == 0) {
            return List.of(List.of());
        }
        List<List<Scope>> forests = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            for (int inside = 0; inside < size; inside++) {
                for (List<Scope> inner : forests(inside, firstId + 1)) {
                    for (List<Scope> after : forests(size - 1 - inside, firstId + 1 + inside)) {
                        List<Scope> forest = new ArrayList<>();
                        forest.add(new Scope(firstId, kind, inner));
                        forest.addAll(after);
                        forests.add(forest);
                    }
                }
            }
        }
        return forests;
    }

    /** All events, one alone and two together. */
    private static List<List<Event>> eventsOf(List<Scope> program) {
        List<Event> single = new ArrayList<>();
        addEvents(single, program, List.of());
        List<List<Event>> all = new ArrayList<>();
        for (int i = 0; i < single.size(); i++) {
            all.add(List.of(single.get(i)));
            for (int j = i + 1; j < single.size(); j++) {
                all.add(List.of(single.get(i), single.get(j)));
            }
            // One from outside may come twice.
            all.add(List.of(single.get(i), new Event(single.get(i).place(), OUTSIDE)));
        }
        return all;
    }

    private static void addEvents(List<Event> events, List<Scope> scopes, List<Scope> around) {
        for (Scope scope : scopes) {
            addEvents(events, "before " + scope.id(), around);
            List<Scope> aroundInner = new ArrayList<>(around);
            if (scope.kind() != Kind.SHIELD) {
                aroundInner.add(scope);
            }
            addEvents(events, "in " + scope.id(), aroundInner);
            addEvents(events, scope.inner(), aroundInner);
            if (scope.kind().isGroup()) {
                addEvents(events, "closing " + scope.id(), aroundInner);
                addEvents(events, "cleaning up " + scope.id(), around);
            }
            addEvents(events, "after " + scope.id(), around);
        }
    }

    private static void addEvents(List<Event> events, String place, List<Scope> asking) {
        events.add(new Event(place, OUTSIDE));
        for (Scope scope : asking) {
            // No timer fires while the code runs.
            if (scope.kind().isGroup() || !place.startsWith("before")) {
                events.add(new Event(place, scope.id()));
            }
        }
    }
}
