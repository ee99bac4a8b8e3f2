package io.tidewire.upstream;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What became of a call. */
public sealed interface WebhookOutcome {
    /** From the call to its end, all tries included. */
    Duration took();

    /**
     * The application answered, with whatever status.
     *
     * @param headers name and value pairs, in order
     * @param body whole, within the limit
     */
    @SuppressWarnings("ArrayRecordComponent") // answers are read, never compared
    record Answered(int status, List<Map.Entry<String, String>> headers, byte[] body, Duration took)
            implements WebhookOutcome {}

    /**
     * There is no answer.
     *
     * @param detail for the operator: names the address, the limit and its setting where there is one; no stack trace
     */
    record Failed(Reason reason, String detail, Duration took) implements WebhookOutcome {}

    /** Why there is no answer; the names are labels of metrics. */
    enum Reason {
        /** The address policy forbids every address of the host, or the URL itself. */
        ADDRESS_DENIED,
        UNKNOWN_HOST,
        CONNECT_FAILED,
        TLS_FAILED,
        TIMED_OUT,
        /** The connection ended before the answer did. */
        CONNECTION_LOST,
        /** What came is not HTTP. */
        INVALID_RESPONSE,
        RESPONSE_TOO_LARGE,
        /** Too many calls to this host are waiting. */
        OVERLOADED,
        /** This host failed so often lately that it is not tried for a while. */
        CIRCUIT_OPEN,
        /** This server is stopping. */
        STOPPED
    }
}
