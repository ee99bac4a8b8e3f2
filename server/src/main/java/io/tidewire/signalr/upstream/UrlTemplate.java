package io.tidewire.signalr.upstream;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The URL of a rule with its parameters (reference E.1). Their values come from clients, so they are percent-encoded and must
 * not change which host is called nor how the path is built.
 */
final class UrlTemplate {
    /** The vendor's bound on a URI (reference G). */
    static final int MAX_URL = 12 * 1024;

    private static final String UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    /** Text and parameters in turn. */
    private sealed interface Part {
        record Text(String text) implements Part {}

        record Hole(Parameter parameter, boolean inHost) implements Part {}
    }

    private enum Parameter {
        HUB,
        CATEGORY,
        EVENT;

        String written() {
            return "{" + name().toLowerCase(Locale.ROOT) + "}";
        }

        String of(Event event) {
            return switch (this) {
                case HUB -> event.hub();
                case CATEGORY -> event.category();
                case EVENT -> event.name();
            };
        }
    }

    private final String text;
    private final List<Part> parts;

    private UrlTemplate(String text, List<Part> parts) {
        this.text = text;
        this.parts = parts;
    }

    /** @throws IllegalArgumentException when it is none; the message starts with {@code 'url'} and never shows the query */
    static UrlTemplate parse(String text) {
        var template = new UrlTemplate(text, parts(text));
        if (text.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw refused("holds blanks or other characters that must be percent-encoded");
        }
        if (template.isHostFromClient()) {
            throw refused("has {event} in its host: clients choose the names of events, and would choose the host");
        }
        URI sample;
        try {
            sample = new URI(template.fill(new Event("hub", "category", "event"), "event"));
        } catch (URISyntaxException notOne) {
            throw refused("must be an absolute http or https URL, but is " + template.quoted());
        }
        String scheme = sample.getScheme();
        if (scheme == null || !(scheme.equalsIgnoreCase("http") || scheme.equalsIgnoreCase("https"))) {
            throw refused("must start with http:// or https://, but is " + template.quoted());
        }
        if (sample.getRawUserInfo() != null) {
            throw refused("holds a user or password in front of its host; put a secret into the query");
        }
        if (sample.getHost() == null || sample.getPort() == 0 || sample.getPort() > 0xFFFF) {
            throw refused("must name a host, and a port only between 1 and 65535, but is " + template.quoted());
        }
        if (sample.getRawFragment() != null) {
            throw refused("holds a '#', which is never sent");
        }
        if (hasDotSegment(sample.getRawPath())) {
            throw refused("holds '.' or '..' as a part of its path");
        }
        return template;
    }

    private static List<Part> parts(String text) {
        var parts = new ArrayList<Part>();
        int host = text.indexOf("://") + 3;
        int path = firstOf(text, "/?#", Math.max(host, 0));
        int at = 0;
        while (at < text.length()) {
            int open = firstOf(text, "{}", at);
            parts.add(new Part.Text(text.substring(at, open)));
            at = open;
            if (open < text.length()) {
                Parameter parameter = parameterAt(text, open);
                parts.add(new Part.Hole(parameter, open < path));
                at = open + parameter.written().length();
            }
        }
        return List.copyOf(parts);
    }

    private static Parameter parameterAt(String text, int open) {
        for (Parameter parameter : Parameter.values()) {
            if (text.startsWith(parameter.written(), open)) {
                return parameter;
            }
        }
        int close = text.indexOf('}', open);
        if (text.charAt(open) == '}' || close < 0) {
            throw refused("holds a brace without its other half");
        }
        String name = text.substring(open, close + 1);
        String hint = name.startsWith("{@")
                ? "; key vaults are not read, the file takes a secret from the environment with ${NAME}"
                : "; the parameters are {hub}, {category} and {event}";
        throw refused("holds an unknown '" + (name.length() > 40 ? name.substring(0, 40) + "..." : name) + "'" + hint);
    }

    private static int firstOf(String text, String characters, int from) {
        int at = from;
        while (at < text.length() && characters.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return at;
    }

    private boolean isHostFromClient() {
        return parts.stream()
                .anyMatch(
                        part -> part instanceof Part.Hole hole && hole.inHost() && hole.parameter() == Parameter.EVENT);
    }

    /**
     * The URL of an event; null when there is none: a name that is a part of the host and no host name, one that would step
     * up in the path, one that is too long.
     */
    @Nullable
    URI expand(Event event) {
        if (event.name().length() > MAX_URL) {
            return null;
        }
        for (Part part : parts) {
            if (part instanceof Part.Hole hole
                    && hole.inHost()
                    && !isHostLabel(hole.parameter().of(event))) {
                return null;
            }
        }
        String url = fill(event, encoded(event.name()));
        if (url.length() > MAX_URL) {
            return null;
        }
        try {
            var uri = new URI(url);
            return uri.getHost() == null || hasDotSegment(uri.getRawPath()) ? null : uri;
        } catch (URISyntaxException impossible) {
            return null;
        }
    }

    private String fill(Event event, String encodedName) {
        var url = new StringBuilder(text.length() + encodedName.length());
        for (Part part : parts) {
            switch (part) {
                case Part.Text(String literal) -> url.append(literal);
                case Part.Hole(Parameter parameter, boolean _) ->
                    url.append(parameter == Parameter.EVENT ? encodedName : encoded(parameter.of(event)));
            }
        }
        return url.toString();
    }

    /** Everything but the unreserved characters of RFC 3986. */
    private static String encoded(String value) {
        var out = new StringBuilder(value.length());
        for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
            if (b > 0 && UNRESERVED.indexOf(b) >= 0) {
                out.append((char) b);
            } else {
                out.append('%')
                        .append(Character.toUpperCase(Character.forDigit((b >> 4) & 0xF, 16)))
                        .append(Character.toUpperCase(Character.forDigit(b & 0xF, 16)));
            }
        }
        return out.toString();
    }

    private static boolean isHostLabel(String value) {
        return !value.isEmpty()
                && value.chars()
                        .allMatch(c -> (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'));
    }

    /** Receivers take {@code .} and {@code ..} as steps in the path, some of them also where the dots are encoded. */
    private static boolean hasDotSegment(String path) {
        for (String segment : path.split("/", -1)) {
            String dots = segment.replace("%2e", ".").replace("%2E", ".");
            if (dots.equals(".") || dots.equals("..")) {
                return true;
            }
        }
        return false;
    }

    /** As it may be shown: without query and password. */
    String shown() {
        return shown(text);
    }

    /** A URL as it may be shown: without query, fragment and password. */
    static String shown(String url) {
        int query = firstOf(url, "?#", 0);
        int host = url.indexOf("://");
        int at = url.lastIndexOf('@', query - 1);
        String start = at > host && host >= 0
                ? url.substring(0, host + 3) + "***" + url.substring(at, query)
                : url.substring(0, query);
        return query < url.length() ? start + "?***" : start;
    }

    private String quoted() {
        String shown = shown();
        return "'" + (shown.length() > 100 ? shown.substring(0, 100) + "..." : shown) + "'";
    }

    private static IllegalArgumentException refused(String why) {
        return new IllegalArgumentException("'url' " + why);
    }
}
