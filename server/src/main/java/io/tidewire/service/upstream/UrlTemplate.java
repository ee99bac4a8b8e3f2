package io.tidewire.service.upstream;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A URL with parameters (SignalR reference E.1, Web PubSub reference A.3). Their values come from clients, so they are
 * percent-encoded and must not change which host is called nor how the path is built.
 */
public final class UrlTemplate {
    /** The vendor's bound on a URI (SignalR reference G). */
    public static final int MAX_URL = 12 * 1024;

    /**
     * What may be put into a URL.
     *
     * @param notInHost why it must not be a part of the host; null where it may
     */
    public record Parameter(String name, @Nullable String notInHost) {
        String written() {
            return "{" + name + "}";
        }
    }

    private static final String UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    /** Text and parameters in turn. */
    private sealed interface Part {
        record Text(String text) implements Part {}

        record Hole(Parameter parameter, boolean inHost) implements Part {}
    }

    private final String text;
    private final List<Part> parts;

    private UrlTemplate(String text, List<Part> parts) {
        this.text = text;
        this.parts = parts;
    }

    /**
     * Reads a template with these parameters.
     *
     * @throws IllegalArgumentException when it is none; the message starts with {@code 'url'} and never shows the query
     */
    public static UrlTemplate parse(String text, List<Parameter> parameters) {
        var template = new UrlTemplate(text, parts(text, parameters));
        if (text.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw refused("holds blanks or other characters that must be percent-encoded");
        }
        for (Part part : template.parts) {
            if (part instanceof Part.Hole(Parameter parameter, boolean inHost)
                    && inHost
                    && parameter.notInHost() != null) {
                throw refused("has " + parameter.written() + " in its host: " + parameter.notInHost());
            }
        }
        URI sample;
        try {
            sample = new URI(template.fill(UnaryOperator.identity()));
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

    private static List<Part> parts(String text, List<Parameter> parameters) {
        var parts = new ArrayList<Part>();
        int host = text.indexOf("://") + 3;
        int path = firstOf(text, "/?#", Math.max(host, 0));
        int at = 0;
        while (at < text.length()) {
            int open = firstOf(text, "{}", at);
            parts.add(new Part.Text(text.substring(at, open)));
            at = open;
            if (open < text.length()) {
                Parameter parameter = parameterAt(text, open, parameters);
                parts.add(new Part.Hole(parameter, open < path));
                at = open + parameter.written().length();
            }
        }
        return List.copyOf(parts);
    }

    private static Parameter parameterAt(String text, int open, List<Parameter> parameters) {
        for (Parameter parameter : parameters) {
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
                : "; the parameters are " + list(parameters);
        throw refused("holds an unknown '" + (name.length() > 40 ? name.substring(0, 40) + "..." : name) + "'" + hint);
    }

    private static int firstOf(String text, String characters, int from) {
        int at = from;
        while (at < text.length() && characters.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return at;
    }

    private static String list(List<Parameter> parameters) {
        String all = parameters.stream().map(Parameter::written).collect(Collectors.joining(", "));
        int last = all.lastIndexOf(", ");
        return last < 0 ? all : all.substring(0, last) + " and " + all.substring(last + 2);
    }

    /**
     * The URL for these values; null when there is none: one that is a part of the host and no host name, one that would step
     * up in the path, one that is too long.
     *
     * @param values by the names of parameters
     */
    public @Nullable URI expand(UnaryOperator<String> values) {
        for (Part part : parts) {
            if (part instanceof Part.Hole(Parameter parameter, boolean inHost)) {
                String value = values.apply(parameter.name());
                if (value.length() > MAX_URL || (inHost && !isHostLabel(value))) {
                    return null;
                }
            }
        }
        String url = fill(name -> encoded(values.apply(name)));
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

    private String fill(UnaryOperator<String> encodedValues) {
        var url = new StringBuilder(2 * text.length());
        for (Part part : parts) {
            switch (part) {
                case Part.Text(String literal) -> url.append(literal);
                case Part.Hole(Parameter parameter, boolean _) -> url.append(encodedValues.apply(parameter.name()));
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
    public String shown() {
        return shown(text);
    }

    /** A URL as it may be shown: without query, fragment and password. */
    public static String shown(String url) {
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
