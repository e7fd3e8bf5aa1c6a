package dev.rondo.internal.loop;

import dev.rondo.EventLoop;
import dev.rondo.LoopClock;
import dev.rondo.LoopFailure;
import dev.rondo.internal.fiber.FiberKind;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** The settings of a loop that is to be made. */
public final class LoopBuilder implements EventLoop.Builder {
    private static final AtomicInteger LOOPS = new AtomicInteger();

    private @Nullable String name;
    private LoopClock clock = LoopClock.system();
    private boolean debug = Boolean.getBoolean("dev.rondo.debug");
    private Consumer<ErrorReports> errorHandling = errors -> {};
    private @Nullable ScheduledExecutorService host;
    private long watchdogNanos = Duration.ofSeconds(1).toNanos();
    private long shutdownNanos = Duration.ofSeconds(10).toNanos();

    /** The settings of a loop for which nothing is said. */
    public LoopBuilder() {}

    @Override
    public LoopBuilder name(String name) {
        this.name = Objects.requireNonNull(name, "name");
        return this;
    }

    @Override
    public LoopBuilder clock(LoopClock clock) {
        this.clock = Objects.requireNonNull(clock, "clock");
        return this;
    }

    @Override
    public LoopBuilder debug(boolean on) {
        debug = on;
        return this;
    }

    @Override
    public LoopBuilder onError(Consumer<? super Throwable> handler) {
        Objects.requireNonNull(handler, "handler");
        errorHandling = errors -> errors.setOnError(handler);
        return this;
    }

    @Override
    public LoopBuilder onFailure(Consumer<? super LoopFailure> handler) {
        Objects.requireNonNull(handler, "handler");
        errorHandling = errors -> errors.setOnFailure(handler);
        return this;
    }

    @Override
    public LoopBuilder watchdog(Duration limit) {
        watchdogNanos = Delays.nanos(limit);
        return this;
    }

    @Override
    public LoopBuilder shutdownLimit(Duration limit) {
        shutdownNanos = Delays.nanos(limit);
        return this;
    }

    @Override
    public LoopBuilder host(ScheduledExecutorService host) {
        Objects.requireNonNull(host, "host");
        if (host instanceof ThreadPoolExecutor pool && pool.getCorePoolSize() != 1) {
            throw new IllegalArgumentException(
                    "A loop needs a host with one thread; this has "
                            + pool.getCorePoolSize()
                            + ": "
                            + host);
        }
        this.host = host;
        return this;
    }

    @Override
    public Loop build() {
        if (host != null) {
            FiberKind.requireMounted("A loop that is hosted by " + host);
        }
        return new Loop(settings());
    }

    @Override
    public EventLoop start() {
        Loop loop = build();
        loop.start();
        return loop;
    }

    private LoopSettings settings() {
        ErrorReports errors = new ErrorReports();
        errorHandling.accept(errors);
        String loopName = name != null ? name : "rondo-" + LOOPS.incrementAndGet();
        return new LoopSettings(loopName, clock, debug, errors, watchdogNanos, shutdownNanos, host);
    }
}
