package io.tidewire.signalr.rest;

import static io.netty.handler.codec.http.HttpMethod.POST;
import static io.tidewire.service.rest.Operation.QueryParameter.API_VERSION;

import io.tidewire.service.rest.Document;
import io.tidewire.service.rest.Operation;
import io.tidewire.service.rest.Operation.QueryParameter;
import java.util.List;

/** REST 2023-07-01 (reference C.5): 2022-11-01 and lists of commands for connections that a filter chooses. */
final class V20230701 {
    static final String VERSION = "2023-07-01";

    private V20230701() {}

    static Document<Call> document() {
        return V20221101
                .document()
                .followedBy(
                        VERSION,
                        List.of(Operation.of(
                                        POST,
                                        V20220601.HUB + "/:execute",
                                        "HubProxyV20230701_Execute",
                                        "Do a list of commands, in order, for every connection that a filter matches.",
                                        Commands.execute())
                                .query(QueryParameter.text("filter"), API_VERSION)
                                .body(Bodies.COMMANDS)
                                .answers("202", "Accepted")
                                .answers("default", "Error response")));
    }
}
