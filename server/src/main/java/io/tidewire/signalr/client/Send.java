package io.tidewire.signalr.client;

import io.tidewire.http.Exchange;
import io.tidewire.http.Handler;
import io.tidewire.http.Problem;
import io.tidewire.http.Response;
import io.tidewire.transport.PostedWire;

/** {@code POST /client}: what clients without a WebSocket send (reference D.2). */
final class Send implements Handler {
    private final Lookup lookup;

    Send(Lookup lookup) {
        this.lookup = lookup;
    }

    @Override
    public void handle(Exchange exchange) {
        lookup.find(exchange, place -> {
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
                case Lookup.Nowhere _ -> throw lookup.nowhere();
            }
        });
    }

    private void receive(Exchange exchange, PostedWire wire) {
        Response taken = lookup.dress(exchange, Response.of(200));
        wire.receive(exchange, taken, lookup.readable(exchange, ClientAccess.noSuchConnection()));
    }
}
