package io.tidewire.service.access;

/** The rule for what callers and clients may call users, groups and connections. */
public final class GivenName {
    private GivenName() {}

    /** Whether it is between 1 and so many characters long and not only white space. */
    public static boolean isValid(String name, int limit) {
        return name.length() <= limit && !name.chars().allMatch(GivenName::isWhite);
    }

    /** The no-break spaces, too, which {@link String#isBlank} does not count. */
    private static boolean isWhite(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85;
    }
}
