package io.tidewire.signalr.client;

import io.netty.channel.EventLoop;
import io.tidewire.http.Budget;
import io.tidewire.http.Exchange;
import io.tidewire.http.Handler;
import io.tidewire.http.Problem;
import io.tidewire.service.client.Attachment;
import io.tidewire.signalr.client.ClientAccess.Client;
import io.tidewire.transport.WebSocketSettings;
import io.tidewire.transport.WebSocketUpgrade;
import org.jspecify.annotations.Nullable;

/** Turns a request into a client's WebSocket (reference D.2). */
final class ConnectWebSocket implements Handler {
    private final ClientAccess access;
    private final Lookup lookup;
    private final WebSocketUpgrade upgrade;
    private final int maxUnsentBytes;
    private final Commons commons;

    ConnectWebSocket(ClientAccess access, Lookup lookup, WebSocketSettings webSocket, Budget budget, Commons commons) {
        this.access = access;
        this.lookup = lookup;
        this.upgrade = new WebSocketUpgrade(webSocket, budget);
        this.maxUnsentBytes = webSocket.maxUnsentBytes();
        this.commons = commons;
    }

    @Override
    public void handle(Exchange exchange) {
        Client client = access.admit(exchange, true);
        if (!client.mayUseWebSockets()) {
            commons.observer().refused("TransportNotAllowed");
            throw new Problem(404, "NotFound", "WebSockets transport not supported by this end point type");
        }
        ConnectionToken.Proven proven =
                ClientAccess.connectionToken(exchange) == null ? null : access.known(exchange, client);
        if (proven != null) {
            String hub = client.hub().name();
            ClientSession there = commons.directory().find(hub, proven.connectionId());
            if (there != null && there.mayReturn()) {
                EventLoop loop = exchange.channel().eventLoop();
                upgrade.accept(exchange, null, Attachment.next(there, there.loop(), loop, maxUnsentBytes));
                return;
            }
            if (proven.expired() || commons.directory().isRetired(hub, proven.connectionId())) {
                throw access.unknown();
            }
        }
        open(exchange, client, proven);
    }

    /** @param proven null for a client that skips negotiation, and has no id yet (D.2) */
    private void open(Exchange exchange, Client client, ConnectionToken.@Nullable Proven proven) {
        commons.quotas().checkConnect(client.claims().isDiagnostic());
        String connectionId = proven == null ? access.newConnectionId() : proven.connectionId();
        boolean mayReturn = proven != null && proven.mayReturn();
        EventLoop loop = exchange.channel().eventLoop();
        lookup.find(exchange, client, connectionId, place -> {
            switch (place) {
                case Lookup.Stream _, Lookup.Polls _ -> throw lookup.transportChanged();
                case Lookup.WebSocket _ ->
                    throw lookup.refused(
                            "ConnectionIdTaken", new Problem(409, "Conflict", "This connection is open already."));
                case Lookup.Nowhere _ ->
                    lookup.on(loop, exchange, () -> {
                        var session = new ClientSession(connectionId, client, mayReturn, loop, commons);
                        upgrade.accept(exchange, null, mayReturn ? Attachment.first(session) : session);
                    });
            }
        });
    }
}
