package io.tidewire.config.type;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Guesses which name somebody meant. */
public final class Nearest {
    /** Longer names are not misspelt settings, and comparing takes the product of the lengths. */
    private static final int MAX_LENGTH = 64;

    private Nearest() {}

    /** The candidate that is at most a third away, counted in typing mistakes; case and hyphens are no mistakes. */
    public static @Nullable String among(String name, List<String> candidates) {
        if (name.length() > MAX_LENGTH) {
            return null;
        }
        String typed = letters(name);
        String nearest = null;
        int least = Math.max(1, typed.length() / 3) + 1;
        for (String candidate : candidates) {
            int mistakes = distance(typed, letters(candidate));
            if (mistakes < least) {
                least = mistakes;
                nearest = candidate;
            }
        }
        return nearest;
    }

    private static String letters(String name) {
        return name.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
    }

    /** Damerau-Levenshtein (optimal string alignment): insert, delete, replace, or swap two neighbours. */
    public static int distance(String a, String b) {
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replace = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replace, Math.min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            int[] spare = beforeLast;
            beforeLast = last;
            last = row;
            row = spare;
        }
        return last[b.length()];
    }
}
