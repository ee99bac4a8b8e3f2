package io.tidewire.http;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps tokens out of everything that is written down: logs, traces and error messages. */
public final class Redaction {
    private static final String MASK = "***";
    /** Parameters of a query that let in whoever knows their value. */
    private static final List<String> TOKENS = List.of("access_token", "awps_reconnection_token");

    private static final String BEARER = "bearer ";
    /** How every JSON web token begins (an opening brace and a quote in base64), folded: caught also where nothing names it. */
    private static final String JWT = "eyj";

    private Redaction() {}

    /** Path and raw query with the value of every token masked, however its name is encoded. */
    public static String target(String rawPath, String rawQuery) {
        return rawQuery.isEmpty() ? rawPath : rawPath + "?" + query(rawQuery);
    }

    /** A raw query with the value of every token masked, however its name is encoded. */
    public static String query(String rawQuery) {
        var masked = new StringBuilder(rawQuery.length());
        int from = 0;
        while (from <= rawQuery.length()) {
            int next = rawQuery.indexOf('&', from);
            int to = next < 0 ? rawQuery.length() : next;
            int equals = rawQuery.indexOf('=', from);
            int nameEnd = equals < 0 || equals > to ? to : equals;
            String name = Percent.decode(rawQuery, from, nameEnd, true);
            masked.append(rawQuery, from, nameEnd);
            if (nameEnd < to) {
                // A name that cannot be read may be the token's: mask it as well.
                boolean secret = name == null || isToken(name.strip());
                masked.append('=').append(secret ? MASK : rawQuery.substring(nameEnd + 1, to));
            }
            if (next >= 0) {
                masked.append('&');
            }
            from = to + 1;
        }
        return masked.toString();
    }

    private static boolean isToken(String name) {
        for (String token : TOKENS) {
            if (Ascii.equalsIgnoreCase(name, token)) {
                return true;
            }
        }
        return false;
    }

    /** The value of a header as it may be written down; that of a header with credentials is masked whole. */
    public static String header(String name, String value) {
        return switch (Ascii.lower(name)) {
            case "authorization", "proxy-authorization", "cookie", "set-cookie" -> MASK;
            default -> text(value);
        };
    }

    /**
     * Free text with whatever follows the name of a token in a query or {@code Bearer}, or looks like a token, masked up to the next delimiter.
     */
    public static String text(@Nullable String text) {
        if (text == null) {
            return "";
        }
        String masked = maskAfter(JWT, maskAfter(BEARER, text));
        for (String token : TOKENS) {
            masked = maskAfter(token + "=", masked);
        }
        return masked;
    }

    /** The stack trace, causes included, with all its messages masked. */
    public static String trace(Throwable failure) {
        var trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        return text(trace.toString());
    }

    private static String maskAfter(String marker, String text) {
        String folded = Ascii.lower(text);
        int at = folded.indexOf(marker);
        if (at < 0) {
            return text;
        }
        var masked = new StringBuilder(text.length());
        int copied = 0;
        while (at >= 0) {
            int from = at + marker.length();
            int to = from;
            while (to < text.length() && !delimits(text.charAt(to))) {
                to++;
            }
            masked.append(text, copied, from).append(to > from ? MASK : "");
            copied = to;
            at = folded.indexOf(marker, to);
        }
        return masked.append(text, copied, text.length()).toString();
    }

    private static boolean delimits(char c) {
        return c <= ' ' || c == '&' || c == '#' || c == '"' || c == '\'' || c == ',' || c == ';' || c == ')'
                || c == ']';
    }
}
