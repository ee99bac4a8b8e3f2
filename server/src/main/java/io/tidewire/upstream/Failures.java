package io.tidewire.upstream;

import io.tidewire.upstream.Ending.Failure;
import io.tidewire.upstream.WebhookOutcome.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import javax.net.ssl.SSLException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.TruncatedChunkException;
import org.apache.hc.core5.http2.H2ConnectionException;

/** Names what the client throws, and says it in words. */
final class Failures {
    private Failures() {}

    /** @param sent whether the connection was there already */
    static Failure of(Exception failure, boolean sent, InetAddress address, WebhookSettings settings) {
        String where = address.getHostAddress();
        return switch (failure) {
            case ReplyReader.TooLarge _ ->
                new Failure(
                        Reason.RESPONSE_TOO_LARGE,
                        "the answer of %s is longer than %d bytes (upstream.maxResponseBytes)"
                                .formatted(where, settings.maxResponseBytes()));
            case MessageConstraintException _ ->
                new Failure(
                        Reason.INVALID_RESPONSE,
                        "the answer of %s has more than %d headers, or a line of more than %d bytes"
                                .formatted(where, Dialer.MAX_HEADERS, Dialer.MAX_HEADER_BYTES));
            case TruncatedChunkException _ -> lost(where, failure);
            case ConnectionClosedException _ when sent -> lost(where, failure);
            case MalformedChunkCodingException _, H2ConnectionException _, HttpException _ ->
                new Failure(Reason.INVALID_RESPONSE, "the answer of " + where + " is not HTTP: " + Words.of(failure));
            case SSLException _
            when !sent -> new Failure(Reason.TLS_FAILED, "no TLS with " + where + ": " + Words.of(failure));
            case SocketTimeoutException _
            when !sent ->
                new Failure(
                        Reason.CONNECT_FAILED,
                        "no connection to %s within %s (upstream.connectTimeout)"
                                .formatted(where, Words.of(settings.connectTimeout())));
            case IOException _ when !sent -> notConnected(where, failure);
            case UnresolvedAddressException _ -> notConnected(where, failure);
            default -> lost(where, failure);
        };
    }

    private static Failure notConnected(String where, Exception failure) {
        Throwable told = failure.getCause() == null ? failure : failure.getCause();
        return new Failure(Reason.CONNECT_FAILED, "no connection to " + where + ": " + Words.of(told));
    }

    private static Failure lost(String where, Exception failure) {
        return new Failure(
                Reason.CONNECTION_LOST,
                "the connection to " + where + " ended before the answer: " + Words.of(failure));
    }
}
