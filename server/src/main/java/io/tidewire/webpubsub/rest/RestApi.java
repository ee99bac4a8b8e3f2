package io.tidewire.webpubsub.rest;

import io.tidewire.auth.TokenIssuer;
import io.tidewire.http.Route;
import io.tidewire.hub.Hubs;
import io.tidewire.service.access.Access;
import io.tidewire.service.access.Quotas;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The REST API of Web PubSub Service. */
public final class RestApi {
    /**
     * Made once.
     *
     * @param publicEndpoint under which clients and callers know this server; null takes the host of each request
     */
    public RestApi(Hubs hubs, Access access, Quotas quotas, TokenIssuer tokens, @Nullable URI publicEndpoint) {}

    /** All versions, oldest first. */
    public static List<String> apiVersions() {
        return List.of("2024-12-01");
    }

    public List<Route> routes() {
        return List.of();
    }
}
