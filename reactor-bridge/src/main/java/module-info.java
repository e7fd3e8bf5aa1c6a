/** Rondo's loop, tasks and coroutines in Project Reactor's terms, and the other way round. */
module dev.rondo.reactor {
    requires transitive dev.rondo.core;
    requires transitive reactor.core;
    requires transitive org.reactivestreams;
    requires static context.propagation;
    requires static reactor.blockhound;
    requires static org.jspecify;

    exports dev.rondo.reactor;

    provides dev.rondo.NonBlockingThreads with
            dev.rondo.reactor.ReactorThreads;
    provides dev.rondo.TaskLocals with
            dev.rondo.reactor.Propagation.Locals;
    provides reactor.blockhound.integration.BlockHoundIntegration with
            dev.rondo.reactor.RondoBlockHoundIntegration;
}
