package io.tidewire.upstream;

import io.tidewire.upstream.Circuit.Verdict;
import io.tidewire.upstream.WebhookOutcome.Reason;
import java.util.List;
import java.util.Map;

/** How a try ended. */
sealed interface Ending {
    /** An application's answer. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Reply(int status, List<Map.Entry<String, String>> headers, byte[] body) implements Ending {}

    /**
     * There is no answer.
     *
     * @param detail for operators, without the URL
     */
    record Failure(Reason reason, String detail) implements Ending {}

    /**
     * What it tells about the host. A 500 is an application's answer to one request: were it held against the host, a client
     * that sends what the application stumbles over could cut off all others. Gateways say 502, 503 and 504 for a host that
     * does not work.
     */
    default Verdict verdict() {
        return switch (this) {
            case Reply reply ->
                switch (reply.status) {
                    case 502, 503, 504 -> Verdict.FAILED;
                    default -> Verdict.WELL;
                };
            case Failure failure ->
                switch (failure.reason) {
                    case UNKNOWN_HOST, CONNECT_FAILED, TLS_FAILED, TIMED_OUT, CONNECTION_LOST, INVALID_RESPONSE ->
                        Verdict.FAILED;
                    case RESPONSE_TOO_LARGE -> Verdict.WELL;
                    case ADDRESS_DENIED, OVERLOADED, CIRCUIT_OPEN, STOPPED -> Verdict.UNKNOWN;
                };
        };
    }

    /** Whether the vendor's service would try again (Web PubSub reference F.7). */
    default boolean mayPass() {
        return switch (this) {
            case Reply reply -> reply.status == 408 || reply.status / 100 == 5;
            case Failure failure ->
                switch (failure.reason) {
                    case UNKNOWN_HOST, CONNECT_FAILED, TLS_FAILED, CONNECTION_LOST, INVALID_RESPONSE -> true;
                    case TIMED_OUT, RESPONSE_TOO_LARGE, ADDRESS_DENIED, OVERLOADED, CIRCUIT_OPEN, STOPPED -> false;
                };
        };
    }
}
