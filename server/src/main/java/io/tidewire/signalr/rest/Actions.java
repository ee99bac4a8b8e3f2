package io.tidewire.signalr.rest;

import io.tidewire.http.Problem;
import io.tidewire.http.Response;
import io.tidewire.hub.Audience;
import io.tidewire.hub.Disconnect;
import io.tidewire.hub.Hub;
import io.tidewire.service.rest.Operation.Action;
import io.tidewire.service.rest.Target;
import io.tidewire.signalr.protocol.ServerMessage;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** What the operations do. The versions of the API differ in paths and statuses, hardly in this. */
final class Actions {
    private Actions() {}

    /** What a missing audience is called (reference C.1). */
    enum Missing {
        CONNECTION("Warning.Connection.NotExisted", "The connection does not exist."),
        USER("Warning.User.NotExisted", "The user has no connection."),
        GROUP("Warning.Group.NotExisted", "The group has no connection."),
        MEMBER("Info.User.NotInGroup", "The user is not in the group."),
        CHANGED_CONNECTION("Error.Connection.NotExisted", "The connection does not exist.");

        private final String code;
        private final String message;

        Missing(String code, String message) {
            this.code = code;
            this.message = message;
        }

        Problem problem() {
            return new Problem(404, code, message);
        }
    }

    static Action<Call> healthy() {
        return call -> call.answer(200);
    }

    /** Sends to all of the target but the excluded; whether anybody is there does not matter to the caller. */
    static Action<Call> send(Target target) {
        return call -> {
            Hub hub = call.hub();
            Audience audience = target.apply(call).except(call.excluded());
            call.answer(202, hub.send(audience, call.message()));
        };
    }

    /** Sends to each name of a comma-separated list. */
    static Action<Call> sendToEach(String parameter, String what, Function<String, Audience> audience) {
        return call -> {
            Hub hub = call.hub();
            Set<String> names = call.list(parameter, what);
            ServerMessage message = call.message();
            call.answer(
                    202,
                    CompletableFuture.allOf(names.stream()
                            .map(name -> hub.send(audience.apply(name), message).toCompletableFuture())
                            .toArray(CompletableFuture<?>[]::new)));
        };
    }

    static Action<Call> exists(Target target, Missing missing) {
        return call -> call.answer(call.hub().exists(target.apply(call)), found -> foundOr(found, missing));
    }

    static Action<Call> close(Target target, int status) {
        return call -> {
            Audience audience = target.apply(call).except(call.excluded());
            call.answer(status, call.hub().close(audience, Disconnect.byApplication(call.reason())));
        };
    }

    static Action<Call> addConnectionToGroup() {
        return call -> call.answer(
                call.hub().join(Target.CONNECTION.apply(call), call.group()),
                count -> foundOr(count > 0, Missing.CHANGED_CONNECTION));
    }

    /** Version 1.0 says when the connection is not there; later ones do not mind (reference C.4). */
    static Action<Call> removeConnectionFromGroup(boolean mustExist) {
        return call -> call.answer(
                call.hub().remove(Target.CONNECTION.apply(call), call.group()),
                count -> foundOr(count > 0 || !mustExist, Missing.CHANGED_CONNECTION));
    }

    static Action<Call> removeConnectionFromAllGroups() {
        return call -> call.answer(200, call.hub().removeFromAll(Target.CONNECTION.apply(call)));
    }

    /** With {@code ttl=0} only the connections of this moment join and nothing is remembered (reference C.6). */
    static Action<Call> addUserToGroup(int status) {
        return call -> {
            Hub hub = call.hub();
            String user = call.user("user");
            String group = call.group();
            Duration ttl = call.ttl();
            if (ttl != null && ttl.isZero()) {
                call.answer(status, hub.join(Audience.user(user), group));
            } else {
                call.answer(status, hub.addUser(user, group, ttl));
            }
        };
    }

    static Action<Call> removeUserFromGroup(int status) {
        return call -> call.answer(status, call.hub().removeUser(call.user("user"), call.group()));
    }

    static Action<Call> removeUserFromAllGroups(int status) {
        return call -> call.answer(status, call.hub().removeUserFromAll(call.user("user")));
    }

    static Action<Call> isUserInGroup() {
        return call -> call.answer(
                call.hub().hasUser(call.user("user"), call.group()), found -> foundOr(found, Missing.MEMBER));
    }

    private static Response foundOr(boolean found, Missing missing) {
        if (!found) {
            throw missing.problem();
        }
        return Response.of(200);
    }
}
