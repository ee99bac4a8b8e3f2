package io.tidewire.http;

import io.netty.handler.codec.http.ContentLengthNotAllowedException;
import io.netty.handler.codec.http.InvalidLineSeparatorException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.codec.http.TransferEncodingNotAllowedException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** Every refusal that HTTP itself makes, in one place: status, code and the sentence that the caller reads. */
final class Refusals {
    static final String INVALID_API_VERSION = "InvalidApiVersion";

    private Refusals() {}

    /** What the decoder found wrong, in our words: its own messages quote the request. */
    static Problem malformed(Throwable cause, HttpSettings settings) {
        return switch (cause) {
            case TooLongHttpLineException _ -> uriTooLong(settings);
            case TooLongHttpHeaderException _ -> headersTooLarge(settings);
            case ContentLengthNotAllowedException _ ->
                malformed("A request has either a Content-Length or a Transfer-Encoding, not both.");
            case TransferEncodingNotAllowedException _ -> malformed("Transfer-Encoding needs HTTP/1.1.");
            case InvalidLineSeparatorException _ -> malformed("Lines of a request end with CR LF.");
            default -> malformed("The request is not valid HTTP.");
        };
    }

    static Problem malformed(String message) {
        return new Problem(400, "MalformedRequest", message);
    }

    static Problem uriTooLong(HttpSettings settings) {
        return new Problem(
                414,
                "UriTooLong",
                "The request line is longer than " + settings.maxUriBytes() + " bytes (setting http.maxUriBytes).");
    }

    static Problem headersTooLarge(HttpSettings settings) {
        return new Problem(
                431,
                "HeadersTooLarge",
                "The request headers are larger than " + settings.maxHeaderBytes()
                        + " bytes (setting http.maxHeaderBytes).");
    }

    static Problem headerTooLong(HttpSettings settings) {
        return new Problem(
                431,
                "HeadersTooLarge",
                "A request header is longer than " + settings.maxHttp2HeaderBytes()
                        + " bytes (setting http.maxHttp2HeaderBytes).");
    }

    static Problem tlsOnPlainPort() {
        return new Problem(400, "TlsOnPlainPort", "This port speaks HTTP without TLS.");
    }

    static Problem bodyTooLarge(HttpSettings settings) {
        return new Problem(
                413,
                "BodyTooLarge",
                "The request body is larger than " + settings.maxBodyBytes() + " bytes (setting http.maxBodyBytes).");
    }

    static Problem overloaded(Budget budget) {
        return new Problem(
                503,
                "Overloaded",
                "This server holds as many bytes for its peers as it may, " + budget.limit()
                        + " (setting network.maxBufferedBytes). Try again in a moment.",
                List.of(Map.entry("Retry-After", "1")));
    }

    static Problem tooSlow(HttpSettings settings) {
        return new Problem(
                408,
                "RequestTimeout",
                "The request did not arrive within " + settings.requestTimeout().toMillis()
                        + " ms (setting http.requestTimeout).");
    }

    static Problem encodedBody() {
        return new Problem(
                415,
                "UnsupportedContentEncoding",
                "A request body must not be compressed; the only Content-Encoding is identity.",
                List.of(Map.entry("Accept-Encoding", "identity")));
    }

    static Problem transferCoding() {
        return new Problem(501, "UnsupportedTransferEncoding", "The only Transfer-Encoding is chunked.");
    }

    static Problem expectation() {
        return new Problem(417, "UnsupportedExpectation", "The only Expect is 100-continue.");
    }

    static Problem version() {
        return new Problem(505, "UnsupportedHttpVersion", "This listener speaks HTTP/1.1 and HTTP/1.0.");
    }

    static Problem tooManyParameters(int limit) {
        return new Problem(400, "TooManyParameters", "The query has more than " + limit + " parameters.");
    }

    static Problem badQueryEncoding() {
        return new Problem(400, "InvalidEncoding", "The query is not percent-encoded UTF-8.");
    }

    static Problem badPathEncoding() {
        return new Problem(400, "InvalidEncoding", "The path is not percent-encoded UTF-8.");
    }

    static Problem badSegment() {
        return new Problem(
                400, "InvalidPath", "No segment of the path may be empty, '.' or '..', percent-encoded or not.");
    }

    static Problem notFound() {
        return new Problem(404, "NotFound", "There is nothing at this path.");
    }

    static Problem methodNotAllowed(SortedSet<String> allowed) {
        String list = String.join(", ", allowed);
        return new Problem(
                405, "MethodNotAllowed", "This path answers " + list + ".", List.of(Map.entry("Allow", list)));
    }

    static Problem mediaType(Collection<String> accepted) {
        String list = String.join(", ", new TreeSet<>(accepted));
        return new Problem(
                415,
                "UnsupportedMediaType",
                "The Content-Type must be one of: " + list + ".",
                List.of(Map.entry("Accept", list)));
    }

    static Problem apiVersion(String parameter, Collection<String> supported) {
        return Problem.about(
                parameter,
                400,
                INVALID_API_VERSION,
                "The query parameter " + parameter + " must be one of: " + String.join(", ", supported) + ".");
    }
}
