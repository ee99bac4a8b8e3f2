package io.tidewire.signalr.rest;

import static io.netty.handler.codec.http.HttpMethod.POST;
import static io.tidewire.service.rest.Operation.QueryParameter.API_VERSION;

import io.tidewire.service.rest.Document;
import io.tidewire.service.rest.Operation;
import io.tidewire.service.rest.Operation.QueryParameter;
import java.util.List;
import java.util.Map;

/** REST 2022-11-01 (reference C.5): 2022-06-01 and tokens for clients. */
final class V20221101 {
    static final String VERSION = "2022-11-01";

    private V20221101() {}

    static Document<Call> document() {
        return V20220601
                .document()
                .followedBy(
                        VERSION,
                        List.of(Operation.of(
                                        POST,
                                        V20220601.HUB + "/:generateToken",
                                        "HubProxyV20221101_GenerateClientToken",
                                        "Make a token with which a client may connect.",
                                        Tokens.generate())
                                .query(
                                        QueryParameter.text("userId"),
                                        QueryParameter.number("minutesToExpire", Map.of("minimum", 1, "default", 60)),
                                        API_VERSION)
                                .answers("200", "Success")
                                .answers("default", "Error response")));
    }
}
