package io.tidewire.signalr.client;

import io.tidewire.http.Budget;
import io.tidewire.http.Exchange;
import io.tidewire.http.Handler;
import io.tidewire.http.Problem;
import io.tidewire.hub.Audience;
import io.tidewire.signalr.client.ClientAccess.Client;
import io.tidewire.transport.WebSocketSettings;
import io.tidewire.transport.WebSocketUpgrade;

/** Turns a request into a client's WebSocket (reference D.2). */
final class ConnectWebSocket implements Handler {
    private final ClientAccess access;
    private final Cors cors;
    private final WebSocketUpgrade upgrade;
    private final Commons commons;

    ConnectWebSocket(ClientAccess access, Cors cors, WebSocketSettings webSocket, Budget budget, Commons commons) {
        this.access = access;
        this.cors = cors;
        this.upgrade = new WebSocketUpgrade(webSocket, budget);
        this.commons = commons;
    }

    @Override
    public void handle(Exchange exchange) {
        cors.checkOrigin(exchange);
        Client client = access.admit(exchange, true);
        if (!client.mayUseWebSockets()) {
            commons.observer().refused("TransportNotAllowed");
            throw new Problem(404, "NotFound", "WebSockets transport not supported by this end point type");
        }
        String connectionId = connectionId(exchange, client);
        client.hub().exists(Audience.connection(connectionId)).whenComplete((taken, failure) -> {
            if (failure != null) {
                exchange.respond(cors.readable(exchange, ClientAccess.notKnown()));
            } else if (taken) {
                commons.observer().refused("ConnectionIdTaken");
                exchange.respond(
                        cors.readable(exchange, new Problem(409, "Conflict", "This connection is open already.")));
            } else if (exchange.channel().eventLoop().inEventLoop()) {
                upgrade(exchange, client, connectionId);
            } else {
                exchange.channel().eventLoop().execute(() -> upgrade(exchange, client, connectionId));
            }
        });
    }

    private void upgrade(Exchange exchange, Client client, String connectionId) {
        try {
            var session =
                    new ClientSession(connectionId, client, exchange.channel().eventLoop(), commons);
            upgrade.accept(exchange, null, session);
        } catch (Problem problem) {
            exchange.respond(cors.readable(exchange, problem));
        }
    }

    /** A client that skips negotiation has no id yet (D.2). */
    private String connectionId(Exchange exchange, Client client) {
        return ClientAccess.connectionToken(exchange) == null
                ? access.newConnectionId()
                : access.negotiated(exchange, client).connectionId();
    }
}
