package io.tidewire.filter;

/** Finds one string in another in the time of their lengths together, where {@link String#indexOf} may take that of their product. */
final class Search {
    /** Up to this product the simple way is fast whatever the strings are, and most are short. */
    private static final int SIMPLE = 4096;

    private Search() {}

    /** As {@link String#indexOf(String)}. */
    static int indexOf(String text, String part) {
        if (part.length() <= 1 || (long) text.length() * part.length() <= SIMPLE) {
            return text.indexOf(part);
        }
        return text.length() < part.length() ? -1 : knuthMorrisPratt(text, part);
    }

    private static int knuthMorrisPratt(String text, String part) {
        int[] borders = borders(part);
        int matched = 0;
        for (int i = 0; i < text.length(); i++) {
            matched = longer(part, borders, matched, text.charAt(i));
            if (matched == part.length()) {
                return i - matched + 1;
            }
        }
        return -1;
    }

    /** For each length, how much of the start of the part is its end as well, itself left out. */
    private static int[] borders(String part) {
        var borders = new int[part.length() + 1];
        for (int i = 1; i < part.length(); i++) {
            borders[i + 1] = longer(part, borders, borders[i], part.charAt(i));
        }
        return borders;
    }

    private static int longer(String part, int[] borders, int matched, char next) {
        int length = matched;
        while (length > 0 && part.charAt(length) != next) {
            length = borders[length];
        }
        return part.charAt(length) == next ? length + 1 : 0;
    }
}
