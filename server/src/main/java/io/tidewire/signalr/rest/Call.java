package io.tidewire.signalr.rest;

import io.tidewire.http.Exchange;
import io.tidewire.http.Problem;
import io.tidewire.hub.Hub;
import io.tidewire.service.access.HubName;
import io.tidewire.service.protocol.JsonScanner;
import io.tidewire.service.protocol.ProtocolViolation;
import io.tidewire.service.rest.RestCall;
import io.tidewire.service.rest.Service;
import io.tidewire.signalr.protocol.ServerMessage;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One REST call of SignalR Service. */
final class Call extends RestCall {
    private static final int STREAM_ID_LIMIT = 100;

    private final Duration invocationTimeout;

    Call(Exchange exchange, Service service, Duration invocationTimeout) {
        super(exchange, service);
        this.invocationTimeout = invocationTimeout;
    }

    @Override
    public Hub hub() {
        return hub(
                HubName.of(exchange().pathParameter("hub"), exchange().query().first("application")));
    }

    /** A deprecated comma-separated list, each name once. */
    Set<String> list(String parameter, String what) {
        var names = new LinkedHashSet<String>();
        for (String name : exchange().pathParameter(parameter).split(",", -1)) {
            names.add(checked(name, what));
        }
        return names;
    }

    /** The lifetime of a membership: null for none given, zero for "only those connected now". */
    @Nullable
    Duration ttl() {
        String ttl = exchange().query().first("ttl");
        if (ttl == null) {
            return null;
        }
        int seconds;
        try {
            seconds = Integer.parseInt(ttl);
        } catch (NumberFormatException notANumber) {
            throw invalidTtl();
        }
        if (seconds < 0) {
            throw invalidTtl();
        }
        return Duration.ofSeconds(seconds);
    }

    private static Problem invalidTtl() {
        return invalid("ttl", "Invalid ttl. It is a number of seconds between 0 and " + Integer.MAX_VALUE + ".");
    }

    /** The stream of a client, by the id under which it asked (at most 100 characters, as in the vendor's document). */
    String streamId() {
        return checked(exchange().pathParameter("streamId"), "stream id", STREAM_ID_LIMIT);
    }

    /** Why a stream ends: the document says {@code reason}, the vendor's SDK {@code error}; null when it ends in order. */
    @Nullable
    String streamError() {
        String reason = reason();
        String error = reason == null ? exchange().query().first("error") : reason;
        return error == null || error.isEmpty() ? null : error;
    }

    /** The body as one JSON value. */
    byte[] item() {
        byte[] json = body("Message");
        try {
            JsonScanner.checkItem(json);
        } catch (ProtocolViolation violation) {
            throw new Problem(400, INVALID, "The request body is not valid. " + violation.message() + ".");
        }
        return json;
    }

    /** How long a client may take to answer. */
    Duration invocationTimeout() {
        return invocationTimeout;
    }

    ServerMessage message() {
        String contentType = exchange().headers().get("Content-Type", "application/json");
        return PayloadMessage.read(contentType, exchange().body());
    }
}
