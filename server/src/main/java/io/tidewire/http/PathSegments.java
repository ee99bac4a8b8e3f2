package io.tidewire.http;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A path split on {@code /} and then, segment by segment, decoded once: an encoded slash is content. A slash at the end adds nothing.
 */
final class PathSegments {
    /** Null where a segment cannot be decoded. */
    private final @Nullable String[] segments;

    private final boolean readable;
    private final boolean named;

    private PathSegments(@Nullable String[] segments, boolean readable, boolean named) {
        this.segments = segments;
        this.readable = readable;
        this.named = named;
    }

    /** Null when nothing can match: not from the root, or more segments than {@code most}. */
    static @Nullable PathSegments parse(String rawPath, int most) {
        if (rawPath.isEmpty() || rawPath.charAt(0) != '/') {
            return null;
        }
        @Nullable String[] segments = new String[most];
        int count = 0;
        boolean readable = true;
        boolean named = true;
        int from = 1;
        while (from < rawPath.length()) {
            int next = rawPath.indexOf('/', from);
            int to = next < 0 ? rawPath.length() : next;
            if (count == most) {
                return null;
            }
            String segment = Percent.decode(rawPath, from, to, false);
            readable &= segment != null;
            named &= segment == null || isName(segment);
            segments[count++] = segment;
            from = to + 1;
        }
        return new PathSegments(count == most ? segments : Arrays.copyOf(segments, count), readable, named);
    }

    /** Proxies and clients on the way take out dots and empty segments, so they may not mean anything here. */
    private static boolean isName(String segment) {
        return !segment.isEmpty() && !segment.equals(".") && !segment.equals("..");
    }

    /** The segments of a route's template, as written. */
    static List<String> ofTemplate(String template) {
        String trimmed = template.endsWith("/") ? template.substring(0, template.length() - 1) : template;
        if (!template.startsWith("/")) {
            throw new IllegalArgumentException("The template " + template + " does not begin with a slash");
        }
        return trimmed.isEmpty() ? List.of() : List.of(trimmed.substring(1).split("/", -1));
    }

    int count() {
        return segments.length;
    }

    @Nullable
    String get(int index) {
        return segments[index];
    }

    /** Whether every segment could be decoded. */
    boolean readable() {
        return readable;
    }

    /** Whether no segment is empty, {@code .} or {@code ..}. */
    boolean named() {
        return named;
    }
}
