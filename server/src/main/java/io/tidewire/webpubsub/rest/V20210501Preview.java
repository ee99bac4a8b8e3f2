package io.tidewire.webpubsub.rest;

import static io.netty.handler.codec.http.HttpMethod.HEAD;

import io.tidewire.service.rest.Document;
import java.util.List;

/** REST 2021-05-01-preview (reference C.2): 2020-10-01, without the question whether a user is in a group. */
final class V20210501Preview {
    static final String VERSION = "2021-05-01-preview";

    private V20210501Preview() {}

    static Document<Call> document() {
        return V20201001
                .document()
                .without(HEAD, V20201001.USER_IN_GROUP)
                .followedBy(
                        VERSION,
                        List.of(
                                V20201001.removeConnectionFromGroup(200),
                                V20201001.addUserToGroup().answers("404", "Not Found")));
    }
}
