package dev.rondo;

import java.util.*;
import java.util.concurrent.CancellationException;

/** Programs of scopes and requests to cancel, and what each does by the rules, with no loop. */
final class ScopesModel {
    private ScopesModel() {}

    enum Kind {
        TIMEOUT,
        GROUP,
        /** A group whose child fails in its clean-up. */
        FAILING_GROUP,
        SHIELD;

        boolean isGroup() {
            return this == GROUP || this == FAILING_GROUP;
        }
    }

    record Scope(int id, Kind kind, List<Scope> inner) {}

    /** Somebody asks at a place of the program: the scope with that number, or no scope. */
    record Event(String place, int by) {}

    static final int OUTSIDE = 0;

    /** What the loop and the model have in common. */
    abstract static class Program {
        final List<Event> events;
        final List<String> trail = new ArrayList<>();

        Program(List<Event> events) {
            this.events = events;
        }

        final List<Integer> askingAt(String place) {
            return events.stream().filter(e -> e.place.equals(place)).map(Event::by).toList();
        }

        /** A place that the code passes without suspending. */
        abstract void pass(String place);

        /** A place where it suspends. */
        abstract void suspend(String place);

        abstract void enter(Scope scope) throws Exception;

        abstract int left();

        final void runAll(List<Scope> scopes) {
            try {
                suspend("at first");
                run(scopes);
                suspend("at last");
                trail.add("ends");
            } catch (CancellationException e) {
                trail.add("ends cancelled");
            }
            trail.add(left() + " requests left");
        }

        final void run(List<Scope> scopes) {
            for (Scope scope : scopes) {
                pass("before " + scope.id);
                try {
                    enter(scope);
                    trail.add(scope.id + " ends");
                } catch (AsyncTimeoutException e) {
                    trail.add(scope.id + " times out");
                } catch (IllegalArgumentException e) {
                    trail.add(scope.id + " fails");
                } catch (CancellationException e) {
                    trail.add(scope.id + " is cancelled");
                    throw e;
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
                suspend("after " + scope.id);
            }
        }

        final void body(Scope scope) {
            suspend("in " + scope.id);
            run(scope.inner);
        }
    }

    /** The rules, with no loop. */
    static final class Model extends Program {
        private static final class Request {
            final int by;
            boolean delivered;

            Request(int by) {
                this.by = by;
            }
        }

        private final List<Request> requests = new ArrayList<>();

        /** What the code is in, the innermost last. */
        private final List<Scope> around = new ArrayList<>();

        Model(List<Event> events) {
            super(events);
        }

        /** Whether no shield lies between who asked and the code. */
        private boolean arrives(Request request) {
            for (Scope scope : around.reversed()) {
                if (scope.id == request.by) {
                    return true;
                }
                if (scope.kind == Kind.SHIELD) {
                    return false;
                }
            }
            return true;
        }

        private boolean hasAsked(int scope) {
            return requests.stream().anyMatch(request -> request.by == scope);
        }

        @Override
        void pass(String place) {
            for (int by : askingAt(place)) {
                // A scope asks as long as it lasts, and once.
                boolean lasts = around.stream().anyMatch(scope -> scope.id == by);
                if (by == OUTSIDE || (lasts && !hasAsked(by))) {
                    requests.add(new Request(by));
                }
            }
        }

        private boolean deliver() {
            List<Request> here = requests.stream().filter(r -> !r.delivered && arrives(r)).toList();
            here.forEach(request -> request.delivered = true);
            return !here.isEmpty();
        }

        @Override
        void suspend(String place) {
            if (deliver()) {
                throw new CancellationException();
            }
            pass(place);
            if (deliver()) {
                throw new CancellationException();
            }
        }

        @Override
        void enter(Scope scope) {
            List<Request> old = requests.stream().filter(request -> request.delivered).toList();
            around.add(scope);
            boolean cancelled = false;
            try {
                body(scope);
            } catch (CancellationException e) {
                cancelled = true;
            }
            boolean aborted = cancelled || hasAsked(scope.id);
            if (scope.kind.isGroup()) {
                if (!aborted) {
                    pass("closing " + scope.id);
                    cancelled = aborted = deliver();
                }
                if (aborted) {
                    pass("cleaning up " + scope.id);
                    cancelled |= deliver();
                }
            }
            around.remove(scope);
            boolean asked = requests.removeIf(request -> request.by == scope.id);
            List<Request> others =
                    requests.stream().filter(r -> !old.contains(r) && arrives(r)).toList();
            if (scope.kind == Kind.FAILING_GROUP && aborted) {
                others.forEach(request -> request.delivered = false);
                throw new IllegalArgumentException("clean-up");
            }
            if (cancelled && !(asked && others.isEmpty())) {
                if (others.stream().noneMatch(request -> request.delivered)) {
                    others.forEach(request -> request.delivered = true);
                }
                throw new CancellationException();
            }
            if (cancelled && scope.kind == Kind.TIMEOUT) {
                throw new AsyncTimeoutException("", new CancellationException());
            }
        }

        @Override
        int left() {
            return requests.size();
        }
    }
}
