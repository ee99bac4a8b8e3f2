package io.tidewire.webpubsub.client;

import io.tidewire.auth.AccessKeys;
import io.tidewire.http.Budget;
import io.tidewire.http.Route;
import io.tidewire.hub.Disconnect;
import io.tidewire.hub.Hubs;
import io.tidewire.hub.Observer;
import io.tidewire.service.access.Access;
import io.tidewire.service.access.Quotas;
import io.tidewire.transport.WebSocketSettings;
import io.tidewire.webpubsub.access.AdmissionSettings;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The routes under {@code /client}. */
public final class ClientEndpoint {
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
            Observer observer) {}

    public List<Route> routes() {
        return List.of();
    }

    /** Ends every client of this node and keeps new ones out; completes when all have been told. */
    public CompletionStage<Void> close(Disconnect why) {
        return CompletableFuture.completedStage(null);
    }
}
