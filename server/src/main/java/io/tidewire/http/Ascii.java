package io.tidewire.http;

/**
 * Case folding of ASCII letters only. The JDK's own folding maps other scripts onto ASCII (the Kelvin sign becomes {@code k}), which
 * would let one look-alike name stand for another.
 */
final class Ascii {
    private Ascii() {}

    /** The text in lower case; the same instance when there is nothing to change. */
    static String lower(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isUpper(text.charAt(i))) {
                return lowerFrom(i, text);
            }
        }
        return text;
    }

    static boolean equalsIgnoreCase(String a, String b) {
        if (a.length() != b.length()) {
            return false;
        }
        for (int i = 0; i < a.length(); i++) {
            if (lower(a.charAt(i)) != lower(b.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static String lowerFrom(int first, String text) {
        char[] chars = text.toCharArray();
        for (int i = first; i < chars.length; i++) {
            chars[i] = lower(chars[i]);
        }
        return new String(chars);
    }

    private static char lower(char c) {
        return isUpper(c) ? (char) (c | 0x20) : c;
    }

    private static boolean isUpper(char c) {
        return c >= 'A' && c <= 'Z';
    }
}
