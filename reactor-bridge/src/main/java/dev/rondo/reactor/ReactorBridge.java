package dev.rondo.reactor;

/** Reactor's types and Rondo's, each as the other; made for {@code import static}. */
public final class ReactorBridge {
    private ReactorBridge() {}
}
