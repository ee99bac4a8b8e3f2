package io.tidewire.signalr;

import io.tidewire.auth.AccessKeys;
import io.tidewire.auth.TokenIssuer;
import io.tidewire.auth.TokenVerifier;
import io.tidewire.http.ApiVersions;
import io.tidewire.http.Budget;
import io.tidewire.http.Route;
import io.tidewire.hub.Disconnect;
import io.tidewire.hub.Hubs;
import io.tidewire.hub.Observer;
import io.tidewire.service.access.Access;
import io.tidewire.service.access.Quotas;
import io.tidewire.signalr.client.Backend;
import io.tidewire.signalr.client.ClientEndpoint;
import io.tidewire.signalr.rest.RestApi;
import io.tidewire.transport.LongPollingSettings;
import io.tidewire.transport.WebSocketSettings;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The front door of SignalR Service: all that its listener serves. */
public final class SignalR {
    private final RestApi rest;
    private final ClientEndpoint clients;
    private final AppServers appServers;
    private final ApiVersions apiVersions;

    public SignalR(
            SignalRSettings settings,
            WebSocketSettings webSocket,
            LongPollingSettings longPolling,
            Budget budget,
            Hubs hubs,
            AccessKeys keys,
            TokenVerifier verifier,
            InstantSource clock,
            Backend backend,
            Quotas quotas,
            Observer observer) {
        var access = new Access(verifier, observer);
        this.rest = new RestApi(
                hubs,
                access,
                quotas,
                new TokenIssuer(keys, clock),
                settings.publicEndpoint(),
                settings.client().invocationTimeout());
        this.clients = new ClientEndpoint(
                hubs,
                access,
                keys,
                settings.client(),
                webSocket,
                longPolling,
                budget,
                clock,
                backend,
                quotas,
                observer);
        this.appServers = new AppServers(observer);
        this.apiVersions = new ApiVersions(
                "api-version",
                RestApi.apiVersions(),
                settings.strictApiVersion() ? ApiVersions.Rule.SAID : ApiVersions.Rule.NOT_NEWER);
    }

    public List<Route> routes() {
        var routes = new ArrayList<Route>(rest.routes());
        routes.addAll(clients.routes());
        routes.add(appServers.route());
        return List.copyOf(routes);
    }

    /** Ends every client of this node and keeps new ones out; completes when all have been told. */
    public CompletionStage<Void> close(Disconnect why) {
        return clients.close(why);
    }

    public ApiVersions apiVersions() {
        return apiVersions;
    }
}
