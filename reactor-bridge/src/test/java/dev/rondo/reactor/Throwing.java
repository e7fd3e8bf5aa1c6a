package dev.rondo.reactor;

/** Throws what the compiler would ask to declare. */
final class Throwing {
    private Throwing() {}

    @SuppressWarnings("unchecked")
    static <E extends Throwable> void sneaky(Throwable e) throws E {
        throw (E) e;
    }
}
