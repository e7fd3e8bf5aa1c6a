package dev.rondo.stack;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Netty's leak detector, whose reports can be asked for; Netty finds it by a system property. It
 * reports a buffer that was collected and not released.
 */
public final class BufferLeaks<T> extends ResourceLeakDetector<T> {
    private static final String ON_PURPOSE = "left on purpose";
    private static final List<String> REPORTS = new CopyOnWriteArrayList<>();

    /** For Netty. */
    public BufferLeaks(Class<?> type, int interval) {
        super(type, interval);
    }

    /** For Netty, which looks for this one too. */
    public BufferLeaks(Class<?> type, int interval, long unused) {
        this(type, interval);
    }

    @Override
    protected boolean needReport() {
        return true;
    }

    @Override
    protected void reportTracedLeak(String type, String records) {
        REPORTS.add(type + records);
    }

    @Override
    protected void reportUntracedLeak(String type) {
        REPORTS.add(type);
    }

    /** From now on every buffer is watched. */
    static void watch() {
        setLevel(Level.PARANOID);
        found();
    }

    /**
     * The buffers that nobody has released, and nobody refers to any more. One is left on purpose:
     * when the detector tells of it, it has told of the others.
     */
    static List<String> found() {
        // Netty tells of two that have the same history only once.
        String mark = ON_PURPOSE + ", " + UUID.randomUUID();
        leaveOne(mark);
        while (REPORTS.stream().noneMatch(report -> report.contains(mark))) {
            collect();
        }
        collect();
        List<String> others =
                REPORTS.stream().filter(report -> !report.contains(ON_PURPOSE)).toList();
        REPORTS.clear();
        return others;
    }

    private static void leaveOne(String mark) {
        UnpooledByteBufAllocator.DEFAULT.directBuffer(8).touch(mark);
    }

    /** The detector looks whenever a buffer is made. */
    private static void collect() {
        System.gc();
        UnpooledByteBufAllocator.DEFAULT.directBuffer(8).release();
    }
}
