package io.tidewire.webpubsub.upstream;

import java.util.ArrayList;
import java.util.List;

/**
 * Cookies of one client's handlers, by which a load balancer in front of them knows it again (reference F.2). Names and values
 * alone: they last as long as the client, and go back to the host that set them. Bounded, so that a handler cannot fill the memory
 * with them.
 */
final class Cookies {
    static final int MAX_COOKIES = 20;
    static final int MAX_BYTES = 8 * 1024;

    private record Cookie(String host, String name, String value) {
        int bytes() {
            return host.length() + name.length() + value.length();
        }
    }

    private List<Cookie> cookies = List.of();

    /** Takes what a {@code Set-Cookie} header says; what is no cookie, or too much, is left out. */
    void set(String host, String header) {
        String[] parts = header.split(";", -1);
        int equals = parts[0].indexOf('=');
        if (equals < 0) {
            return;
        }
        var cookie = new Cookie(
                host,
                parts[0].substring(0, equals).strip(),
                parts[0].substring(equals + 1).strip());
        if (cookie.name.isEmpty() || !isPlain(cookie.name) || !isPlain(cookie.value)) {
            return;
        }
        var others = new ArrayList<>(cookies);
        others.removeIf(one -> one.host.equals(host) && one.name.equals(cookie.name));
        int bytes = others.stream().mapToInt(Cookie::bytes).sum() + cookie.bytes();
        if (!isOver(parts) && others.size() < MAX_COOKIES && bytes <= MAX_BYTES) {
            others.add(cookie);
        }
        cookies = List.copyOf(others);
    }

    private static boolean isOver(String[] parts) {
        for (String part : parts) {
            String attribute = part.strip();
            if (attribute.regionMatches(true, 0, "max-age=", 0, 8)) {
                return attribute.startsWith("-", 8) || attribute.substring(8).matches("0+");
            }
        }
        return false;
    }

    private static boolean isPlain(String text) {
        return text.chars().allMatch(c -> c > ' ' && c <= '~' && c != ',');
    }

    /** The {@code Cookie} header for that host; empty for none. */
    String header(String host) {
        var header = new StringBuilder();
        for (Cookie cookie : cookies) {
            if (cookie.host.equals(host)) {
                header.append(header.isEmpty() ? "" : "; ")
                        .append(cookie.name)
                        .append('=')
                        .append(cookie.value);
            }
        }
        return header.toString();
    }
}
