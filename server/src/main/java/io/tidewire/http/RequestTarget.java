package io.tidewire.http;

import org.jspecify.annotations.Nullable;

/** Path and query of a request line, split but not decoded. */
record RequestTarget(String path, String query) {
    /**
     * Reads the origin form ({@code /a?b}) and the absolute form ({@code http://host/a?b}, RFC 9112, 3.2.2). Null for anything else,
     * and for control, blank or non-ASCII characters or a fragment, none of which may be sent.
     */
    static @Nullable RequestTarget parse(String uri) {
        int mark = -1;
        for (int i = 0; i < uri.length(); i++) {
            char c = uri.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '#') {
                return null;
            }
            if (c == '?' && mark < 0) {
                mark = i;
            }
        }
        int end = mark < 0 ? uri.length() : mark;
        int start = pathStart(uri, end);
        if (start < 0) {
            return null;
        }
        String path = start == end ? "/" : uri.substring(start, end);
        return new RequestTarget(path, mark < 0 ? "" : uri.substring(mark + 1));
    }

    private static int pathStart(String uri, int end) {
        if (!uri.isEmpty() && uri.charAt(0) == '/') {
            return 0;
        }
        boolean absolute = uri.regionMatches(true, 0, "http://", 0, 7) || uri.regionMatches(true, 0, "https://", 0, 8);
        if (!absolute) {
            return -1;
        }
        int slash = uri.indexOf('/', uri.indexOf("//") + 2);
        return slash < 0 || slash > end ? end : slash;
    }
}
