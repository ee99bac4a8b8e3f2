package io.tidewire.config.type;

/** Quotes what somebody wrote, so that it fits into one line of an error whatever it holds. */
public final class Quote {
    private static final int MAX_SHOWN = 60;

    private Quote() {}

    /** In single quotes, cut after 60 characters; control characters and line ends become {@code ?}. */
    public static String of(String text) {
        String shown = text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "...";
        return "'" + oneLine(shown) + "'";
    }

    /** The text with {@code ?} for every character that could end the line or steer a terminal. */
    public static String oneLine(String text) {
        var line = new StringBuilder(text.length());
        text.codePoints().forEach(c -> line.appendCodePoint(isHarmless(c) ? c : '?'));
        return line.toString();
    }

    private static boolean isHarmless(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
