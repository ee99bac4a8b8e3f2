package io.tidewire.service.access;

/** The rule for what callers and clients may call users, groups and connections. */
public final class GivenName {
    private GivenName() {}

    /** Whether it is between 1 and so many characters long and not only white space. */
    public static boolean isValid(String name, int limit) {
        boolean white = true;
        for (int i = 0; white && i < name.length() && name.length() <= limit; i++) {
            white = isWhite(name.charAt(i));
        }
        return !white;
    }

    /** The no-break spaces, too, which {@link String#isBlank} does not count. */
    private static boolean isWhite(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85;
    }
}
