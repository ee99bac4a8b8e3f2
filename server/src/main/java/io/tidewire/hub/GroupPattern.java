package io.tidewire.hub;

/**
 * Names of groups by wildcards (Web PubSub reference E): {@code ?} is one character but a dot, {@code *} any number of
 * characters but dots, {@code **} any characters; a backslash before one of {@code \ * ?} takes it as it is. The whole name must
 * fit, in its letter case.
 */
public final class GroupPattern {
    public static final int MAX_LENGTH = 1024;
    public static final int MAX_STARS = 5;

    private static final char ANY = '?';

    private enum Kind {
        LITERAL,
        ONE,
        SEGMENT,
        REST
    }

    private final String text;
    private final Kind[] kinds;
    private final char[] literals;
    private final int size;

    private GroupPattern(String text, Kind[] kinds, char[] literals, int size) {
        this.text = text;
        this.kinds = kinds;
        this.literals = literals;
        this.size = size;
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
            } else if (c == ANY) {
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
        return new GroupPattern(text, kinds, literals, size);
    }

    /** Whether the name fits. The few asterisks bound the work: each step of the pattern looks at each character once. */
    public boolean matches(String group) {
        // reachable[i]: the pattern so far fits the first i characters.
        var reachable = new boolean[group.length() + 1];
        reachable[0] = true;
        for (int p = 0; p < size; p++) {
            Kind kind = kinds[p];
            if (kind == Kind.LITERAL || kind == Kind.ONE) {
                for (int i = group.length(); i > 0; i--) {
                    char c = group.charAt(i - 1);
                    reachable[i] = reachable[i - 1] && (kind == Kind.ONE ? c != '.' : c == literals[p]);
                }
                reachable[0] = false;
            } else {
                for (int i = 1; i <= group.length(); i++) {
                    reachable[i] |= reachable[i - 1] && (kind == Kind.REST || group.charAt(i - 1) != '.');
                }
            }
        }
        return reachable[group.length()];
    }

    @Override
    public String toString() {
        return text;
    }
}
