package io.tidewire.signalr.rest;

import io.netty.handler.codec.http.HttpMethod;
import io.tidewire.auth.TokenIssuer;
import io.tidewire.http.Handler;
import io.tidewire.http.Problem;
import io.tidewire.http.ProblemFormat;
import io.tidewire.http.Response;
import io.tidewire.http.Route;
import io.tidewire.hub.Hubs;
import io.tidewire.service.access.Access;
import io.tidewire.service.access.Quotas;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The REST API of SignalR Service: one route table made from the documents, and the OpenAPI made from the same. */
public final class RestApi {
    private final Service service;
    private final Access access;
    private final Quotas quotas;
    private final List<Document> documents = documents();

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
        this.service = new Service(hubs, tokens, publicEndpoint, invocationTimeout);
        this.access = access;
        this.quotas = quotas;
    }

    /** The dated versions, oldest first. */
    public static List<String> apiVersions() {
        return List.of(V20220601.VERSION, V20221101.VERSION, V20230701.VERSION, V20241201.VERSION);
    }

    static List<Document> documents() {
        return List.of(
                V1Preview.document(),
                V1.document(),
                V20220601.document(),
                V20221101.document(),
                V20230701.document(),
                V20241201.document());
    }

    public List<Route> routes() {
        var routes = new ArrayList<Route>();
        for (Document document : documents) {
            for (Operation operation : document.operations()) {
                routes.add(route(document, operation, operation.method(), operation.template()));
                for (Operation.Alias alias : operation.aliases()) {
                    routes.add(route(document, operation, alias.method(), alias.template()));
                }
            }
        }
        routes.add(accessKeyOfVersion1());
        routes.add(openApi());
        return List.copyOf(routes);
    }

    private Route route(Document document, Operation operation, HttpMethod method, String template) {
        Operation.Action action = operation.action();
        Handler handler = exchange -> {
            if (!operation.anonymous()) {
                access.restCall(exchange);
            }
            if (operation.carriesMessages()) {
                quotas.checkMessages();
            }
            action.run(new Call(exchange, service));
        };
        return new Route(
                method,
                template,
                document.apiVersions(),
                operation.id(),
                operation.body().mediaTypes(),
                document.errors(),
                handler);
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
                exchange -> Tokens.accessKey().run(new Call(exchange, service)));
    }

    private Route openApi() {
        Map<String, byte[]> files = new HashMap<>();
        for (Document document : documents) {
            byte[] json = OpenApi.write(document);
            files.put(document.name() + ".json", json);
            document.otherNames().forEach(name -> files.put(name + ".json", json));
        }
        return new Route(
                HttpMethod.GET,
                "/openapi/{file}",
                Set.of(),
                "OpenApi_Get",
                Set.of(),
                ProblemFormat.PLAIN_TEXT,
                exchange -> {
                    byte[] json = files.get(exchange.pathParameter("file"));
                    if (json == null) {
                        throw new Problem(
                                404,
                                "NotFound",
                                "There is no such document; these are: "
                                        + files.keySet().stream().sorted().toList());
                    }
                    exchange.respond(Response.json(200, json).with("Access-Control-Allow-Origin", "*"));
                });
    }
}
