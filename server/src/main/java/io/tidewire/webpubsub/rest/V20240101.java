package io.tidewire.webpubsub.rest;

import static io.netty.handler.codec.http.HttpMethod.POST;

import io.tidewire.service.rest.Document;
import io.tidewire.service.rest.Operation;
import io.tidewire.service.rest.Operation.Action;
import io.tidewire.service.rest.Operation.QueryParameter;
import java.util.List;
import java.util.Map;

/**
 * REST 2024-01-01 (reference C.2): 2023-07-01, groups for connections that a filter chooses, messages that expire, and tokens for
 * other kinds of clients.
 */
final class V20240101 {
    static final String VERSION = "2024-01-01";

    private static final QueryParameter TTL =
            QueryParameter.number("messageTtlSeconds", Map.of("minimum", 0, "maximum", 300));

    private V20240101() {}

    static Document<Call> document() {
        return V20230701
                .document()
                .followedBy(
                        VERSION,
                        List.of(
                                groups(
                                        "addToGroups",
                                        "AddConnectionsToGroups",
                                        "Add the connections that a filter matches to groups.",
                                        Actions.addConnectionsToGroups()),
                                groups(
                                        "removeFromGroups",
                                        "RemoveConnectionsFromGroups",
                                        "Remove the connections that a filter matches from groups.",
                                        Actions.removeConnectionsFromGroups())))
                .withEach(V20240101::changed);
    }

    private static Operation<Call> changed(Operation<Call> operation) {
        if (operation.body().carriesMessages()) {
            return operation.query(TTL);
        }
        return operation.id().equals("WebPubSub_GenerateClientToken")
                ? operation.query(QueryParameter.text("clientType"))
                : operation;
    }

    private static Operation<Call> groups(String path, String id, String summary, Action<Call> action) {
        return V20201001
                .operation(POST, V20201001.HUB + "/:" + path, id, summary, action)
                .query(QueryParameter.API_VERSION)
                .body(Bodies.GROUPS)
                .answers("200", "Success");
    }
}
