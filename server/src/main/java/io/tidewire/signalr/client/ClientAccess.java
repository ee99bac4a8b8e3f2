package io.tidewire.signalr.client;

import io.tidewire.auth.AudienceCheck;
import io.tidewire.auth.BearerTokens;
import io.tidewire.http.Exchange;
import io.tidewire.http.Problem;
import io.tidewire.hub.Hub;
import io.tidewire.hub.Hubs;
import io.tidewire.hub.Observer;
import io.tidewire.service.access.Access;
import io.tidewire.service.access.HubName;
import io.tidewire.signalr.access.SignalRClaims;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who a request of a client endpoint is from, and for which hub. */
final class ClientAccess {
    /**
     * A client that was let in.
     *
     * @param query raw, but {@link ClientQuery#withoutSecrets}
     */
    record Client(Hub hub, SignalRClaims claims, String query) {
        @Nullable
        String userId() {
            return claims.userId();
        }

        boolean mayUseWebSockets() {
            return mayUse(SignalRClaims.WEB_SOCKETS);
        }

        /** @param transport one of the bits of {@link SignalRClaims#allowedTransports} */
        boolean mayUse(int transport) {
            return (claims.allowedTransports() & transport) != 0;
        }
    }

    private final Access access;
    private final Hubs hubs;
    private final ConnectionToken tokens;
    private final Observer observer;

    ClientAccess(Access access, Hubs hubs, ConnectionToken tokens, Observer observer) {
        this.access = access;
        this.hubs = hubs;
        this.tokens = tokens;
        this.observer = observer;
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
        return new Client(
                hubs.named(hub),
                new SignalRClaims(access.client(
                        exchange,
                        new AudienceCheck.Hub(exchange.rawPath(), hub, exchange.hosts()),
                        queryToken ? BearerTokens.InQuery.AFTER_HEADER : BearerTokens.InQuery.IGNORED)),
                ClientQuery.withoutSecrets(exchange.rawQuery()));
    }

    /**
     * The connection that this client negotiated, fresh enough to open.
     *
     * @throws Problem 400 without an id, 404 when it is not ours, of another hub or user, or too old
     */
    ConnectionToken.Proven negotiated(Exchange exchange, Client client) {
        ConnectionToken.Proven proven = known(exchange, client);
        if (proven.expired()) {
            throw unknown();
        }
        return proven;
    }
    /**
     * The connection that this client negotiated, however long ago.
     *
     * @throws Problem as {@link #negotiated}
     */
    ConnectionToken.Proven known(Exchange exchange, Client client) {
        String token = connectionToken(exchange);
        if (token == null) {
            throw new Problem(400, "BadRequest", "Connection ID required");
        }
        ConnectionToken.Proven proven = tokens.prove(token, client.hub().name(), client.userId());
        if (proven == null) {
            throw unknown();
        }
        return proven;
    }

    String newConnectionId() {
        return tokens.newConnectionId();
    }

    Problem unknown() {
        observer.refused("UnknownConnectionId");
        return noSuchConnection();
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

    static Problem noSuchConnection() {
        return new Problem(404, "NotFound", "No Connection with that ID");
    }
}
