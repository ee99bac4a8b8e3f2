package io.tidewire.webpubsub.rest;

import static io.netty.handler.codec.http.HttpMethod.DELETE;
import static io.netty.handler.codec.http.HttpMethod.HEAD;
import static io.netty.handler.codec.http.HttpMethod.POST;
import static io.netty.handler.codec.http.HttpMethod.PUT;
import static io.tidewire.service.rest.Operation.QueryParameter.EXCLUDED;
import static io.tidewire.service.rest.Operation.QueryParameter.REASON;

import io.netty.handler.codec.http.HttpMethod;
import io.tidewire.service.rest.Document;
import io.tidewire.service.rest.Operation;
import io.tidewire.service.rest.Operation.Action;
import io.tidewire.service.rest.Operation.QueryParameter;
import io.tidewire.service.rest.Target;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** REST 2020-10-01, the first one (reference C.2). */
final class V20201001 {
    static final String VERSION = "2020-10-01";

    static final String HUB = "/api/hubs/{hub}";
    static final String USER = HUB + "/users/{userId}";
    static final String CONNECTION = HUB + "/connections/{connectionId}";
    static final String GROUP = HUB + "/groups/{group}";
    static final String CONNECTION_IN_GROUP = GROUP + "/connections/{connectionId}";
    static final String USER_IN_GROUP = USER + "/groups/{group}";
    static final String PERMISSION = HUB + "/permissions/{permission}/connections/{connectionId}";

    static final Target TO_USER = Target.user("userId");

    private static final QueryParameter API_VERSION =
            new QueryParameter("api-version", "string", false, false, Map.of());

    private V20201001() {}

    static Document<Call> document() {
        return new Document<>(
                VERSION,
                Set.of(),
                Set.of(VERSION, "2021-01-01-preview"),
                ErrorFormat.ERROR_DETAIL,
                List.of(
                        health("GetHealthStatus"),
                        send(HUB, "SendToAll", "Send a message to all clients.", Actions.send(Target.ALL))
                                .query(EXCLUDED),
                        send(GROUP, "SendToGroup", "Send a message to a group.", Actions.sendToGroup())
                                .query(EXCLUDED),
                        send(USER, "SendToUser", "Send a message to a user.", Actions.send(TO_USER)),
                        send(
                                CONNECTION,
                                "SendToConnection",
                                "Send a message to a connection.",
                                Actions.send(Target.CONNECTION)),
                        exists(CONNECTION, "ConnectionExists", Target.CONNECTION, "The connection does not exist."),
                        exists(GROUP, "GroupExists", Target.GROUP, "The group has no connection."),
                        exists(USER, "UserExists", TO_USER, "The user has no connection."),
                        closeConnection("CloseClientConnection", 200),
                        addConnectionToGroup().answers("404", "Not Found"),
                        removeConnectionFromGroup(200).answers("404", "Not Found"),
                        operation(
                                        HEAD,
                                        USER_IN_GROUP,
                                        "UserExistsInGroup",
                                        "Whether a connection of the user is in the group.",
                                        Actions.isUserInGroup())
                                .answers("200", "Success")
                                .answers("404", "Not Found"),
                        addUserToGroup(),
                        removeUserFromGroup(200),
                        removeUserFromAllGroups(200),
                        operation(
                                        PUT,
                                        PERMISSION,
                                        "GrantPermission",
                                        "Allow a connection something, for one group or for all.",
                                        Actions.grantPermission())
                                .query(QueryParameter.text("targetName"))
                                .answers("200", "Success"),
                        revokePermission(200),
                        operation(
                                        HEAD,
                                        PERMISSION,
                                        "CheckPermission",
                                        "Whether a connection may do something, for one group or for all.",
                                        Actions.checkPermission())
                                .query(QueryParameter.text("targetName"))
                                .answers("200", "Success")
                                .answers("404", "Not Found")));
    }

    static Operation<Call> operation(
            HttpMethod method, String template, String id, String summary, Action<Call> action) {
        return Operation.of(method, template, "WebPubSub_" + id, summary, action)
                .query(API_VERSION)
                .answers("default", "Error response");
    }

    static Operation<Call> health(String id) {
        return Operation.of(HEAD, "/api/health", "HealthApi_" + id, "Health.", Actions.healthy())
                .withoutToken()
                .query(API_VERSION)
                .answers("200", "The service is healthy")
                .answers("default", "Error response");
    }

    private static Operation<Call> send(String template, String id, String summary, Action<Call> action) {
        return operation(POST, template + "/:send", id, summary, action)
                .body(Bodies.MESSAGE)
                .answers("202", "Accepted");
    }

    private static Operation<Call> exists(String template, String id, Target target, String missing) {
        return operation(HEAD, template, id, "Whether it has a connection.", Actions.exists(target, missing))
                .answers("200", "Success")
                .answers("404", "Not Found");
    }

    static Operation<Call> closeConnection(String id, int status) {
        return operation(DELETE, CONNECTION, id, "Close a connection.", Actions.close(Target.CONNECTION, status))
                .query(REASON)
                .answers(Integer.toString(status), "Success");
    }

    static Operation<Call> addConnectionToGroup() {
        return operation(
                        PUT,
                        CONNECTION_IN_GROUP,
                        "AddConnectionToGroup",
                        "Add a connection to a group.",
                        Actions.addToGroup(Target.CONNECTION, "The connection does not exist."))
                .answers("200", "Success");
    }

    static Operation<Call> removeConnectionFromGroup(int status) {
        return operation(
                        DELETE,
                        CONNECTION_IN_GROUP,
                        "RemoveConnectionFromGroup",
                        "Remove a connection from a group.",
                        Actions.removeFromGroup(Target.CONNECTION, status))
                .answers(Integer.toString(status), "Success");
    }

    static Operation<Call> addUserToGroup() {
        return operation(
                        PUT,
                        USER_IN_GROUP,
                        "AddUserToGroup",
                        "Add the connections of a user to a group.",
                        Actions.addToGroup(TO_USER, "The user has no connection."))
                .answers("200", "Success");
    }

    static Operation<Call> removeUserFromGroup(int status) {
        return operation(
                        DELETE,
                        USER_IN_GROUP,
                        "RemoveUserFromGroup",
                        "Remove the connections of a user from a group.",
                        Actions.removeFromGroup(TO_USER, status))
                .answers(Integer.toString(status), "Success");
    }

    static Operation<Call> removeUserFromAllGroups(int status) {
        return operation(
                        DELETE,
                        USER + "/groups",
                        "RemoveUserFromAllGroups",
                        "Remove the connections of a user from all groups.",
                        Actions.removeFromAllGroups(TO_USER, status))
                .answers(Integer.toString(status), "Success");
    }

    static Operation<Call> revokePermission(int status) {
        return operation(
                        DELETE,
                        PERMISSION,
                        "RevokePermission",
                        "Take something away from a connection, for one group or for all.",
                        Actions.revokePermission(status))
                .query(QueryParameter.text("targetName"))
                .answers(Integer.toString(status), "Success");
    }
}
