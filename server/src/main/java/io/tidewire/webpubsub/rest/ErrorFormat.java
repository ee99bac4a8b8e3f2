package io.tidewire.webpubsub.rest;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import io.tidewire.http.Problem;
import io.tidewire.http.ProblemFormat;
import io.tidewire.http.Response;
import io.tidewire.service.rest.ErrorDetail;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;

/** How the REST API writes its errors, and what all its answers carry (reference C.1, C.4, L 2, L 3). */
final class ErrorFormat implements ProblemFormat {
    static final ErrorFormat ERROR_DETAIL = new ErrorFormat();

    /** As the vendor's service says it: previews and the oldest version work and are not named. */
    private static final AsciiString SUPPORTED =
            AsciiString.of("2021-10-01, 2022-11-01, 2023-07-01, 2024-01-01, 2024-12-01");

    // Names and values of every answer, whose hash and bytes are thus known before.
    private static final AsciiString SUPPORTED_VERSIONS = AsciiString.of("api-supported-versions");
    private static final AsciiString REQUEST_ID = AsciiString.of("x-ms-request-id");
    private static final AsciiString CLIENT_REQUEST_ID = AsciiString.of("x-ms-client-request-id");
    private static final byte[] HEX = "0123456789abcdef".getBytes(US_ASCII);

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
    public void addHeaders(HttpHeaders request, BiConsumer<AsciiString, CharSequence> answer) {
        answer.accept(SUPPORTED_VERSIONS, SUPPORTED);
        answer.accept(REQUEST_ID, requestId());
        String clientRequestId = request.get(CLIENT_REQUEST_ID);
        if (clientRequestId != null && isEchoed(clientRequestId)) {
            answer.accept(CLIENT_REQUEST_ID, clientRequestId);
        }
    }

    /** 128 random bits in hexadecimal. */
    private static AsciiString requestId() {
        var random = ThreadLocalRandom.current();
        byte[] digits = new byte[32];
        for (int from = 0; from < digits.length; from += 16) {
            long bits = random.nextLong();
            for (int i = from; i < from + 16; i++) {
                digits[i] = HEX[(int) bits & 0xF];
                bits >>>= 4;
            }
        }
        return new AsciiString(digits, false);
    }

    private static boolean isEchoed(String id) {
        if (id.length() > MAX_CLIENT_REQUEST_ID) {
            return false;
        }
        for (int i = 0; i < id.length(); i++) {
            if (id.charAt(i) < ' ' || id.charAt(i) >= 0x7F) {
                return false;
            }
        }
        return true;
    }
}
