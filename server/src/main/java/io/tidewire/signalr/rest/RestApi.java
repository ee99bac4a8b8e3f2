package io.tidewire.signalr.rest;

import io.netty.handler.codec.http.HttpMethod;
import io.tidewire.auth.TokenIssuer;
import io.tidewire.http.Exchange;
import io.tidewire.http.Route;
import io.tidewire.hub.Hubs;
import io.tidewire.service.access.Access;
import io.tidewire.service.access.Quotas;
import io.tidewire.service.rest.Document;
import io.tidewire.service.rest.Endpoints;
import io.tidewire.service.rest.Operation;
import io.tidewire.service.rest.Service;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The REST API of SignalR Service: one route table made from the documents, and the OpenAPI made from the same. */
public final class RestApi {
    static final String TITLE = "Tidewire, SignalR REST API";

    private final Function<Exchange, Call> calls;
    private final Endpoints<Call> endpoints;

    /**
     * @param publicEndpoint under which clients and callers know this server; null takes the host of each request
     * @param invocationTimeout how long a client may take to answer
     */
    public RestApi(
            Hubs hubs,
            Access access,
            Quotas quotas,
            TokenIssuer tokens,
            @Nullable URI publicEndpoint,
            Duration invocationTimeout) {
        var service = new Service(hubs, tokens, publicEndpoint);
        this.calls = exchange -> new Call(exchange, service, invocationTimeout);
        this.endpoints = new Endpoints<>(access, quotas, calls);
    }

    /** The dated versions, oldest first. */
    public static List<String> apiVersions() {
        return List.of(V20220601.VERSION, V20221101.VERSION, V20230701.VERSION, V20241201.VERSION);
    }

    static List<Document<Call>> documents() {
        return List.of(
                V1Preview.document(),
                V1.document(),
                V20220601.document(),
                V20221101.document(),
                V20230701.document(),
                V20241201.document());
    }

    public List<Route> routes() {
        List<Document<Call>> documents = documents();
        var routes = new ArrayList<Route>();
        for (Document<Call> document : documents) {
            for (Operation<Call> operation : document.operations()) {
                routes.addAll(endpoints.of(operation, document.apiVersions(), document.errors()));
            }
        }
        routes.add(accessKeyOfVersion1());
        routes.add(Endpoints.openApi(TITLE, documents));
        return List.copyOf(routes);
    }

    /** In no document of 1.0, but where the vendor's older SDKs ask. */
    private Route accessKeyOfVersion1() {
        return new Route(
                HttpMethod.GET,
                "/api/v1/auth/accessKey",
                Set.of(),
                "Auth_GetAccessKeyV1",
                Set.of(),
                ErrorFormat.TEXT,
                exchange -> Tokens.accessKey().run(calls.apply(exchange)));
    }
}
