package io.tidewire.webpubsub.rest;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A {@code Content-Type} as far as anybody here asks.
 *
 * @param type lower-case, without parameters
 * @param charset as it was written; null when there is none
 */
record MediaType(String type, @Nullable String charset) {
    static MediaType parse(String header) {
        if (header.indexOf(';') < 0) {
            return new MediaType(header.strip().toLowerCase(Locale.ROOT), null);
        }
        String[] parts = header.split(";", -1);
        String charset = null;
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            if (equals > 0 && parts[i].substring(0, equals).strip().equalsIgnoreCase("charset")) {
                charset = unquoted(parts[i].substring(equals + 1).strip());
            }
        }
        return new MediaType(parts[0].strip().toLowerCase(Locale.ROOT), charset);
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }
}
