package io.tidewire.bench.report;

import java.util.List;

/** Half, 99 and 99.9 percent of the deliveries, as three points on a line of milliseconds, each ten times the one before. */
record LatencyChart(String title, List<Row> rows) {
    /** Milliseconds. */
    record Row(String name, double p50, double p99, double p999) {}

    private static final int WIDTH = 760;
    private static final int LEFT = 270;
    private static final int RIGHT = 170;
    private static final int TOP = 62;
    private static final int ROW = 26;
    private static final int BOTTOM = 34;
    private static final double LEAST_MILLIS = 0.001;

    LatencyChart {
        rows = List.copyOf(rows);
    }

    String svg() {
        int bottom = TOP + ROW * rows.size();
        Svg svg = new Svg(
                WIDTH,
                bottom + BOTTOM,
                title,
                "ms from the intended time to the delivery; dots from the left and figures: p50, p99, p99.9, medians of the rounds");
        // Whole powers of ten around all points.
        int from = (int) Math.floor(Math.log10(
                Math.max(LEAST_MILLIS, rows.stream().mapToDouble(Row::p50).min().orElse(1))));
        int to = (int) Math.ceil(Math.log10(Math.max(
                LEAST_MILLIS, rows.stream().mapToDouble(Row::p999).max().orElse(1))));
        to = Math.max(from + 1, to);
        for (int power = from; power <= to; power++) {
            double at = x(Math.pow(10, power), from, to);
            svg.shape("line", "class", "grid", "x1", at, "y1", TOP - 6, "x2", at, "y2", bottom);
            svg.words("faint", at, bottom + 18, "middle", Spread.number(Math.pow(10, power), Math.max(0, -power)));
        }
        for (int i = 0; i < rows.size(); i++) {
            row(svg, rows.get(i), TOP + ROW * i + ROW / 2, from, to);
        }
        return svg.toString();
    }

    private static void row(Svg svg, Row row, int middle, int from, int to) {
        String colour = Svg.colour(row.name());
        svg.words("word", LEFT - 14, middle + 4, "end", row.name());
        double least = x(row.p50(), from, to);
        double width = x(row.p999(), from, to) - least;
        svg.shape("rect", "class", colour + " pale", "x", least, "y", middle - 2, "width", width, "height", 4, "rx", 2);
        for (double value : new double[] {row.p50(), row.p99(), row.p999()}) {
            svg.shape("circle", "class", colour, "cx", x(value, from, to), "cy", middle, "r", 5);
        }
        String values = number(row.p50()) + " / " + number(row.p99()) + " / " + number(row.p999());
        svg.words("word", WIDTH - RIGHT + 14, middle + 4, "start", values);
    }

    private static String number(double millis) {
        return Spread.number(millis, millis < 1 ? 2 : 1);
    }

    private static double x(double value, int from, int to) {
        double share = (Math.log10(Math.max(value, Math.pow(10, from))) - from) / (to - from);
        return LEFT + (WIDTH - LEFT - RIGHT) * share;
    }
}
