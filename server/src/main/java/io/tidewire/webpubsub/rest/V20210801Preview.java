package io.tidewire.webpubsub.rest;

import static io.netty.handler.codec.http.HttpMethod.POST;

import io.tidewire.service.rest.Document;
import io.tidewire.service.rest.Operation;
import io.tidewire.service.rest.Operation.QueryParameter;
import java.util.List;
import java.util.Map;

/** REST 2021-08-01-preview (reference C.2): 2021-05-01-preview and tokens for clients. */
final class V20210801Preview {
    static final String VERSION = "2021-08-01-preview";

    private V20210801Preview() {}

    static Document<Call> document() {
        return V20210501Preview.document()
                .followedBy(
                        VERSION,
                        List.of(
                                V20201001.health("GetServiceStatus"),
                                V20201001.closeConnection("CloseConnection", 200),
                                generateToken(Map.of("default", 60))));
    }

    /**
     * Makes tokens.
     *
     * @param minutes what is said of {@code minutesToExpire}
     */
    static Operation<Call> generateToken(Map<String, Integer> minutes) {
        return V20201001
                .operation(
                        POST,
                        V20201001.HUB + "/:generateToken",
                        "GenerateClientToken",
                        "Make a token with which a client may connect.",
                        Tokens.generate())
                .query(
                        QueryParameter.text("userId"),
                        QueryParameter.texts("role"),
                        QueryParameter.number("minutesToExpire", minutes))
                .answers("200", "Success");
    }
}
