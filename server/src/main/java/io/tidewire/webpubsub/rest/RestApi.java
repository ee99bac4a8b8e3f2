package io.tidewire.webpubsub.rest;

import io.tidewire.auth.TokenIssuer;
import io.tidewire.http.ApiVersions;
import io.tidewire.http.Route;
import io.tidewire.hub.Hubs;
import io.tidewire.service.access.Access;
import io.tidewire.service.access.Quotas;
import io.tidewire.service.rest.Document;
import io.tidewire.service.rest.Endpoints;
import io.tidewire.service.rest.Operation;
import io.tidewire.service.rest.Service;
import java.net.URI;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The REST API of Web PubSub Service: one route table made from the documents, and the OpenAPI made from the same. */
public final class RestApi {
    static final String TITLE = "Tidewire, Web PubSub REST API";

    private final Endpoints<Call> endpoints;

    /**
     * Made once.
     *
     * @param publicEndpoint under which clients and callers know this server; null takes the host of each request
     */
    public RestApi(Hubs hubs, Access access, Quotas quotas, TokenIssuer tokens, @Nullable URI publicEndpoint) {
        var service = new Service(hubs, tokens, publicEndpoint);
        this.endpoints = new Endpoints<>(access, quotas, exchange -> new Call(exchange, service));
    }

    /** Without a version the newest is meant; one that nobody published is refused (reference C.1). */
    public static ApiVersions apiVersions() {
        List<String> versions = documents().stream()
                .flatMap(document -> document.apiVersions().stream().sorted())
                .toList();
        return new ApiVersions(
                "api-version",
                versions,
                ApiVersions.Rule.SAID_OR_NEWEST,
                "The specified API version is not supported.");
    }

    /** Oldest first. */
    static List<Document<Call>> documents() {
        return List.of(
                V20201001.document(),
                V20210501Preview.document(),
                V20210801Preview.document(),
                V20211001.document(),
                V20221101.document(),
                V20230701.document(),
                V20240101.document(),
                V20241201.document());
    }

    public List<Route> routes() {
        List<Document<Call>> documents = documents();
        var routes = new ArrayList<Route>();
        for (List<Operation<Call>> line : lines(documents)) {
            // By identity: comparing what is written of an operation, down to the last parameter, took 30 ms of each
            // start.
            var versions = new IdentityHashMap<Operation<Call>, Set<String>>();
            for (int at = 0; at < documents.size(); at++) {
                versions.computeIfAbsent(nearest(documents, at, line.getFirst()), _ -> new LinkedHashSet<>())
                        .addAll(documents.get(at).apiVersions());
            }
            versions.forEach((operation, its) -> routes.addAll(endpoints.of(operation, its, ErrorFormat.ERROR_DETAIL)));
        }
        routes.add(Endpoints.openApi(TITLE, documents));
        return List.copyOf(routes);
    }

    /** The operations of all versions, together those that answer the same requests. */
    private static List<List<Operation<Call>>> lines(List<Document<Call>> documents) {
        var lines = new ArrayList<List<Operation<Call>>>();
        for (Document<Call> document : documents) {
            for (Operation<Call> operation : document.operations()) {
                lines.stream()
                        .filter(line -> line.getFirst().isAt(operation))
                        .findFirst()
                        .ifPresentOrElse(
                                line -> line.add(operation), () -> lines.add(new ArrayList<>(List.of(operation))));
            }
        }
        return lines;
    }

    /**
     * The operation as the version has it. One that does not have it answers like the next that has: callers in the field use
     * operations under versions that are older (reference C.1). One that was given up is answered as it was last.
     *
     * @param at the place of the version
     */
    private static Operation<Call> nearest(List<Document<Call>> documents, int at, Operation<Call> like) {
        Operation<Call> nearest = like;
        for (int i = 0; i < documents.size(); i++) {
            for (Operation<Call> operation : documents.get(i).operations()) {
                if (operation.isAt(like)) {
                    nearest = operation;
                    if (i >= at) {
                        return nearest;
                    }
                }
            }
        }
        return nearest;
    }
}
