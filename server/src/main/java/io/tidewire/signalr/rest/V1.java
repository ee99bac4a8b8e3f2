package io.tidewire.signalr.rest;

import static io.netty.handler.codec.http.HttpMethod.DELETE;
import static io.netty.handler.codec.http.HttpMethod.GET;
import static io.netty.handler.codec.http.HttpMethod.HEAD;
import static io.netty.handler.codec.http.HttpMethod.POST;
import static io.netty.handler.codec.http.HttpMethod.PUT;
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

/** REST 1.0 (reference C.3), with the other spellings that the vendor's quickstart and emulator have. */
final class V1 {
    private static final String HUB = "/api/v1/hubs/{hub}";
    private static final String USER = HUB + "/users/{user}";
    private static final String CONNECTION = HUB + "/connections/{connectionId}";
    private static final String GROUP = HUB + "/groups/{group}";
    private static final String CONNECTION_IN_GROUP = GROUP + "/connections/{connectionId}";
    private static final String CONNECTION_IN_GROUP_ALIAS = CONNECTION + "/groups/{group}";
    private static final String USER_IN_GROUP = GROUP + "/users/{user}";
    private static final String USER_IN_GROUP_ALIAS = USER + "/groups/{group}";

    private V1() {}

    static Document<Call> document() {
        return new Document<>(
                "v1",
                Set.of("1.0"),
                Set.of(),
                ErrorFormat.TEXT,
                List.of(
                        Operation.of(HEAD, "/api/v1/health", "HealthApi_Head_Index", "Health.", Actions.healthy())
                                .withoutToken()
                                .answers("200", "The service is healthy")
                                .alias(GET, "/api/v1/health"),
                        send(HUB, "Post_Broadcast", "Send a message to all clients.", Target.ALL)
                                .query(EXCLUDED),
                        send(HUB + "/users/{id}", "Post_SendToUser", "Send a message to a user.", Target.user("id"))
                                .alias(HUB + "/user/{id}"),
                        send(CONNECTION, "Post_SendToConnection", "Send a message to a connection.", Target.CONNECTION),
                        send(GROUP, "Post_GroupBroadcast", "Send a message to a group.", Target.GROUP)
                                .query(EXCLUDED)
                                .alias(HUB + "/group/{group}"),
                        exists(GET, CONNECTION, "Get_CheckConnectionExistence", Target.CONNECTION, Missing.CONNECTION),
                        exists(
                                HEAD,
                                CONNECTION,
                                "Head_CheckConnectionExistence",
                                Target.CONNECTION,
                                Missing.CONNECTION),
                        exists(GET, GROUP, "Get_CheckGroupExistence", Target.GROUP, Missing.GROUP),
                        exists(HEAD, GROUP, "Head_CheckGroupExistence", Target.GROUP, Missing.GROUP),
                        exists(GET, USER, "Get_CheckUserExistence", Target.user("user"), Missing.USER),
                        exists(HEAD, USER, "Head_CheckUserExistence", Target.user("user"), Missing.USER),
                        operation(
                                        DELETE,
                                        CONNECTION,
                                        "Delete_CloseClientConnection",
                                        "Close a connection.",
                                        Actions.close(Target.CONNECTION, 202))
                                .query(REASON)
                                .answers("202", "Success"),
                        operation(
                                        PUT,
                                        CONNECTION_IN_GROUP,
                                        "Put_AddConnectionToGroup",
                                        "Add a connection to a group.",
                                        Actions.addConnectionToGroup())
                                .answers("200", "Success")
                                .answers("404", "Not Found")
                                .alias(CONNECTION_IN_GROUP_ALIAS),
                        operation(
                                        DELETE,
                                        CONNECTION_IN_GROUP,
                                        "Delete_RemoveConnectionFromGroup",
                                        "Remove a connection from a group.",
                                        Actions.removeConnectionFromGroup(true))
                                .answers("200", "Success")
                                .answers("404", "Not Found")
                                .alias(CONNECTION_IN_GROUP_ALIAS),
                        userInGroup(GET, "Get_CheckUserExistenceInGroup"),
                        userInGroup(HEAD, "Head_CheckUserExistenceInGroup"),
                        operation(
                                        PUT,
                                        USER_IN_GROUP,
                                        "Put_AddUserToGroup",
                                        "Add a user to a group.",
                                        Actions.addUserToGroup(202))
                                .query(TTL)
                                .answers("202", "Success")
                                .alias(USER_IN_GROUP_ALIAS),
                        operation(
                                        DELETE,
                                        USER_IN_GROUP,
                                        "Delete_RemoveUserFromGroup",
                                        "Remove a user from a group.",
                                        Actions.removeUserFromGroup(202))
                                .answers("202", "Success")
                                .alias(USER_IN_GROUP_ALIAS),
                        operation(
                                        DELETE,
                                        USER + "/groups",
                                        "Delete_RemoveUserFromAllGroups",
                                        "Remove a user from all groups.",
                                        Actions.removeUserFromAllGroups(200))
                                .answers("200", "The user is in no group")
                                .answers("202", "Accepted, and done in the background")));
    }

    private static Operation<Call> operation(
            HttpMethod method, String template, String id, String summary, Operation.Action<Call> action) {
        return Operation.of(method, template, "HubProxyControllerV1_" + id, summary, action)
                .answers("400", "Bad Request");
    }

    private static Operation<Call> send(String template, String id, String summary, Target target) {
        return operation(POST, template, id, summary, Actions.send(target))
                .body(Bodies.INVOCATION)
                .answers("202", "Success")
                .alias(template + "/:send");
    }

    private static Operation<Call> exists(
            HttpMethod method, String template, String id, Target target, Missing missing) {
        return operation(method, template, id, "Whether it has a connection.", Actions.exists(target, missing))
                .answers("200", "Success")
                .answers("404", "Not Found");
    }

    private static Operation<Call> userInGroup(HttpMethod method, String id) {
        return operation(method, USER_IN_GROUP, id, "Whether the user is in the group.", Actions.isUserInGroup())
                .answers("200", "Success")
                .answers("404", "Not Found")
                .alias(USER_IN_GROUP_ALIAS);
    }
}
