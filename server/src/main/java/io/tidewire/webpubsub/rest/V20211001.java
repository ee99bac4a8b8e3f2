package io.tidewire.webpubsub.rest;

import static io.netty.handler.codec.http.HttpMethod.POST;
import static io.tidewire.service.rest.Operation.QueryParameter.EXCLUDED;
import static io.tidewire.service.rest.Operation.QueryParameter.REASON;

import io.tidewire.service.rest.Document;
import io.tidewire.service.rest.Operation;
import io.tidewire.service.rest.Operation.QueryParameter;
import io.tidewire.service.rest.Target;
import java.util.List;

/**
 * REST 2021-10-01 (reference C.2): 2021-08-01-preview and closing of many. What answered 200 with nothing to say answers 204, and
 * the version is to be said.
 */
final class V20211001 {
    static final String VERSION = "2021-10-01";

    private V20211001() {}

    static Document<Call> document() {
        return V20210801Preview.document()
                .followedBy(
                        VERSION,
                        List.of(
                                V20201001.closeConnection("CloseConnection", 204),
                                V20201001.addConnectionToGroup(),
                                V20201001.removeConnectionFromGroup(204),
                                V20201001.addUserToGroup(),
                                V20201001.removeUserFromGroup(204),
                                V20201001.removeUserFromAllGroups(204),
                                V20201001.revokePermission(204),
                                closeConnections(
                                        V20201001.HUB, "CloseAllConnections", "Close all connections.", Target.ALL),
                                closeConnections(
                                        V20201001.GROUP,
                                        "CloseGroupConnections",
                                        "Close a group's connections.",
                                        Target.GROUP),
                                closeConnections(
                                        V20201001.USER,
                                        "CloseUserConnections",
                                        "Close a user's connections.",
                                        V20201001.TO_USER)))
                .withEach(operation -> operation.query(QueryParameter.API_VERSION));
    }

    private static Operation<Call> closeConnections(String template, String id, String summary, Target target) {
        return V20201001
                .operation(POST, template + "/:closeConnections", id, summary, Actions.close(target, 204))
                .query(EXCLUDED, REASON)
                .answers("204", "No Content");
    }
}
