package io.tidewire.signalr.client;

import io.netty.handler.codec.http.HttpMethod;
import io.tidewire.auth.AccessKeys;
import io.tidewire.http.Budget;
import io.tidewire.http.Exchange;
import io.tidewire.http.Handler;
import io.tidewire.http.Problem;
import io.tidewire.http.ProblemFormat;
import io.tidewire.http.Route;
import io.tidewire.hub.Audience;
import io.tidewire.hub.Disconnect;
import io.tidewire.hub.Hubs;
import io.tidewire.hub.Observer;
import io.tidewire.signalr.access.Access;
import io.tidewire.transport.WebSocketSettings;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** The routes under {@code /client}. */
public final class ClientEndpoint {
    private static final String CLIENT = "/client";
    private static final String NEGOTIATE = "/client/negotiate";

    private final ClientAccess access;
    private final ConnectionToken tokens;
    private final Cors cors;
    private final Negotiate negotiate;
    private final Connect connect;

    public ClientEndpoint(
            Hubs hubs,
            Access access,
            AccessKeys keys,
            ClientSettings settings,
            WebSocketSettings webSocket,
            Budget budget,
            InstantSource clock,
            Observer observer) {
        this.access = new ClientAccess(access, hubs);
        this.tokens = new ConnectionToken(keys, clock, settings.negotiateTimeout());
        this.cors = new Cors(settings.allowedOrigins());
        this.negotiate = new Negotiate(this.access, tokens, cors);
        this.connect = new Connect(this.access, tokens, cors, settings, webSocket, budget, observer);
    }

    public List<Route> routes() {
        return List.of(
                route(HttpMethod.POST, NEGOTIATE, "Client_Negotiate", cors.around(negotiate)),
                route(HttpMethod.OPTIONS, NEGOTIATE, "Client_NegotiatePreflight", cors::preflight),
                route(HttpMethod.GET, CLIENT, "Client_Connect", cors.around(connect)),
                route(HttpMethod.OPTIONS, CLIENT, "Client_Preflight", cors::preflight),
                route(
                        HttpMethod.POST,
                        CLIENT,
                        "Client_Send",
                        cors.around(exchange -> refuse(
                                exchange,
                                new Problem(
                                        405,
                                        "MethodNotAllowed",
                                        "POST requests are not allowed for WebSocket connections.")))),
                route(
                        HttpMethod.DELETE,
                        CLIENT,
                        "Client_Delete",
                        cors.around(exchange -> refuse(
                                exchange,
                                new Problem(
                                        400,
                                        "BadRequest",
                                        "Cannot terminate this connection using the DELETE endpoint.")))));
    }

    /**
     * Ends every client of this node, those in their handshake included, and from now on every new one as soon as it has its
     * transport.
     *
     * @return completes when all have been told
     */
    public CompletionStage<Void> close(Disconnect why) {
        return connect.close(why);
    }

    /** What every client that is not polling gets (D.2): it has a WebSocket, or it is not there. */
    private void refuse(Exchange exchange, Problem forWebSocket) {
        ClientAccess.Client client = access.admit(exchange, false);
        String token = ClientAccess.connectionToken(exchange);
        if (token == null) {
            throw ClientAccess.noConnectionId();
        }
        ConnectionToken.Proven proven = tokens.prove(token, client.hub().name(), client.userId());
        if (proven == null) {
            throw ClientAccess.noSuchConnection();
        }
        client.hub().exists(Audience.connection(proven.connectionId())).whenComplete((found, failure) -> {
            Problem there = failure == null && found ? forWebSocket : ClientAccess.noSuchConnection();
            exchange.respond(cors.readable(exchange, failure == null ? there : ClientAccess.notKnown()));
        });
    }

    private static Route route(HttpMethod method, String template, String id, Handler handler) {
        return new Route(method, template, Set.of(), id, Set.of(), ProblemFormat.PLAIN_TEXT, handler);
    }
}
