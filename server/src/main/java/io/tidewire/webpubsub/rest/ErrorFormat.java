package io.tidewire.webpubsub.rest;

import io.netty.handler.codec.http.HttpHeaders;
import io.tidewire.http.Problem;
import io.tidewire.http.ProblemFormat;
import io.tidewire.http.Response;
import io.tidewire.service.rest.ErrorDetail;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/** How the REST API writes its errors, and what all its answers carry (reference C.1, C.4, L 2, L 3). */
final class ErrorFormat implements ProblemFormat {
    static final ErrorFormat ERROR_DETAIL = new ErrorFormat();

    /** As the vendor's service says it: previews and the oldest version work and are not named. */
    private static final String SUPPORTED = "2021-10-01, 2022-11-01, 2023-07-01, 2024-01-01, 2024-12-01";

    private static final String CLIENT_REQUEST_ID = "x-ms-client-request-id";

    /** A longer one is no id. */
    private static final int MAX_CLIENT_REQUEST_ID = 256;

    private ErrorFormat() {}

    @Override
    public Response render(Problem problem) {
        String code = code(problem);
        return problem.status() == 401
                ? ErrorDetail.withHeaders(Response.of(401), problem, code)
                : ErrorDetail.render(problem, code);
    }

    /** The code follows from the status, whoever refused. */
    private static String code(Problem problem) {
        return switch (problem.status()) {
            case 400 -> "Error.BadRequest";
            case 401 -> "Error.Unauthorized";
            case 404 -> "Error.NotFound";
            case 413 -> "Error.TooLarge";
            case 415 -> "Error.UnsupportedMediaType";
            case 429 -> "Error.TooManyRequests";
            case 500 -> "Error.InternalServerError";
            case 503 -> "Error.ServiceUnavailable";
            default -> problem.code().startsWith("Error.") ? problem.code() : "Error." + problem.code();
        };
    }

    @Override
    public void addHeaders(HttpHeaders request, HttpHeaders answer) {
        answer.set("api-supported-versions", SUPPORTED);
        answer.set("x-ms-request-id", requestId());
        String clientRequestId = request.get(CLIENT_REQUEST_ID);
        if (clientRequestId != null && isEchoed(clientRequestId)) {
            answer.set(CLIENT_REQUEST_ID, clientRequestId);
        }
    }

    private static String requestId() {
        var random = ThreadLocalRandom.current();
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
    }

    private static boolean isEchoed(String id) {
        return id.length() <= MAX_CLIENT_REQUEST_ID && id.chars().allMatch(c -> c >= ' ' && c < 0x7F);
    }
}
