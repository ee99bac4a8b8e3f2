package io.tidewire.signalr.client;

import io.tidewire.http.Exchange;
import io.tidewire.http.Handler;
import io.tidewire.http.Problem;
import io.tidewire.http.Response;
import io.tidewire.signalr.client.ClientAccess.Client;

/** {@code DELETE /client}: how a client that polls says goodbye (reference D.2). */
final class Terminate implements Handler {
    private final ClientAccess access;
    private final Lookup lookup;

    Terminate(ClientAccess access, Lookup lookup) {
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
                    case Lookup.Polls(var wire) -> {
                        wire.terminate();
                        exchange.respond(lookup.dress(exchange, Response.of(202)));
                    }
                    case Lookup.Stream _, Lookup.WebSocket _ ->
                        throw lookup.refused(
                                "DeleteWithoutPolling",
                                new Problem(
                                        400,
                                        "BadRequest",
                                        "Cannot terminate this connection using the DELETE endpoint."));
                    case Lookup.Nowhere _ -> throw access.unknown();
                }
            });
        });
    }
}
