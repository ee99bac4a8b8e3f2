package io.tidewire.signalr.client;

import io.tidewire.http.Exchange;
import io.tidewire.http.Handler;
import io.tidewire.http.Problem;
import io.tidewire.http.Response;
import io.tidewire.signalr.client.ClientAccess.Client;
import io.tidewire.transport.PostedWire;

/** {@code POST /client}: what clients without a WebSocket send (reference D.2). */
final class Send implements Handler {
    private final ClientAccess access;
    private final Lookup lookup;

    Send(ClientAccess access, Lookup lookup) {
        this.access = access;
        this.lookup = lookup;
    }

    @Override
    public void handle(Exchange exchange) {
        lookup.guard(exchange, () -> {
            Client client = access.admit(exchange, false);
            ConnectionToken.Proven proven = access.known(exchange, client);
            lookup.find(exchange, client, proven.connectionId(), place -> {
                switch (place) {
                    case Lookup.Stream(var wire) -> receive(exchange, wire);
                    case Lookup.Polls(var wire) -> receive(exchange, wire);
                    case Lookup.WebSocket _ ->
                        throw lookup.refused(
                                "PostToWebSocket",
                                new Problem(
                                        405,
                                        "MethodNotAllowed",
                                        "POST requests are not allowed for WebSocket connections."));
                    case Lookup.Nowhere _ -> throw access.unknown();
                }
            });
        });
    }

    private void receive(Exchange exchange, PostedWire wire) {
        Response taken = lookup.dress(exchange, Response.of(200));
        wire.receive(exchange, taken, lookup.readable(exchange, ClientAccess.noSuchConnection()));
    }
}
