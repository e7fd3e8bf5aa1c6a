/**
 * Rondo's loop, tasks and coroutines in Project Reactor's terms, and the other way round.
 *
 * <p>{@link dev.rondo.reactor.ReactorBridge} is all a user names, with {@link
 * dev.rondo.reactor.Emitter} and {@link dev.rondo.reactor.ElementStream} for streams. Behind it are
 * one engine that publishes, {@link dev.rondo.reactor.BodySubscription}, which runs a body for each
 * subscriber of a {@code mono} or {@code flux}; one that subscribes, {@link
 * dev.rondo.reactor.SourceSubscriber}, for {@link dev.rondo.reactor.ResultSubscriber} one result or
 * {@link dev.rondo.reactor.ElementSubscriber} many; and the loop as a scheduler, {@link
 * dev.rondo.reactor.LoopScheduler}.
 *
 * <p><b>Threads.</b> A body runs on its loop, and its signals are given there. Signals of a
 * publisher that is awaited, requests and cancels may come from any thread.
 *
 * <p><b>Cancel.</b> A subscriber's cancel is at work before it returns: {@link
 * dev.rondo.reactor.BodySubscription} knows what the coroutines of its body have subscribed to.
 *
 * <p><b>Context.</b> {@link dev.rondo.reactor.CoroutineContext} is what a coroutine gives to the
 * publishers it awaits: the Context of its own subscriber, its context variables, and its loop for
 * the bodies among them. A body begins with what its subscriber's Context has, and with nothing
 * else.
 */
@NullMarked
package dev.rondo.reactor;

import org.jspecify.annotations.NullMarked;
