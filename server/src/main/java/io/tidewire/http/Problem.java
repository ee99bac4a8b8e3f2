package io.tidewire.http;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why a request is refused, as a named, stackless exception. The {@link ProblemFormat} of the route turns it into an answer.
 * The message is written for the caller: it says what is wrong and, for a limit, names the limit and its setting.
 */
public final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;
    private final @Nullable String target;
    private final transient List<Map.Entry<String, String>> headers;

    /**
     * @param status the HTTP status
     * @param code a stable name such as {@code Error.Request.Invalid}
     * @param message what the caller should know
     */
    public Problem(int status, String code, String message) {
        this(status, code, message, List.of());
    }

    public Problem(int status, String code, String message, List<Map.Entry<String, String>> headers) {
        this(status, code, message, null, headers);
    }

    /** With the part of the request that is wrong, such as the name of a parameter. */
    public static Problem about(String target, int status, String code, String message) {
        return new Problem(status, code, message, target, List.of());
    }

    private Problem(
            int status, String code, String message, @Nullable String target, List<Map.Entry<String, String>> headers) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
        this.target = target;
        this.headers = List.copyOf(headers);
    }

    public int status() {
        return status;
    }

    public String code() {
        return code;
    }

    public String message() {
        return String.valueOf(getMessage());
    }

    /** What part of the request is wrong; null where that is not known. */
    public @Nullable String target() {
        return target;
    }

    /** Extra headers of the answer, for example {@code WWW-Authenticate} or {@code Allow}. */
    public List<Map.Entry<String, String>> headers() {
        return headers;
    }
}
