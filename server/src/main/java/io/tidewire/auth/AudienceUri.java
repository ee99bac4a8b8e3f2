package io.tidewire.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.Inet6Address;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An audience taken apart; scheme and port are dropped because nothing compares them. By hand and not by {@link java.net.URI},
 * which refuses characters that hub names have and callers do not always encode.
 *
 * @param host as {@link #host} gives it
 * @param path as {@link #segments} gives it
 * @param rawQuery without {@code ?}; empty when there is none
 */
record AudienceUri(String host, List<String> path, String rawQuery) {
    /** Null when it is no http(s) or ws(s) address, or one that cannot be compared safely. */
    static @Nullable AudienceUri parse(String audience) {
        int schemeEnd = audience.indexOf("://");
        if (schemeEnd < 0 || audience.indexOf('#') >= 0 || audience.indexOf('\\') >= 0) {
            return null;
        }
        switch (audience.substring(0, schemeEnd).toLowerCase(Locale.ROOT)) {
            case "http", "https", "ws", "wss" -> {}
            default -> {
                return null;
            }
        }
        String rest = audience.substring(schemeEnd + 3);
        int query = rest.indexOf('?');
        String beforeQuery = query < 0 ? rest : rest.substring(0, query);
        int slash = beforeQuery.indexOf('/');
        String authority = slash < 0 ? beforeQuery : beforeQuery.substring(0, slash);
        List<String> path = segments(slash < 0 ? "" : beforeQuery.substring(slash));
        if (authority.isEmpty() || authority.indexOf('@') >= 0 || path == null) {
            return null;
        }
        return new AudienceUri(host(authority), path, query < 0 ? "" : rest.substring(query + 1));
    }

    /** The host of {@code host[:port]} or {@code [ipv6][:port]}, lower-case, an IPv6 address in one spelling. */
    static String host(String authority) {
        String host = authority;
        int bracket = authority.indexOf(']');
        int colon = authority.indexOf(':');
        if (authority.startsWith("[") && bracket > 0) {
            host = authority.substring(1, bracket);
        } else if (colon >= 0 && colon == authority.lastIndexOf(':')) {
            host = authority.substring(0, colon);
        }
        if (host.indexOf(':') >= 0) {
            try {
                return Inet6Address.ofLiteral(host).getHostAddress();
            } catch (IllegalArgumentException e) {
                // No address after all; it can still equal itself.
            }
        }
        return (host.endsWith(".") ? host.substring(0, host.length() - 1) : host).toLowerCase(Locale.ROOT);
    }

    /**
     * The segments of a raw path, each percent-decoded once after splitting, so that {@code %2F} stays inside its segment;
     * without the empty ones at the end. Null when it has a broken escape or a dot segment.
     */
    static @Nullable List<String> segments(String rawPath) {
        int end = rawPath.length();
        while (end > 0 && rawPath.charAt(end - 1) == '/') {
            end--;
        }
        List<String> segments = new ArrayList<>();
        int start = 1;
        while (start <= end) {
            int slash = rawPath.indexOf('/', start);
            int stop = slash < 0 || slash > end ? end : slash;
            String segment = decode(rawPath.substring(start, stop));
            if (segment == null || segment.equals(".") || segment.equals("..")) {
                return null;
            }
            segments.add(segment);
            start = stop + 1;
        }
        return segments;
    }

    /** Whether the segments of the path are what stands between its slashes: nothing is encoded, and none begins with a dot. */
    static boolean isPlain(String rawPath) {
        return rawPath.indexOf('%') < 0 && rawPath.indexOf("/.") < 0;
    }

    /** Whether the {@link #segments} of a plain path begin with these, in any letter case. */
    static boolean startsWith(String plainPath, List<String> segments) {
        int at = 0;
        for (int i = 0; i < segments.size(); i++) {
            String segment = segments.get(i);
            int end = at + 1 + segment.length();
            // A slash inside of a segment was encoded, which nothing in a plain path is.
            if (at >= plainPath.length()
                    || segment.indexOf('/') >= 0
                    || !plainPath.regionMatches(true, at + 1, segment, 0, segment.length())
                    || (end < plainPath.length() && plainPath.charAt(end) != '/')) {
                return false;
            }
            at = end;
        }
        return true;
    }

    /** The one {@code hub} parameter; null when there is none or more than one. */
    @Nullable
    String hub() {
        @Nullable String hub = null;
        for (String parameter : rawQuery.split("&", -1)) {
            int equals = parameter.indexOf('=');
            if (equals < 0 || !parameter.substring(0, equals).equalsIgnoreCase("hub")) {
                continue;
            }
            if (hub != null) {
                return null;
            }
            hub = decode(parameter.substring(equals + 1));
        }
        return hub;
    }

    /** Null for a broken escape and for bytes that are not UTF-8. */
    private static @Nullable String decode(String raw) {
        if (raw.indexOf('%') < 0) {
            return raw;
        }
        try {
            // URLDecoder is for forms, where '+' is a blank; in a path it is itself.
            String decoded = URLDecoder.decode(raw.replace("+", "%2B"), UTF_8);
            return decoded.indexOf('\uFFFD') < 0 ? decoded : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
