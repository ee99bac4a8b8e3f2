package io.tidewire.signalr.client;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.tidewire.http.Budget;
import io.tidewire.http.Exchange;
import io.tidewire.http.Handler;
import io.tidewire.http.Problem;
import io.tidewire.hub.Audience;
import io.tidewire.hub.Disconnect;
import io.tidewire.hub.Observer;
import io.tidewire.signalr.client.ClientAccess.Client;
import io.tidewire.transport.WebSocketSettings;
import io.tidewire.transport.WebSocketUpgrade;
import java.util.concurrent.CompletionStage;

/** {@code GET /client}: turns the request into a client's transport (reference D.2). */
final class Connect implements Handler {
    private final ClientAccess access;
    private final ConnectionToken tokens;
    private final Cors cors;
    private final ClientSettings settings;
    private final WebSocketUpgrade upgrade;
    private final int maxMessageBytes;
    private final Heartbeat.PerLoop heartbeats;
    private final Observer observer;

    Connect(
            ClientAccess access,
            ConnectionToken tokens,
            Cors cors,
            ClientSettings settings,
            WebSocketSettings webSocket,
            Budget budget,
            Observer observer) {
        this.access = access;
        this.tokens = tokens;
        this.cors = cors;
        this.settings = settings;
        this.upgrade = new WebSocketUpgrade(webSocket, budget);
        this.maxMessageBytes = webSocket.maxMessageBytes();
        this.observer = observer;
        this.heartbeats = new Heartbeat.PerLoop(settings);
    }

    @Override
    public void handle(Exchange exchange) {
        if (!WebSocketUpgrade.requested(exchange)) {
            boolean stream = exchange.headers().containsValue(HttpHeaderNames.ACCEPT, "text/event-stream", true);
            throw unsupported(exchange, access.admit(exchange, stream), stream);
        }
        cors.checkOrigin(exchange);
        Client client = access.admit(exchange, true);
        if (!client.mayUseWebSockets()) {
            observer.refused("TransportNotAllowed");
            throw new Problem(404, "NotFound", "WebSockets transport not supported by this end point type");
        }
        String connectionId = connectionId(exchange, client);
        client.hub().exists(Audience.connection(connectionId)).whenComplete((taken, failure) -> {
            if (failure != null) {
                exchange.respond(cors.readable(exchange, ClientAccess.notKnown()));
            } else if (taken) {
                observer.refused("ConnectionIdTaken");
                exchange.respond(
                        cors.readable(exchange, new Problem(409, "Conflict", "This connection is open already.")));
            } else if (exchange.channel().eventLoop().inEventLoop()) {
                upgrade(exchange, client, connectionId);
            } else {
                exchange.channel().eventLoop().execute(() -> upgrade(exchange, client, connectionId));
            }
        });
    }

    /** As {@link ClientEndpoint#close}. */
    CompletionStage<Void> close(Disconnect why) {
        return heartbeats.closeAll(why);
    }

    private void upgrade(Exchange exchange, Client client, String connectionId) {
        try {
            var session = new ClientSession(connectionId, client, settings, heartbeats, maxMessageBytes, observer);
            upgrade.accept(exchange, null, session);
        } catch (Problem problem) {
            exchange.respond(cors.readable(exchange, problem));
        }
    }

    /** A client that skips negotiation has no id yet (D.2). */
    private String connectionId(Exchange exchange, Client client) {
        String token = ClientAccess.connectionToken(exchange);
        return token == null ? tokens.newConnectionId() : negotiated(token, client);
    }

    private String negotiated(String token, Client client) {
        ConnectionToken.Proven proven = tokens.prove(token, client.hub().name(), client.userId());
        if (proven == null || proven.expired()) {
            observer.refused("UnknownConnectionId");
            throw ClientAccess.noSuchConnection();
        }
        return proven.connectionId();
    }

    /** The answers of an endpoint that has WebSockets only; every other GET would be a stream or a poll. */
    private Problem unsupported(Exchange exchange, Client client, boolean stream) {
        String token = ClientAccess.connectionToken(exchange);
        if (token == null) {
            return ClientAccess.noConnectionId();
        }
        var _ = negotiated(token, client);
        return new Problem(
                404,
                "NotFound",
                (stream ? "ServerSentEvents" : "LongPolling") + " transport not supported by this end point type");
    }
}
