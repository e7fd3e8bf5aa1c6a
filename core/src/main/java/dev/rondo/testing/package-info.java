/**
 * Virtual time: a loop whose clock stands still while anything can run, and jumps to the next timer
 * when everything waits. A test of an hour takes a millisecond and always ends at the same time.
 */
@NullMarked
package dev.rondo.testing;

import org.jspecify.annotations.NullMarked;
