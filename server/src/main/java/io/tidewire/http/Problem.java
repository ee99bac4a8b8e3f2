package io.tidewire.http;

import java.util.List;
import java.util.Map;

/**
 * Why a request is refused, as a named, stackless exception. The {@link ProblemFormat} of the route turns it into an answer.
 * The message is written for the caller: it says what is wrong and, for a limit, names the limit and its setting.
 */
public final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;
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
        super(message, null, false, false);
        this.status = status;
        this.code = code;
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

    /** Extra headers of the answer, for example {@code WWW-Authenticate} or {@code Allow}. */
    public List<Map.Entry<String, String>> headers() {
        return headers;
    }
}
