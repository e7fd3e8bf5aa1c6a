/** asyncio's programming model for Java: one event loop, coroutines in plain code, tasks. */
module dev.rondo.core {
    requires static org.jspecify;

    exports dev.rondo;
    exports dev.rondo.sync;
    exports dev.rondo.testing;

    uses dev.rondo.NonBlockingThreads;
    uses dev.rondo.TaskLocals;
}
