package io.tidewire.signalr.client;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.tidewire.http.Exchange;
import io.tidewire.http.Handler;
import io.tidewire.transport.WebSocketUpgrade;

/** {@code GET /client}: finds out which transport the client wants (reference D.2). */
final class Connect implements Handler {
    private final Handler webSocket;
    private final Handler eventStream;
    private final Handler longPolling;

    Connect(Handler webSocket, Handler eventStream, Handler longPolling) {
        this.webSocket = webSocket;
        this.eventStream = eventStream;
        this.longPolling = longPolling;
    }

    @Override
    public void handle(Exchange exchange) {
        if (WebSocketUpgrade.requested(exchange)) {
            webSocket.handle(exchange);
        } else if (exchange.headers().containsValue(HttpHeaderNames.ACCEPT, "text/event-stream", true)) {
            eventStream.handle(exchange);
        } else {
            longPolling.handle(exchange);
        }
    }
}
