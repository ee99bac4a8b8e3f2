package io.tidewire.signalr.rest;

import static io.netty.handler.codec.http.HttpMethod.POST;

import io.tidewire.hub.Audience;
import io.tidewire.service.rest.Document;
import io.tidewire.service.rest.Operation;
import io.tidewire.service.rest.Target;
import java.util.List;
import java.util.Set;

/** REST 1.0-preview (reference C.2): sends only, obsolete, still called. */
final class V1Preview {
    private static final String HUB = "/api/v1-preview/hub/{hub}";

    private V1Preview() {}

    static Document<Call> document() {
        return new Document<>(
                "v1-preview",
                Set.of("1.0-preview"),
                Set.of(),
                ErrorFormat.TEXT,
                List.of(
                        send(HUB, "BroadcastMessage", "Send a message to all clients.", Actions.send(Target.ALL)),
                        send(
                                HUB + "/user/{id}",
                                "SendMessageToUser",
                                "Send a message to a user.",
                                Actions.send(Target.user("id"))),
                        send(
                                HUB + "/users/{userList}",
                                "SendMessageToUsers",
                                "Send a message to each user of a comma-separated list.",
                                Actions.sendToEach("userList", "user id", Audience::user)),
                        send(
                                HUB + "/group/{group}",
                                "SendMessageToGroup",
                                "Send a message to a group.",
                                Actions.send(Target.GROUP)),
                        send(
                                HUB + "/groups/{groupList}",
                                "SendMessageToGroups",
                                "Send a message to each group of a comma-separated list.",
                                Actions.sendToEach("groupList", "group name", Audience::group))));
    }

    private static Operation<Call> send(String template, String id, String summary, Operation.Action<Call> action) {
        return Operation.of(POST, template, id, summary, action)
                .body(Bodies.JSON_INVOCATION)
                .answers("202", "Accepted");
    }
}
