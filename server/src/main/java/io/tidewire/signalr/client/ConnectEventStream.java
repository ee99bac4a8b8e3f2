package io.tidewire.signalr.client;

import io.tidewire.http.Budget;
import io.tidewire.http.Exchange;
import io.tidewire.http.Handler;
import io.tidewire.http.Problem;
import io.tidewire.signalr.access.SignalRClaims;
import io.tidewire.signalr.client.ClientAccess.Client;
import io.tidewire.transport.EventStreamWire;
import io.tidewire.transport.WebSocketSettings;

/** Opens a client's stream of server-sent events (reference D.2). */
final class ConnectEventStream implements Handler {
    private final ClientAccess access;
    private final Lookup lookup;
    private final WebSocketSettings settings;
    private final Budget budget;

    ConnectEventStream(ClientAccess access, Lookup lookup, WebSocketSettings settings, Budget budget) {
        this.access = access;
        this.lookup = lookup;
        this.settings = settings;
        this.budget = budget;
    }

    @Override
    public void handle(Exchange exchange) {
        lookup.guard(exchange, () -> {
            Client client = access.admit(exchange, true);
            ConnectionToken.Proven proven = access.known(exchange, client);
            if (!client.mayUse(SignalRClaims.SERVER_SENT_EVENTS)) {
                throw lookup.transportNotAllowed("ServerSentEvents");
            }
            connect(exchange, client, proven);
        });
    }

    private void connect(Exchange exchange, Client client, ConnectionToken.Proven proven) {
        lookup.find(exchange, client, proven.connectionId(), place -> {
            switch (place) {
                case Lookup.Stream _ ->
                    throw lookup.refused(
                            "ConnectionIdTaken", new Problem(409, "Conflict", "This connection is open already."));
                case Lookup.Polls _, Lookup.WebSocket _ -> throw lookup.transportChanged();
                case Lookup.Nowhere _ ->
                    lookup.open(
                            exchange,
                            client,
                            proven,
                            session -> EventStreamWire.open(
                                    exchange, head -> lookup.dress(exchange, head), session, settings, budget),
                            () -> connect(exchange, client, proven));
            }
        });
    }
}
