package dev.rondo.benchmarks

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Runnable
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.delay
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.reactive.asFlow
import kotlinx.coroutines.reactive.awaitSingle
import kotlinx.coroutines.reactor.asCoroutineDispatcher
import kotlinx.coroutines.reactor.flux
import kotlinx.coroutines.reactor.mono
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.yield
import reactor.core.publisher.Flux
import reactor.core.publisher.Mono
import reactor.core.scheduler.Scheduler
import java.util.concurrent.CountDownLatch

/** The same work in kotlinx-coroutines, on one thread of a Reactor scheduler. Each call blocks until it is done. */
class KotlinPeer(private val scheduler: Scheduler) {
    private val dispatcher = scheduler.asCoroutineDispatcher()

    fun yields(coroutines: Int, rounds: Int) = runBlocking(dispatcher) {
        List(coroutines) { launch { repeat(rounds) { yield() } } }.joinAll()
    }

    fun awaitDone(times: Int): Long = runBlocking(dispatcher) {
        val done = CompletableDeferred(1)
        var sum = 0L
        repeat(times) { sum += done.await() }
        sum
    }

    fun awaitMonoJust(times: Int): Long = runBlocking(dispatcher) {
        val mono = Mono.just(1)
        var sum = 0L
        repeat(times) { sum += mono.awaitSingle() }
        sum
    }

    fun createAndAwait(times: Int): Long = runBlocking(dispatcher) {
        var sum = 0L
        repeat(times) { sum += async { 1 }.await() }
        sum
    }

    fun gather(size: Int, times: Int): Long = runBlocking(dispatcher) {
        var sum = 0L
        repeat(times) { sum += List(size) { async { 1 } }.awaitAll().size }
        sum
    }

    fun awaitPublished(times: Int): Long = runBlocking(dispatcher) {
        val mono = Mono.fromCallable { 1 }.subscribeOn(scheduler)
        var sum = 0L
        repeat(times) { sum += mono.awaitSingle() }
        sum
    }

    fun awaitMonoBody(times: Int): Long = runBlocking(dispatcher) {
        val mono = mono(dispatcher) { 1 }
        var sum = 0L
        repeat(times) { sum += mono.awaitSingle() }
        sum
    }

    fun zip8(times: Int): Long = runBlocking(dispatcher) {
        val one = mono(dispatcher) { 1 }
        val zip = Mono.zip(one, one, one, one, one, one, one, one)
        var sum = 0L
        repeat(times) { sum += zip.awaitSingle().size() }
        sum
    }

    fun emitting(elements: Int): Flux<Int> = flux(dispatcher) { repeat(elements) { send(it) } }

    fun iterate(elements: Int): Long = runBlocking(dispatcher) {
        var sum = 0L
        Flux.range(0, elements).asFlow().collect { sum += it }
        sum
    }

    fun sleepers(count: Int, millis: Long) = runBlocking(dispatcher) {
        List(count) { launch { delay(millis) } }.joinAll()
    }

    fun sleepersThatStay(count: Int, millis: Long, asleep: CountDownLatch) {
        val scope = CoroutineScope(dispatcher)
        repeat(count) {
            scope.launch {
                asleep.countDown()
                delay(millis)
            }
        }
    }

    fun timers(count: Int) = runBlocking(dispatcher) {
        val jobs = List(count) { launch { delay(3_600_000) } }
        yield()
        jobs.forEach { it.cancel() }
    }

    /** Each task queues the next. */
    fun scheduleOwn(times: Int) {
        val done = CountDownLatch(1)
        var left = times
        lateinit var next: Runnable
        next = Runnable { if (--left == 0) done.countDown() else dispatcher.dispatch(dispatcher, next) }
        dispatcher.dispatch(dispatcher, next)
        done.await()
    }

    fun plain(): Mono<String> = mono(dispatcher) { "hello" }

    fun handler(): Mono<String> = mono(dispatcher) {
        delay(1)
        delay(1)
        "hello"
    }
}
