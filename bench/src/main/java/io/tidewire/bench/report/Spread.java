package io.tidewire.bench.report;

import java.util.Arrays;
import java.util.Locale;

/** What the rounds of one thing gave: their median, and how far they lie apart. Few values: quartiles would pretend. */
public record Spread(double median, double least, double most, int rounds) {
    /** Of at least one value. */
    public static Spread of(double... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("No rounds, no spread");
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[sorted.length - 1], sorted.length);
    }

    /** Such as {@code 6.31 (6.10–6.55)}; a single round has no range. */
    public String text(int decimals) {
        return rounds == 1
                ? number(median, decimals)
                : number(median, decimals) + " (" + number(least, decimals) + "–" + number(most, decimals) + ")";
    }

    static String number(double value, int decimals) {
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
