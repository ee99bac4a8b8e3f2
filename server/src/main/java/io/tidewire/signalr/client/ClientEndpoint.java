package io.tidewire.signalr.client;

import io.netty.handler.codec.http.HttpMethod;
import io.tidewire.auth.AccessKeys;
import io.tidewire.http.Budget;
import io.tidewire.http.Handler;
import io.tidewire.http.ProblemFormat;
import io.tidewire.http.Route;
import io.tidewire.hub.Disconnect;
import io.tidewire.hub.Hubs;
import io.tidewire.hub.Observer;
import io.tidewire.service.access.Access;
import io.tidewire.service.access.Quotas;
import io.tidewire.service.client.Cors;
import io.tidewire.service.client.Directory;
import io.tidewire.service.client.Heartbeat;
import io.tidewire.transport.LongPollingSettings;
import io.tidewire.transport.WebSocketSettings;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** The routes under {@code /client}. */
public final class ClientEndpoint {
    private static final String CLIENT = "/client";
    private static final String NEGOTIATE = "/client/negotiate";

    private final Cors cors;
    private final Commons commons;
    private final Negotiate negotiate;
    private final Connect connect;
    private final Send send;
    private final Terminate terminate;

    public ClientEndpoint(
            Hubs hubs,
            Access tokenAccess,
            AccessKeys keys,
            ClientSettings settings,
            WebSocketSettings webSocket,
            LongPollingSettings longPolling,
            Budget budget,
            InstantSource clock,
            Backend backend,
            Quotas quotas,
            Observer observer) {
        var tokens = new ConnectionToken(keys, clock, settings.negotiateTimeout());
        var access = new ClientAccess(tokenAccess, hubs, tokens, observer);
        this.cors = new Cors(settings.allowedOrigins(), "signalr.client.allowedOrigins", observer);
        this.commons = new Commons(
                settings,
                heartbeats(settings),
                new Directory<>(settings.negotiateTimeout()),
                backend,
                webSocket.maxMessageBytes(),
                webSocket.maxEmptyFramesPerSecond(),
                budget,
                clock,
                quotas,
                observer);
        this.negotiate =
                new Negotiate(access, tokens, quotas, cors, settings.reconnect().enabled());
        var lookup = new Lookup(access, cors, commons);
        this.connect = new Connect(
                new ConnectWebSocket(access, lookup, webSocket, budget, commons),
                new ConnectEventStream(access, lookup, webSocket, budget),
                new ConnectLongPolling(access, lookup, longPolling, webSocket, budget));
        this.send = new Send(lookup);
        this.terminate = new Terminate(lookup);
    }

    public List<Route> routes() {
        return List.of(
                route(HttpMethod.POST, NEGOTIATE, "Client_Negotiate", cors.around(negotiate)),
                route(HttpMethod.OPTIONS, NEGOTIATE, "Client_NegotiatePreflight", cors::preflight),
                route(HttpMethod.GET, CLIENT, "Client_Connect", cors.around(connect)),
                route(HttpMethod.OPTIONS, CLIENT, "Client_Preflight", cors::preflight),
                route(HttpMethod.POST, CLIENT, "Client_Send", cors.around(send)),
                route(HttpMethod.DELETE, CLIENT, "Client_Delete", cors.around(terminate)));
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

    static Heartbeat.PerLoop heartbeats(ClientSettings settings) {
        return new Heartbeat.PerLoop(
                settings.keepAliveInterval(),
                settings.timeout(),
                settings.reconnect().window());
    }

    private static Route route(HttpMethod method, String template, String id, Handler handler) {
        return new Route(method, template, Set.of(), id, Set.of(), ProblemFormat.PLAIN_TEXT, handler);
    }
}
