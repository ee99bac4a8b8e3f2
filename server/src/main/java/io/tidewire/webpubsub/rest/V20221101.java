package io.tidewire.webpubsub.rest;

import static io.netty.handler.codec.http.HttpMethod.DELETE;

import io.tidewire.service.rest.Document;
import io.tidewire.service.rest.Operation.QueryParameter;
import io.tidewire.service.rest.Target;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** REST 2022-11-01 (reference C.2): 2021-10-01, filters, groups in tokens, and taking a connection out of all groups. */
final class V20221101 {
    static final String VERSION = "2022-11-01";

    private static final QueryParameter FILTER = QueryParameter.text("filter");
    private static final Set<String> FILTERED =
            Set.of("WebPubSub_SendToAll", "WebPubSub_SendToGroup", "WebPubSub_SendToUser");

    private V20221101() {}

    static Document<Call> document() {
        return V20211001
                .document()
                .followedBy(
                        VERSION,
                        List.of(
                                V20210801Preview.generateToken(Map.of("minimum", 1, "default", 60))
                                        .query(QueryParameter.texts("group"), QueryParameter.API_VERSION),
                                V20201001
                                        .operation(
                                                DELETE,
                                                V20201001.CONNECTION + "/groups",
                                                "RemoveConnectionFromAllGroups",
                                                "Remove a connection from all groups.",
                                                Actions.removeFromAllGroups(Target.CONNECTION, 204))
                                        .query(QueryParameter.API_VERSION)
                                        .answers("204", "No Content")))
                .withEach(operation -> FILTERED.contains(operation.id()) ? operation.query(FILTER) : operation)
                .alsoFor("2022-10-01-preview");
    }
}
