package io.tidewire.signalr.upstream;

import io.tidewire.service.protocol.ProtocolViolation;
import io.tidewire.signalr.client.Caller;
import io.tidewire.signalr.protocol.ForeignCompletion;
import io.tidewire.signalr.protocol.ForeignCompletion.Encoding;
import io.tidewire.transport.EncodedFrame;
import io.tidewire.upstream.WebhookOutcome;
import io.tidewire.upstream.WebhookOutcome.Answered;
import io.tidewire.upstream.WebhookOutcome.Failed;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a client that waits for its call gets out of what the upstream did (reference E.5).
 *
 * @param frame the completion; whoever has the reply owns it
 * @param error what the client reads in it; empty for a result or none
 * @param broken whether the upstream's answer looked good and could not be used
 */
record Reply(EncodedFrame frame, String error, boolean broken) {
    static Reply to(Caller caller, String invocationId, WebhookOutcome outcome) {
        return switch (outcome) {
            case Answered answered
            when isEmpty(answered) -> new Reply(caller.protocol().completion(invocationId, null), "", false);
            case Answered answered when answered.status() == 200 -> whole(caller, invocationId, answered);
            case Answered answered ->
                error(caller, invocationId, "Invocation failed, status code " + answered.status(), false);
            case Failed failed -> error(caller, invocationId, text(caller, failed), false);
        };
    }

    private static boolean isEmpty(Answered answered) {
        return answered.status() == 204 || (answered.status() == 200 && answered.body().length == 0);
    }

    private static Reply whole(Caller caller, String invocationId, Answered answered) {
        try {
            EncodedFrame frame = ForeignCompletion.of(
                    caller.protocol(), invocationId, answered.body(), encoding(answered.headers()));
            return new Reply(frame, "", false);
        } catch (ProtocolViolation violation) {
            return error(caller, invocationId, "Invocation failed, error: " + violation.message() + ".", true);
        }
    }

    private static Reply error(Caller caller, String invocationId, String error, boolean broken) {
        return new Reply(caller.protocol().completion(invocationId, error), error, broken);
    }

    /** The vendor turns what failed on the way into a status 500. The reason, without addresses, is for those who may have it. */
    private static String text(Caller caller, Failed failed) {
        return switch (failed.reason()) {
            case RESPONSE_TOO_LARGE -> "Invocation failed, response too large.";
            case STOPPED -> "Invocation failed, response cancelled.";
            case ADDRESS_DENIED,
                    UNKNOWN_HOST,
                    CONNECT_FAILED,
                    TLS_FAILED,
                    TIMED_OUT,
                    CONNECTION_LOST,
                    INVALID_RESPONSE,
                    OVERLOADED,
                    CIRCUIT_OPEN ->
                "Invocation failed, status code 500"
                        + (caller.claims().wantsDetailedErrors() ? " (" + words(failed) + ")" : "");
        };
    }

    private static String words(Failed failed) {
        return failed.reason().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static Encoding encoding(List<Map.Entry<String, String>> headers) {
        for (Map.Entry<String, String> header : headers) {
            if (header.getKey().equalsIgnoreCase("content-type")) {
                String type = header.getValue().split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
                boolean json = type.equals("application/json") || type.endsWith("+json");
                return json ? Encoding.JSON : type.endsWith("msgpack") ? Encoding.MESSAGE_PACK : Encoding.UNKNOWN;
            }
        }
        return Encoding.UNKNOWN;
    }
}
