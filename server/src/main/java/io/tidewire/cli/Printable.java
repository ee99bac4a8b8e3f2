package io.tidewire.cli;

/** Text from elsewhere made safe for a terminal: no line breaks, no escape sequences, no reversed writing direction. */
final class Printable {
    private Printable() {}

    /** Everything that could move the cursor or fake a line is shown as {@code \}{@code uXXXX}. */
    static String line(String text) {
        var safe = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (harmless(c)) {
                safe.append(c);
            } else {
                safe.append(c == '\n' ? "\\n" : String.format("\\u%04x", (int) c));
            }
        }
        return safe.toString();
    }

    static String shortened(String text, int maxChars) {
        return text.length() <= maxChars ? text : text.substring(0, maxChars) + "...";
    }

    private static boolean harmless(char c) {
        boolean bidiControl = (c >= '\u202a' && c <= '\u202e') || (c >= '\u2066' && c <= '\u2069');
        return !Character.isISOControl(c) && !bidiControl && c != '\u2028' && c != '\u2029';
    }
}
