package io.tidewire.webpubsub;

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
import io.tidewire.transport.WebSocketSettings;
import io.tidewire.webpubsub.access.AdmissionSettings;
import io.tidewire.webpubsub.client.Backend;
import io.tidewire.webpubsub.client.ClientEndpoint;
import io.tidewire.webpubsub.rest.RestApi;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** The front door of Web PubSub Service: all that its listener serves. */
public final class WebPubSub {
    private final RestApi rest;
    private final ClientEndpoint clients;

    public WebPubSub(
            WebPubSubSettings settings,
            WebSocketSettings webSocket,
            Budget budget,
            Hubs hubs,
            AccessKeys keys,
            TokenVerifier verifier,
            InstantSource clock,
            Backend backend,
            Quotas quotas,
            Observer observer) {
        var access = new Access(verifier, observer);
        this.rest = new RestApi(hubs, access, quotas, new TokenIssuer(keys, clock), settings.publicEndpoint());
        this.clients = new ClientEndpoint(
                hubs,
                access,
                keys,
                settings.client(),
                admissions(settings.hubs()),
                webSocket,
                budget,
                clock,
                backend,
                quotas,
                observer);
    }

    private static Map<String, AdmissionSettings> admissions(Map<String, HubSettings> hubs) {
        var admissions = new HashMap<String, AdmissionSettings>();
        hubs.forEach((name, hub) -> admissions.put(name, hub.admission()));
        return admissions;
    }

    public List<Route> routes() {
        var routes = new ArrayList<Route>(rest.routes());
        routes.addAll(clients.routes());
        return List.copyOf(routes);
    }

    /** Ends every client of this node and keeps new ones out; completes when all have been told. */
    public CompletionStage<Void> close(Disconnect why) {
        return clients.close(why);
    }

    public ApiVersions apiVersions() {
        return RestApi.apiVersions();
    }
}
