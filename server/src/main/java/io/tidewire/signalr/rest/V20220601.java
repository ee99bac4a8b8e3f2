package io.tidewire.signalr.rest;

import static io.netty.handler.codec.http.HttpMethod.DELETE;
import static io.netty.handler.codec.http.HttpMethod.GET;
import static io.netty.handler.codec.http.HttpMethod.HEAD;
import static io.netty.handler.codec.http.HttpMethod.POST;
import static io.netty.handler.codec.http.HttpMethod.PUT;
import static io.tidewire.service.rest.Operation.QueryParameter.API_VERSION;
import static io.tidewire.service.rest.Operation.QueryParameter.APPLICATION;
import static io.tidewire.service.rest.Operation.QueryParameter.EXCLUDED;
import static io.tidewire.service.rest.Operation.QueryParameter.REASON;
import static io.tidewire.service.rest.Operation.QueryParameter.TTL;

import io.netty.handler.codec.http.HttpMethod;
import io.tidewire.service.rest.Document;
import io.tidewire.service.rest.Operation;
import io.tidewire.service.rest.Target;
import io.tidewire.signalr.rest.Actions.Missing;
import java.util.List;
import java.util.Set;

/**
 * REST 2022-06-01 (reference C.4). Where it declares HEAD, GET is answered as well: the vendor's own SDK asks so. As in the
 * vendor's emulator (C.3), sends are also answered without {@code /:send}, what 1.0 does not have also below {@code /api/v1},
 * and memberships also under the paths that 1.0 has for them.
 */
final class V20220601 {
    static final String VERSION = "2022-06-01";

    static final String HUB = "/api/hubs/{hub}";
    private static final String USER = HUB + "/users/{user}";
    static final String CONNECTION = HUB + "/connections/{connectionId}";
    static final String GROUP = HUB + "/groups/{group}";
    private static final String CONNECTION_IN_GROUP = GROUP + "/connections/{connectionId}";
    private static final String CONNECTION_IN_GROUP_ALIAS = CONNECTION + "/groups/{group}";
    private static final String USER_IN_GROUP = USER + "/groups/{group}";
    private static final String USER_IN_GROUP_ALIAS = GROUP + "/users/{user}";

    private V20220601() {}

    static Document<Call> document() {
        return new Document<>(
                VERSION,
                Set.of(),
                Set.of(VERSION),
                ErrorFormat.ERROR_DETAIL,
                List.of(
                        Operation.of(HEAD, "/api/health", "HealthApi_GetServiceStatus", "Health.", Actions.healthy())
                                .withoutToken()
                                .query(API_VERSION)
                                .answers("200", "The service is healthy")
                                .answers("default", "Error response")
                                .alias(GET, "/api/health"),
                        send(HUB, "Broadcast", "Send a message to all clients.", Target.ALL)
                                .query(EXCLUDED),
                        send(GROUP, "GroupBroadcast", "Send a message to a group.", Target.GROUP)
                                .query(EXCLUDED),
                        send(USER, "SendToUser", "Send a message to a user.", Target.user("user")),
                        send(CONNECTION, "SendToConnection", "Send a message to a connection.", Target.CONNECTION),
                        closeConnections(HUB, "CloseConnections", "Close all connections.", Target.ALL),
                        closeConnections(GROUP, "CloseGroupConnections", "Close a group's connections.", Target.GROUP),
                        closeConnections(
                                USER, "CloseUserConnections", "Close a user's connections.", Target.user("user")),
                        operation(
                                        DELETE,
                                        CONNECTION,
                                        "CloseConnection",
                                        "Close a connection.",
                                        Actions.close(Target.CONNECTION, 200))
                                .query(REASON)
                                .answers("200", "Success"),
                        exists(CONNECTION, "CheckConnectionExistence", Target.CONNECTION, Missing.CONNECTION),
                        exists(GROUP, "CheckGroupExistence", Target.GROUP, Missing.GROUP)
                                .answers("404", "Not Found"),
                        exists(USER, "CheckUserExistence", Target.user("user"), Missing.USER)
                                .answers("404", "Not Found"),
                        operation(
                                        DELETE,
                                        CONNECTION + "/groups",
                                        "RemoveConnectionFromAllGroups",
                                        "Remove a connection from all groups.",
                                        Actions.removeConnectionFromAllGroups())
                                .answers("200", "Success")
                                .alias(ofVersion1(CONNECTION + "/groups")),
                        operation(
                                        PUT,
                                        CONNECTION_IN_GROUP,
                                        "AddConnectionToGroup",
                                        "Add a connection to a group.",
                                        Actions.addConnectionToGroup())
                                .answers("200", "Success")
                                .answers("404", "Not Found")
                                .alias(CONNECTION_IN_GROUP_ALIAS),
                        removeConnectionFromGroup().answers("404", "Not Found"),
                        operation(
                                        HEAD,
                                        USER_IN_GROUP,
                                        "CheckUserExistenceInGroup",
                                        "Whether the user is in the group.",
                                        Actions.isUserInGroup())
                                .answers("200", "Success")
                                .answers("404", "Not Found")
                                .alias(GET, USER_IN_GROUP)
                                .alias(HEAD, USER_IN_GROUP_ALIAS)
                                .alias(GET, USER_IN_GROUP_ALIAS),
                        operation(
                                        PUT,
                                        USER_IN_GROUP,
                                        "AddUserToGroup",
                                        "Add a user to a group.",
                                        Actions.addUserToGroup(200))
                                .query(TTL)
                                .answers("200", "Success")
                                .alias(USER_IN_GROUP_ALIAS),
                        operation(
                                        DELETE,
                                        USER_IN_GROUP,
                                        "RemoveUserFromGroup",
                                        "Remove a user from a group.",
                                        Actions.removeUserFromGroup(204))
                                .answers("204", "No Content")
                                .alias(USER_IN_GROUP_ALIAS),
                        operation(
                                        DELETE,
                                        USER + "/groups",
                                        "RemoveUserFromAllGroups",
                                        "Remove a user from all groups.",
                                        Actions.removeUserFromAllGroups(204))
                                .answers("204", "No Content")));
    }

    /** As the later versions declare it. */
    static Operation<Call> removeConnectionFromGroup() {
        return operation(
                        DELETE,
                        CONNECTION_IN_GROUP,
                        "RemoveConnectionFromGroup",
                        "Remove a connection from a group.",
                        Actions.removeConnectionFromGroup(false))
                .answers("200", "Success")
                .alias(CONNECTION_IN_GROUP_ALIAS);
    }

    private static Operation<Call> operation(
            HttpMethod method, String template, String id, String summary, Operation.Action<Call> action) {
        return Operation.of(method, template, "SignalR_" + id, summary, action)
                .query(APPLICATION, API_VERSION)
                .answers("default", "Error response");
    }

    private static String ofVersion1(String template) {
        return template.replaceFirst("/api/", "/api/v1/");
    }

    private static Operation<Call> send(String template, String id, String summary, Target target) {
        return operation(POST, template + "/:send", id, summary, Actions.send(target))
                .body(Bodies.INVOCATION)
                .answers("202", "Accepted")
                .alias(template);
    }

    private static Operation<Call> closeConnections(String template, String id, String summary, Target target) {
        return operation(POST, template + "/:closeConnections", id, summary, Actions.close(target, 204))
                .query(EXCLUDED, REASON)
                .answers("204", "No Content")
                .alias(ofVersion1(template + "/:closeConnections"));
    }

    private static Operation<Call> exists(String template, String id, Target target, Missing missing) {
        return operation(HEAD, template, id, "Whether it has a connection.", Actions.exists(target, missing))
                .answers("200", "Success")
                .alias(GET, template);
    }
}
