/**
 * Rondo beside its peers: the same work, in one run. Each row is a class, each peer a method of it:
 * {@code rondo}, {@code kotlin} (kotlinx-coroutines on a Reactor scheduler of one thread), {@code
 * reactor} (plain Reactor on such a scheduler), {@code jdk} (virtual threads on the JDK's
 * scheduler) and {@code limit} (virtual threads on a bare scheduler: what a loop could cost at
 * least).
 *
 * <p>{@code mvn -q -Pbenchmarks} runs the quick mode, {@code -Dmode=full} the full one, {@code
 * -Drows=AwaitDone.*} some rows; the results are in RESULTS.md, results.json, results.svg and
 * growth.svg; PROFILES.md tells where the time goes.
 */
package dev.rondo.benchmarks;
