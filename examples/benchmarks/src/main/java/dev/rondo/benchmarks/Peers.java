package dev.rondo.benchmarks;

import dev.rondo.Coroutine;
import dev.rondo.EventLoop;
import dev.rondo.reactor.ReactorBridge;

import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One thread for each peer. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public abstract class Peers {
    EventLoop loop;
    Scheduler loopScheduler;
    Scheduler single;
    KotlinPeer kotlin;
    private Scheduler kotlinThread;

    @Setup
    public void start() {
        loop = EventLoop.start("rondo");
        loopScheduler = ReactorBridge.scheduler(loop);
        single = Schedulers.newSingle("reactor");
        kotlinThread = Schedulers.newSingle("kotlin");
        kotlin = new KotlinPeer(kotlinThread);
    }

    @TearDown
    public void stop() {
        loop.close();
        single.dispose();
        kotlinThread.dispose();
    }

    /** Runs the body on Rondo's loop and waits for it. */
    <T> T onLoop(Coroutine<T> body) {
        return loop.submit(body).join();
    }

    /** Runs the body on so many virtual threads of the JDK's, and waits for them. */
    static void onVirtualThreads(int number, Runnable body) throws InterruptedException {
        List<Thread> threads = new ArrayList<>(number);
        for (int i = 0; i < number; i++) {
            threads.add(Thread.startVirtualThread(body));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
