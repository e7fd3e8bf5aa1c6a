package dev.rondo.internal.loop;

import dev.rondo.EventLoop;
import dev.rondo.LoopGroup;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;

/** A group of loops that were started together. */
public final class StartedLoops implements LoopGroup {
    private final String name;
    private final List<EventLoop> loops;
    private final AtomicInteger turns = new AtomicInteger();

    private StartedLoops(String name, List<EventLoop> loops) {
        this.name = name;
        this.loops = List.copyOf(loops);
    }

    /** Loops with threads of their own. */
    public static StartedLoops own(String name, int loops) {
        Objects.requireNonNull(name, "name");
        List<LoopBuilder> builders = new ArrayList<>();
        for (int i = 1; i <= loops; i++) {
            builders.add(new LoopBuilder().name(name + "-" + i));
        }
        return start(name, builders);
    }

    /** A loop on each host. */
    public static StartedLoops hosted(
            String name, Iterable<? extends ScheduledExecutorService> hosts) {
        Objects.requireNonNull(name, "name");
        List<LoopBuilder> builders = new ArrayList<>();
        for (ScheduledExecutorService host : hosts) {
            builders.add(new LoopBuilder().name(name + "-" + (builders.size() + 1)).host(host));
        }
        return start(name, builders);
    }

    private static StartedLoops start(String name, List<LoopBuilder> builders) {
        if (builders.isEmpty()) {
            throw new IllegalArgumentException("A group needs one loop at least");
        }
        List<EventLoop> started = new ArrayList<>();
        try {
            for (LoopBuilder builder : builders) {
                started.add(builder.start());
            }
        } catch (Throwable e) {
            started.forEach(EventLoop::closeAsync);
            throw e;
        }
        return new StartedLoops(name, started);
    }

    @Override
    public EventLoop next() {
        return loops.get(Math.floorMod(turns.getAndIncrement(), loops.size()));
    }

    @Override
    public EventLoop of(Object key) {
        int hash = Objects.requireNonNull(key, "key").hashCode();
        // Keys that differ by a multiple of the number of loops shall not all meet on one.
        return loops.get(Math.floorMod(hash ^ (hash >>> 16), loops.size()));
    }

    @Override
    public List<EventLoop> loops() {
        return loops;
    }

    @Override
    public void close() {
        if (LoopCore.currentOrNull() != null) {
            throw new IllegalStateException(
                    this + " cannot be closed on a loop, which would be held up; use closeAsync()");
        }
        BlockingCalls.check("close()", "closeAsync() does not block");
        closeAsync();
        loops.forEach(EventLoop::close);
    }

    @Override
    public CompletableFuture<Void> closeAsync() {
        return CompletableFuture.allOf(
                loops.stream().map(EventLoop::closeAsync).toArray(CompletableFuture<?>[]::new));
    }

    @Override
    public String toString() {
        return "LoopGroup[" + name + ", " + loops.size() + " loops]";
    }
}
