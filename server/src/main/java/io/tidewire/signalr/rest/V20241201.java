package io.tidewire.signalr.rest;

import static io.netty.handler.codec.http.HttpMethod.GET;
import static io.netty.handler.codec.http.HttpMethod.POST;
import static io.tidewire.service.rest.Operation.QueryParameter.API_VERSION;
import static io.tidewire.service.rest.Operation.QueryParameter.APPLICATION;
import static io.tidewire.service.rest.Operation.QueryParameter.REASON;

import io.tidewire.service.rest.Document;
import io.tidewire.service.rest.Listing;
import io.tidewire.service.rest.Operation;
import io.tidewire.service.rest.Operation.QueryParameter;
import java.util.List;
import java.util.Map;

/**
 * REST 2024-12-01 (reference C.5): 2023-07-01, calls to a client, its streams, the connections of a group, temporary keys.
 * Taking a connection out of a group no longer declares a 404, which the earlier versions declare and never answer.
 */
final class V20241201 {
    static final String VERSION = "2024-12-01";

    private static final String STREAM = V20220601.CONNECTION + "/streams/{streamId}";

    private V20241201() {}

    static Document<Call> document() {
        return V20230701
                .document()
                .followedBy(
                        VERSION,
                        List.of(
                                V20220601.removeConnectionFromGroup(),
                                Operation.of(
                                                GET,
                                                "/api/auth/accessKey",
                                                "Auth_GetAccessKey",
                                                "A temporary access key, for holders of a Microsoft Entra token.",
                                                Tokens.accessKey())
                                        .withoutToken()
                                        .query(API_VERSION)
                                        .answers("200", "Success")
                                        .answers("default", "Error response"),
                                operation(
                                                "InvokeClientConnection",
                                                V20220601.CONNECTION + "/:invoke",
                                                "Call a method of a client and wait for its result.",
                                                ClientCalls.invoke())
                                        .query(APPLICATION, API_VERSION)
                                        .body(Bodies.INVOCATION)
                                        .answers("200", "Success"),
                                operation(
                                                "SendToConnectionStream",
                                                STREAM + "/:send",
                                                "Send an item of a stream that the client has asked for.",
                                                ClientCalls.sendStreamItem())
                                        .query(APPLICATION, QueryParameter.flag("completed"), API_VERSION)
                                        .answers("202", "Accepted"),
                                operation(
                                                "CompleteConnectionStream",
                                                STREAM + "/:complete",
                                                "End a stream that the client has asked for.",
                                                ClientCalls.completeStream())
                                        .query(REASON, APPLICATION, API_VERSION)
                                        .answers("202", "Accepted"),
                                Operation.of(
                                                GET,
                                                V20220601.GROUP + "/connections",
                                                "HubProxyV20241201_ListConnectionsInGroup",
                                                "The connections of a group, page by page.",
                                                Listing.<Call>connections())
                                        .query(
                                                QueryParameter.number(
                                                        "maxpagesize",
                                                        Map.of("minimum", 1, "maximum", 200, "default", 200)),
                                                QueryParameter.number(
                                                        "top", Map.of("minimum", 1, "maximum", Integer.MAX_VALUE)),
                                                APPLICATION,
                                                QueryParameter.text("continuationToken"),
                                                API_VERSION)
                                        .answers("200", "Success")
                                        .answers("default", "Error response")));
    }

    private static Operation<Call> operation(
            String id, String template, String summary, Operation.Action<Call> action) {
        return Operation.of(POST, template, "HubProxyV20241201_" + id, summary, action)
                .answers("default", "Error response");
    }
}
