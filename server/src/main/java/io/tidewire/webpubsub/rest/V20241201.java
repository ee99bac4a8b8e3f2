package io.tidewire.webpubsub.rest;

import static io.netty.handler.codec.http.HttpMethod.GET;

import io.tidewire.service.rest.Document;
import io.tidewire.service.rest.Listing;
import io.tidewire.service.rest.Operation.QueryParameter;
import java.util.List;
import java.util.Map;

/** REST 2024-12-01 (reference C.2): 2024-01-01 and the connections of a group. */
final class V20241201 {
    static final String VERSION = "2024-12-01";

    private V20241201() {}

    static Document<Call> document() {
        return V20240101
                .document()
                .followedBy(
                        VERSION,
                        List.of(V20201001
                                .operation(
                                        GET,
                                        V20201001.GROUP + "/connections",
                                        "ListConnectionsInGroup",
                                        "The connections of a group, page by page.",
                                        Listing.connections())
                                .query(
                                        QueryParameter.number("maxpagesize", Map.of("minimum", 1, "maximum", 200)),
                                        QueryParameter.number(
                                                "top", Map.of("minimum", 1, "maximum", Integer.MAX_VALUE)),
                                        QueryParameter.text("continuationToken"),
                                        QueryParameter.API_VERSION)
                                .answers("200", "Success")));
    }
}
