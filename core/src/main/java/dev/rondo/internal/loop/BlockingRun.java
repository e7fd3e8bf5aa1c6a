package dev.rondo.internal.loop;

import dev.rondo.internal.queue.Driver;

/** One run of a loop: its main task, and the thread that waits for the end of it all. */
final class BlockingRun {
    private BlockingRun() {}

    /**
     * Blocks the calling thread until the main task, and all that was left behind, has ended.
     *
     * @param shutdownNanos how long the JVM's shutdown is held up
     */
    static void toTheEnd(LoopCore loop, Passes passes, CoroutineTask<?> main, long shutdownNanos) {
        Driver thread = loop.life.begin(LoopLife.State.RUNNING, passes);
        Watchdog.watch(loop);
        loop.post(() -> {
            main.begin();
            main.onDone(done -> passes.shutDown(false));
        });
        boolean interrupted = false;
        JvmShutdown hook = new JvmShutdown(loop, main, thread, shutdownNanos);
        try {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                    main.cancel("the thread that runs the loop was interrupted");
                }
            }
        } finally {
            hook.remove();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        loop.life.checkAlive();
    }
}
