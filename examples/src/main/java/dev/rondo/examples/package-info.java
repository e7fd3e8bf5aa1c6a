/**
 * Sample programs, each a short file that can be read alone; {@code Examples} runs them by name.
 */
@NullMarked
package dev.rondo.examples;

import org.jspecify.annotations.NullMarked;
