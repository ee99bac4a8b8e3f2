package io.tidewire.bench.report;

import java.util.List;
import java.util.OptionalDouble;

/**
 * Horizontal bars, with the range of the rounds as whiskers and the floor as a line.
 *
 * @param floor where the line is
 * @param parts what the two parts of a bar are; empty where bars have one
 */
record Chart(String title, String unit, List<Bar> bars, OptionalDouble floor, String parts) {
    /**
     * One contestant.
     *
     * @param part of the median that is drawn stronger
     */
    record Bar(String name, Spread value, OptionalDouble part) {}

    private static final int WIDTH = 760;
    private static final int LEFT = 196;
    private static final int RIGHT = 150;
    private static final int TOP = 62;
    private static final int ROW = 30;
    private static final int BAR = 16;
    private static final int BOTTOM = 34;
    /** Lines of the grid, about. */
    private static final int STEPS = 5;

    Chart {
        bars = List.copyOf(bars);
    }

    String svg() {
        int bottom = TOP + ROW * bars.size();
        String subtitle =
                unit + "; bars: median of the rounds, whiskers: their range" + (parts.isEmpty() ? "" : "; " + parts);
        Svg svg = new Svg(WIDTH, bottom + BOTTOM, title, subtitle);
        double most = Math.max(
                floor.orElse(0),
                bars.stream().mapToDouble(bar -> bar.value().most()).max().orElse(1));
        double step = step(most / STEPS);
        double end = Math.max(step, Math.ceil(most / step) * step);
        for (double at = 0; at <= end + step / 2; at += step) {
            svg.shape("line", "class", "grid", "x1", x(at, end), "y1", TOP - 6, "x2", x(at, end), "y2", bottom);
            svg.words(
                    "faint", x(at, end), bottom + 18, "middle", Spread.number(at, step >= 1 ? 0 : step >= 0.1 ? 1 : 2));
        }
        for (int i = 0; i < bars.size(); i++) {
            bar(svg, bars.get(i), TOP + ROW * i + ROW / 2, end);
        }
        if (floor.isPresent()) {
            double at = x(floor.getAsDouble(), end);
            svg.shape("line", "class", "line", "x1", at, "y1", TOP - 6, "x2", at, "y2", bottom);
        }
        return svg.toString();
    }

    private static void bar(Svg svg, Bar bar, int middle, double end) {
        int top = middle - BAR / 2;
        double median = bar.value().median();
        String colour = Svg.colour(bar.name());
        svg.words("word", LEFT - 10, middle + 4, "end", bar.name());
        String whole = colour + (bar.part().isPresent() ? " pale" : "");
        svg.shape("rect", "class", whole, "x", LEFT, "y", top, "width", x(median, end) - LEFT, "height", BAR, "rx", 2);
        if (bar.part().isPresent()) {
            double part = x(Math.min(median, bar.part().getAsDouble()), end) - LEFT;
            svg.shape("rect", "class", colour, "x", LEFT, "y", top, "width", part, "height", BAR, "rx", 2);
        }
        if (bar.value().rounds() > 1) {
            String least = Svg.shown(x(bar.value().least(), end));
            String most = Svg.shown(x(bar.value().most(), end));
            String ends = "V" + (middle + 4);
            svg.shape(
                    "path",
                    "class",
                    "whisker",
                    "d",
                    "M" + least + " " + (middle - 4) + ends + "M" + least + " " + middle + "H" + most + "M" + most + " "
                            + (middle - 4) + ends);
        }
        svg.words("word", WIDTH - RIGHT + 14, middle + 4, "start", bar.value().text(median < 20 ? 2 : 0));
    }

    private static double x(double value, double end) {
        return LEFT + (WIDTH - LEFT - RIGHT) * value / end;
    }

    /** 1, 2 or 5 times a power of ten, at least that much. */
    static double step(double least) {
        double power = Math.pow(10, Math.floor(Math.log10(Math.max(least, 1e-6))));
        for (double times : new double[] {1, 2, 5}) {
            if (times * power >= least) {
                return times * power;
            }
        }
        return 10 * power;
    }
}
