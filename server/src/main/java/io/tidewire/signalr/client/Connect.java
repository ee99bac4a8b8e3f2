package io.tidewire.signalr.client;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.tidewire.http.Exchange;
import io.tidewire.http.Handler;
import io.tidewire.http.Problem;
import io.tidewire.signalr.client.ClientAccess.Client;
import io.tidewire.transport.WebSocketUpgrade;

/** {@code GET /client}: finds out which transport the client wants (reference D.2). */
final class Connect implements Handler {
    private final ClientAccess access;
    private final Handler webSocket;

    Connect(ClientAccess access, Handler webSocket) {
        this.access = access;
        this.webSocket = webSocket;
    }

    @Override
    public void handle(Exchange exchange) {
        if (WebSocketUpgrade.requested(exchange)) {
            webSocket.handle(exchange);
        } else {
            boolean stream = exchange.headers().containsValue(HttpHeaderNames.ACCEPT, "text/event-stream", true);
            throw unsupported(exchange, access.admit(exchange, stream), stream);
        }
    }

    /** The answers of an endpoint that has WebSockets only; every other GET would be a stream or a poll. */
    private Problem unsupported(Exchange exchange, Client client, boolean stream) {
        var _ = access.negotiated(exchange, client);
        return new Problem(
                404,
                "NotFound",
                (stream ? "ServerSentEvents" : "LongPolling") + " transport not supported by this end point type");
    }
}
