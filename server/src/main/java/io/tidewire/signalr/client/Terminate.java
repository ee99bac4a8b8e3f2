package io.tidewire.signalr.client;

import io.tidewire.http.Exchange;
import io.tidewire.http.Handler;
import io.tidewire.http.Problem;
import io.tidewire.http.Response;

/** {@code DELETE /client}: how a client that polls says goodbye (reference D.2). */
final class Terminate implements Handler {
    private final Lookup lookup;

    Terminate(Lookup lookup) {
        this.lookup = lookup;
    }

    @Override
    public void handle(Exchange exchange) {
        lookup.find(exchange, place -> {
            switch (place) {
                case Lookup.Polls(var wire) -> {
                    wire.terminate();
                    exchange.respond(lookup.dress(exchange, Response.of(202)));
                }
                case Lookup.Stream _, Lookup.WebSocket _ ->
                    throw lookup.refused(
                            "DeleteWithoutPolling",
                            new Problem(
                                    400, "BadRequest", "Cannot terminate this connection using the DELETE endpoint."));
                case Lookup.Nowhere _ -> throw lookup.nowhere();
            }
        });
    }
}
