package io.tidewire.webpubsub.client;

import io.netty.handler.codec.http.HttpMethod;
import io.tidewire.auth.AccessKeys;
import io.tidewire.http.Budget;
import io.tidewire.http.Exchange;
import io.tidewire.http.Handler;
import io.tidewire.http.Problem;
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
import io.tidewire.transport.WebSocketSettings;
import io.tidewire.transport.WebSocketUpgrade;
import io.tidewire.webpubsub.access.AdmissionSettings;
import io.tidewire.webpubsub.access.CountRules;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** The routes under {@code /client}. */
public final class ClientEndpoint {
    private final Cors cors;
    private final Commons commons;
    private final ConnectWebSocket connect;

    /**
     * Made once.
     *
     * @param hubRules by the lower-case names of hubs; {@code *} for all others
     */
    public ClientEndpoint(
            Hubs hubs,
            Access access,
            AccessKeys keys,
            ClientSettings settings,
            Map<String, AdmissionSettings> hubRules,
            WebSocketSettings webSocket,
            Budget budget,
            InstantSource clock,
            Backend backend,
            Quotas quotas,
            Observer observer) {
        this.cors = new Cors(settings.allowedOrigins(), "webpubsub.client.allowedOrigins", observer);
        this.commons = new Commons(
                settings,
                webSocket,
                new Heartbeat.PerLoop(
                        settings.keepAliveInterval(),
                        settings.timeout(),
                        settings.reliable().window()),
                new Directory<>(Duration.ZERO),
                new ReconnectionToken(keys, clock),
                new CountRules(observer),
                budget,
                quotas,
                observer);
        this.connect =
                new ConnectWebSocket(hubs, access, hubRules, backend, new WebSocketUpgrade(webSocket, budget), commons);
    }

    public List<Route> routes() {
        return List.of(
                route(
                        "/client/hubs/{hub}",
                        "Client_Connect",
                        exchange -> connect.handle(exchange, exchange.pathParameter("hub"))),
                route("/client", "Client_ConnectByQuery", exchange -> connect.handle(exchange, hubInQuery(exchange))));
    }

    private static String hubInQuery(Exchange exchange) {
        List<String> named = exchange.query().all("hub");
        if (named.size() != 1) {
            throw new Problem(
                    400, "Error.BadRequest", "The query must name the hub, once: /client/?hub=<name of the hub>");
        }
        return named.getFirst();
    }

    private Route route(String template, String id, Handler handler) {
        return new Route(
                HttpMethod.GET, template, Set.of(), id, Set.of(), ProblemFormat.PLAIN_TEXT, cors.around(handler));
    }

    /** Ends every client of this node and keeps new ones out; completes when all have been told. */
    public CompletionStage<Void> close(Disconnect why) {
        return commons.heartbeats().closeAll(why);
    }
}
