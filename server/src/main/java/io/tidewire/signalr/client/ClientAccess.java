package io.tidewire.signalr.client;

import io.tidewire.http.Exchange;
import io.tidewire.http.Problem;
import io.tidewire.hub.Hub;
import io.tidewire.hub.Hubs;
import io.tidewire.signalr.access.Access;
import io.tidewire.signalr.access.HubName;
import io.tidewire.signalr.access.SignalRClaims;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who a request of a client endpoint is from, and for which hub. */
final class ClientAccess {
    /** A client that was let in. */
    record Client(Hub hub, SignalRClaims claims) {
        @Nullable
        String userId() {
            return claims.userId();
        }

        boolean mayUseWebSockets() {
            return (claims.allowedTransports() & SignalRClaims.WEB_SOCKETS) != 0;
        }
    }

    private final Access access;
    private final Hubs hubs;

    ClientAccess(Access access, Hubs hubs) {
        this.access = access;
        this.hubs = hubs;
    }

    /**
     * Lets a client in.
     *
     * @param queryToken whether the token may stand in the query
     * @throws Problem 400 for the hub, 401 for the token
     */
    Client admit(Exchange exchange, boolean queryToken) {
        List<String> named = exchange.query().all("hub");
        if (named.size() != 1 || named.getFirst().isEmpty()) {
            throw new Problem(
                    400, "Error.Request.Invalid", "The query must name the hub, once: /client/?hub=<name of the hub>");
        }
        String hub = HubName.joined(named.getFirst());
        return new Client(hubs.named(hub), new SignalRClaims(access.client(exchange, hub, queryToken)));
    }

    /** Whether there is such a connection could not be found out. */
    static Problem notKnown() {
        return new Problem(503, "Unavailable", "The connection could not be looked up. Try again.");
    }

    /** The connection token of a request; null when it has none, or an empty one. */
    static @Nullable String connectionToken(Exchange exchange) {
        String token = exchange.query().last("id");
        return token == null || token.isEmpty() ? null : token;
    }

    static Problem noConnectionId() {
        return new Problem(400, "BadRequest", "Connection ID required");
    }

    static Problem noSuchConnection() {
        return new Problem(404, "NotFound", "No Connection with that ID");
    }
}
