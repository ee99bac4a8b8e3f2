package io.tidewire.upstream;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How things are told to operators. */
final class Words {
    private static final int MAX_CHARS = 200;

    private Words() {}

    /** Scheme, host, port and path: user information and query may hold keys. */
    static String of(URI url) {
        String authority = url.getRawAuthority();
        String host = authority == null ? "" : authority.substring(authority.lastIndexOf('@') + 1);
        String path = url.getRawPath() == null ? "" : url.getRawPath();
        return clean(url.getScheme() + "://" + host + path);
    }

    static String of(Duration time) {
        return ofNanos(time.toNanos());
    }

    static String ofNanos(long nanos) {
        long millis = (nanos + 999_999) / 1_000_000;
        return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
    }

    /** An exception's message in one line; what peers sent may be in it. */
    static String of(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank() ? name(failure) : clean(message);
    }

    private static String name(Throwable failure) {
        return failure.getClass().getSimpleName();
    }

    static String clean(@Nullable String text) {
        if (text == null) {
            return "";
        }
        String line = text.strip().replaceAll("\\p{Cntrl}+", " ");
        return line.length() <= MAX_CHARS ? line : line.substring(0, MAX_CHARS) + "...";
    }
}
