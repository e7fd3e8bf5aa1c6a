package dev.rondo.testsupport;

import java.util.ArrayList;
import java.util.List;

/**
 * The choices of what is played from its beginning again and again: each time those of the time
 * before, but the last that can be another, until all have been made.
 */
public final class Choices {
    private final List<Integer> chosen = new ArrayList<>();
    private final List<Integer> widths = new ArrayList<>();
    private int depth;

    /** Chooses one of so many, counted from zero. */
    public int choose(int width) {
        if (depth == chosen.size()) {
            chosen.add(0);
            widths.add(width);
        }
        return chosen.get(depth++);
    }

    /** Goes back to the beginning; false if all has been played. */
    public boolean next() {
        depth = 0;
        while (!chosen.isEmpty()) {
            int last = chosen.removeLast();
            int width = widths.removeLast();
            if (last + 1 < width) {
                chosen.add(last + 1);
                widths.add(width);
                return true;
            }
        }
        return false;
    }
}
