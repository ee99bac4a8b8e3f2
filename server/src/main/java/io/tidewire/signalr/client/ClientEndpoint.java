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
    private final Cors cors;
    private final Commons commons;
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
            Backend backend,
            Observer observer) {
        var tokens = new ConnectionToken(keys, clock, settings.negotiateTimeout());
        this.access = new ClientAccess(access, hubs, tokens, observer);
        this.cors = new Cors(settings.allowedOrigins(), observer);
        this.commons = new Commons(
                settings,
                new Heartbeat.PerLoop(settings),
                new Directory(settings.negotiateTimeout()),
                backend,
                webSocket.maxMessageBytes(),
                webSocket.maxEmptyFramesPerSecond(),
                observer);
        this.negotiate =
                new Negotiate(this.access, tokens, cors, settings.reconnect().enabled());
        this.connect = new Connect(this.access, new ConnectWebSocket(this.access, cors, webSocket, budget, commons));
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
        return commons.heartbeats().closeAll(why);
    }

    /** What every client that is not polling gets (D.2): it has a WebSocket, or it is not there. */
    private void refuse(Exchange exchange, Problem forWebSocket) {
        ClientAccess.Client client = access.admit(exchange, false);
        ConnectionToken.Proven proven = access.known(exchange, client);
        client.hub().exists(Audience.connection(proven.connectionId())).whenComplete((found, failure) -> {
            Problem there = failure == null && found ? forWebSocket : ClientAccess.noSuchConnection();
            exchange.respond(cors.readable(exchange, failure == null ? there : ClientAccess.notKnown()));
        });
    }

    private static Route route(HttpMethod method, String template, String id, Handler handler) {
        return new Route(method, template, Set.of(), id, Set.of(), ProblemFormat.PLAIN_TEXT, handler);
    }
}
