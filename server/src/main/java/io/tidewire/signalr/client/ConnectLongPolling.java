package io.tidewire.signalr.client;

import io.tidewire.http.Budget;
import io.tidewire.http.Exchange;
import io.tidewire.http.Handler;
import io.tidewire.http.Response;
import io.tidewire.signalr.access.SignalRClaims;
import io.tidewire.signalr.client.ClientAccess.Client;
import io.tidewire.transport.LongPollingSettings;
import io.tidewire.transport.LongPollingWire;
import io.tidewire.transport.WebSocketSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A poll: the first one opens a client, the others are brought to it (reference D.2). */
final class ConnectLongPolling implements Handler {
    /** On every answer to a poll: they all have the same address, but for what clients add against caches that do not listen. */
    static final List<Map.Entry<String, String>> UNCACHED = List.of(
            Map.entry("Cache-Control", "no-cache, no-store"),
            Map.entry("Pragma", "no-cache"),
            Map.entry("Expires", "Thu, 01 Jan 1970 00:00:00 GMT"));

    private final ClientAccess access;
    private final Lookup lookup;
    private final LongPollingSettings clocks;
    private final WebSocketSettings settings;
    private final Budget budget;

    ConnectLongPolling(
            ClientAccess access, Lookup lookup, LongPollingSettings clocks, WebSocketSettings settings, Budget budget) {
        this.access = access;
        this.lookup = lookup;
        this.clocks = clocks;
        this.settings = settings;
        this.budget = budget;
    }

    @Override
    public void handle(Exchange exchange) {
        lookup.guard(exchange, () -> {
            Client client = access.admit(exchange, false);
            ConnectionToken.Proven proven = access.known(exchange, client);
            if (!client.mayUse(SignalRClaims.LONG_POLLING)) {
                throw lookup.transportNotAllowed("LongPolling");
            }
            poll(exchange, client, proven);
        });
    }

    private void poll(Exchange exchange, Client client, ConnectionToken.Proven proven) {
        lookup.find(exchange, client, proven.connectionId(), place -> {
            switch (place) {
                case Lookup.Polls(LongPollingWire wire) -> wire.poll(exchange, answer -> dress(exchange, answer));
                case Lookup.Stream _, Lookup.WebSocket _ -> throw lookup.transportChanged();
                case Lookup.Nowhere _ ->
                    lookup.open(
                            exchange,
                            client,
                            proven,
                            session -> LongPollingWire.open(
                                    exchange,
                                    answer -> dress(exchange, answer),
                                    session,
                                    clocks(client),
                                    settings,
                                    budget),
                            () -> poll(exchange, client, proven));
            }
        });
    }

    private LongPollingSettings clocks(Client client) {
        Duration own = client.claims().pollTimeout();
        return own == null ? clocks : new LongPollingSettings(clocks.pollTimeout(), own);
    }

    private Response dress(Exchange exchange, Response answer) {
        Response dressed = lookup.dress(exchange, answer);
        for (var header : UNCACHED) {
            dressed = dressed.with(header.getKey(), header.getValue());
        }
        return dressed;
    }
}
