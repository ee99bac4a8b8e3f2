package io.tidewire.hub;

import java.util.Arrays;

/**
 * Names of groups by wildcards (Web PubSub reference E): {@code ?} is one character but a dot, {@code *} any number of
 * characters but dots, {@code **} any characters; a backslash before one of {@code \ * ?} takes it as it is. The whole name must
 * fit, in its letter case.
 */
public final class GroupPattern {
    public static final int MAX_LENGTH = 1024;
    public static final int MAX_STARS = 5;

    /** For the loop over one name; a check comes with every message of a client. */
    private static final ThreadLocal<boolean[]> SCRATCH = ThreadLocal.withInitial(() -> new boolean[MAX_LENGTH + 1]);

    private enum Kind {
        LITERAL,
        ONE,
        SEGMENT,
        REST
    }

    private final String text;
    private final Kind[] kinds;
    private final char[] literals;

    private GroupPattern(String text, Kind[] kinds, char[] literals) {
        this.text = text;
        this.kinds = kinds;
        this.literals = literals;
    }

    /**
     * Reads a pattern.
     *
     * @throws IllegalArgumentException saying which rule it breaks
     */
    public static GroupPattern of(String text) {
        if (text.isEmpty() || text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("a pattern of groups has 1 to " + MAX_LENGTH + " characters");
        }
        var kinds = new Kind[text.length()];
        var literals = new char[text.length()];
        int size = 0;
        int stars = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '*') {
                stars++;
                boolean two = i + 1 < text.length() && text.charAt(i + 1) == '*';
                if (two) {
                    stars++;
                    i++;
                }
                kinds[size++] = two ? Kind.REST : Kind.SEGMENT;
            } else if (c == '?') {
                kinds[size++] = Kind.ONE;
            } else {
                if (c == '\\') {
                    i++;
                    if (i == text.length() || "\\*?".indexOf(text.charAt(i)) < 0) {
                        throw new IllegalArgumentException(
                                "in a pattern of groups a backslash stands before a backslash, * or ?");
                    }
                    c = text.charAt(i);
                }
                kinds[size] = Kind.LITERAL;
                literals[size++] = c;
            }
        }
        if (stars > MAX_STARS) {
            throw new IllegalArgumentException("a pattern of groups has at most " + MAX_STARS + " asterisks");
        }
        return new GroupPattern(text, Arrays.copyOf(kinds, size), Arrays.copyOf(literals, size));
    }

    /**
     * Whether the name fits. Takes no memory, and no more steps than the pattern has characters for each one of the name; few as
     * long as no asterisk is before them. Longer names than a group can have fit nothing.
     */
    public boolean matches(String group) {
        int length = group.length();
        if (length > MAX_LENGTH) {
            return false;
        }
        // fits[i]: the pattern so far fits the first i characters. True at both ends of from..to, meaningless outside.
        boolean[] fits = SCRATCH.get();
        fits[0] = true;
        int from = 0;
        int to = 0;
        for (int step = 0; step < kinds.length; step++) {
            Kind kind = kinds[step];
            switch (kind) {
                case LITERAL, ONE -> {
                    for (int i = Math.min(to, length - 1); i >= from; i--) {
                        char c = group.charAt(i);
                        fits[i + 1] = fits[i] && (kind == Kind.ONE ? c != '.' : c == literals[step]);
                    }
                    to = Math.min(to + 1, length);
                    from++;
                    while (from <= to && !fits[from]) {
                        from++;
                    }
                    while (from <= to && !fits[to]) {
                        to--;
                    }
                    if (from > to) {
                        return false;
                    }
                }
                case SEGMENT -> {
                    for (int i = from; i < length && (i < to || fits[i]); i++) {
                        boolean before = i < to && fits[i + 1];
                        fits[i + 1] = before || (fits[i] && group.charAt(i) != '.');
                        if (fits[i + 1] && i + 1 > to) {
                            to = i + 1;
                        }
                    }
                }
                case REST -> {
                    Arrays.fill(fits, from, length + 1, true);
                    to = length;
                }
            }
        }
        return to == length;
    }

    @Override
    public String toString() {
        return text;
    }
}
