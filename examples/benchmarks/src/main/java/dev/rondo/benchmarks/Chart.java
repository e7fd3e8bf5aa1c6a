package dev.rondo.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Pictures of the results, as SVG. */
final class Chart {
    private static final Map<String, String> COLOURS =
            Map.of(
                    "kotlin", "#7f52ff",
                    "reactor", "#6db33f",
                    "jdk", "#888888",
                    "asyncio", "#3776ab");
    private static final int LEFT = 190;
    private static final int WIDTH = 560;

    private final Map<String, Map<String, Result>> rows;
    private final StringBuilder svg = new StringBuilder();

    Chart(Map<String, Map<String, Result>> rows) {
        this.rows = rows;
    }

    /** A bar for each peer: how many times as long as Rondo it takes; on a logarithmic axis. */
    String bars() {
        int y = 50;
        for (Map.Entry<String, Map<String, Result>> row : rows.entrySet()) {
            Result rondo = row.getValue().get("rondo");
            if (rondo == null || row.getKey().startsWith("Growth")) {
                continue;
            }
            int top = y;
            for (String peer : List.of("kotlin", "reactor", "jdk", "asyncio")) {
                Result other = row.getValue().get(peer);
                if (other != null) {
                    double times = other.value() / rondo.value();
                    if (row.getKey().endsWith("throughput")) {
                        times = 1 / times;
                    }
                    bar(y, times, peer);
                    y += 12;
                }
            }
            if (y > top) {
                text(LEFT - 8, (top + y) / 2 + 4, "end", row.getKey());
                y += 8;
            }
        }
        for (double times : new double[] {0.1, 1, 10, 100}) {
            line(x(times), 40, x(times), y, times == 1 ? "#d00" : "#ccc");
            text(x(times), 36, "middle", times < 1 ? "0.1x" : (int) times + "x");
        }
        int at = LEFT;
        text(
                10,
                16,
                "start",
                "Time of a peer, Rondo mounted being 1: longer bars are slower peers");
        for (String peer : List.of("kotlin", "reactor", "jdk", "asyncio")) {
            rectangle(at + 330, 8, 10, 10, COLOURS.get(peer));
            text(at + 344, 17, "start", peer);
            at += 65;
        }
        return page(LEFT + WIDTH + 60, y + 10);
    }

    private void bar(int y, double times, String peer) {
        int from = Math.min(x(1), x(times));
        rectangle(from, y, Math.max(1, Math.abs(x(times) - x(1))), 10, COLOURS.get(peer));
        text(
                Math.max(x(1), x(times)) + 4,
                y + 9,
                "start",
                String.format(Locale.ROOT, "%.2f", times));
    }

    /** 0.1 to 100. */
    private static int x(double times) {
        double at = (Math.log10(Math.clamp(times, 0.1, 100)) + 1) / 3;
        return LEFT + (int) (at * WIDTH);
    }

    /** Two lines: nanoseconds for one among 10 to 1,000,000. */
    String growth() {
        double most = 1;
        for (Map.Entry<String, Map<String, Result>> row : rows.entrySet()) {
            if (row.getKey().startsWith("Growth")) {
                most = Math.max(most, row.getValue().get("rondo").value());
            }
        }
        for (String what : List.of("tasks", "timers")) {
            String colour = what.equals("tasks") ? "#7f52ff" : "#6db33f";
            int lastX = -1;
            int lastY = -1;
            for (int power = 1; power <= 6; power++) {
                Map<String, Result> row =
                        rows.get("Growth " + (int) Math.pow(10, power) + " " + what);
                if (row != null) {
                    int x = 80 + (power - 1) * 90;
                    int y = 260 - (int) (row.get("rondo").value() / most * 210);
                    if (lastX >= 0) {
                        line(lastX, lastY, x, y, colour);
                    }
                    rectangle(x - 3, y - 3, 6, 6, colour);
                    text(
                            x,
                            y - 8,
                            "middle",
                            String.format(Locale.ROOT, "%.0f", row.get("rondo").value()));
                    lastX = x;
                    lastY = y;
                }
            }
            text(lastX + 12, lastY + 4, "start", what);
        }
        line(60, 260, 560, 260, "#888");
        for (int power = 1; power <= 6; power++) {
            text(
                    80 + (power - 1) * 90,
                    278,
                    "middle",
                    String.format(Locale.ROOT, "%,d", (int) Math.pow(10, power)));
        }
        text(10, 20, "start", "Nanoseconds for one, among so many");
        return page(640, 295);
    }

    private void rectangle(int x, int y, int width, int height, String colour) {
        svg.append(
                String.format(
                        "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>%n",
                        x, y, width, height, colour));
    }

    private void line(int x1, int y1, int x2, int y2, String colour) {
        svg.append(
                String.format(
                        "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"%s\"/>%n",
                        x1, y1, x2, y2, colour));
    }

    private void text(int x, int y, String anchor, String text) {
        svg.append(
                String.format(
                        "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\">%s</text>%n",
                        x, y, anchor, text));
    }

    private String page(int width, int height) {
        return String.format(
                """
                <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="11">
                <rect width="100%%" height="100%%" fill="white"/>
                %s</svg>
                """,
                width, height, svg);
    }
}
