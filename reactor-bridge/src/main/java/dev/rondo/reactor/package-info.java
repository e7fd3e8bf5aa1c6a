/** Rondo's loop, tasks and coroutines in Project Reactor's terms, and the other way round. */
@NullMarked
package dev.rondo.reactor;

import org.jspecify.annotations.NullMarked;
