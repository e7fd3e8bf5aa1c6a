package dev.rondo.internal.loop;

import dev.rondo.ContextVar;

import org.jspecify.annotations.Nullable;

import java.util.function.BiConsumer;

/**
 * Values of context variables: immutable, so that a copy is the reference, and setting one makes a
 * new map that shares all but a few nodes with the old one.
 */
final class VarMap {
    /*
     * A search tree by the bits of the variables' numbers, lowest bit first; a node holds a variable of
     * its own. Numbers are given one after another, which fills the tree evenly: among n variables a
     * path has about log2 n nodes, never more than 32. null is the empty map.
     */

    /** Stands for a value that is not there. */
    static final Object ABSENT = new Object();

    private final Variable<?> variable;
    private final @Nullable Object value;
    private final @Nullable VarMap zeros;
    private final @Nullable VarMap ones;

    private VarMap(
            Variable<?> variable,
            @Nullable Object value,
            @Nullable VarMap zeros,
            @Nullable VarMap ones) {
        this.variable = variable;
        this.value = value;
        this.zeros = zeros;
        this.ones = ones;
    }

    /** The value, or {@link #ABSENT}. */
    static @Nullable Object get(@Nullable VarMap map, Variable<?> variable) {
        int bits = variable.number;
        for (VarMap node = map; node != null; bits >>>= 1) {
            if (node.variable == variable) {
                return node.value;
            }
            node = (bits & 1) == 0 ? node.zeros : node.ones;
        }
        return ABSENT;
    }

    /** The map with the value; {@link #ABSENT} takes it out. */
    static VarMap with(@Nullable VarMap map, Variable<?> variable, @Nullable Object value) {
        return with(map, variable, value, variable.number);
    }

    private static VarMap with(
            @Nullable VarMap node, Variable<?> variable, @Nullable Object value, int bits) {
        if (node == null) {
            return new VarMap(variable, value, null, null);
        }
        if (node.variable == variable) {
            return new VarMap(variable, value, node.zeros, node.ones);
        }
        return (bits & 1) == 0
                ? new VarMap(
                        node.variable,
                        node.value,
                        with(node.zeros, variable, value, bits >>> 1),
                        node.ones)
                : new VarMap(
                        node.variable,
                        node.value,
                        node.zeros,
                        with(node.ones, variable, value, bits >>> 1));
    }

    static void forEach(
            @Nullable VarMap map, BiConsumer<ContextVar<?>, ? super @Nullable Object> action) {
        if (map != null) {
            if (map.value != ABSENT) {
                action.accept(map.variable, map.value);
            }
            forEach(map.zeros, action);
            forEach(map.ones, action);
        }
    }
}
