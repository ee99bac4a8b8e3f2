package io.tidewire.webpubsub.rest;

import io.tidewire.filter.ODataFilter;
import io.tidewire.http.Problem;
import io.tidewire.http.Response;
import io.tidewire.hub.Audience;
import io.tidewire.hub.Command.Step;
import io.tidewire.hub.Disconnect;
import io.tidewire.hub.Hub;
import io.tidewire.hub.Permission;
import io.tidewire.service.rest.Operation.Action;
import io.tidewire.service.rest.Target;
import java.util.List;
import java.util.function.Function;

/**
 * What the operations do (reference C.2). The versions of the API differ in some statuses, not in this. What is done to a user is
 * done to the connections that the user has at that time.
 */
final class Actions {
    private Actions() {}

    static Action<Call> healthy() {
        return call -> call.answer(200);
    }

    /** Sends to those of the target that are meant; whether anybody is there does not matter to the caller. */
    static Action<Call> send(Target target) {
        return call -> {
            Hub hub = call.hub();
            Audience audience = target.apply(call).except(call.excluded()).through(call.filter());
            call.answer(202, hub.send(audience, call.message()));
        };
    }

    static Action<Call> sendToGroup() {
        return call -> {
            Hub hub = call.hub();
            String group = call.group();
            Audience audience = Audience.group(group).except(call.excluded()).through(call.filter());
            call.answer(202, hub.send(audience, call.messageTo(group)));
        };
    }

    static Action<Call> exists(Target target, String what) {
        return call -> call.answer(call.hub().exists(target.apply(call)), found -> foundOr(found, what));
    }

    static Action<Call> close(Target target, int status) {
        return call -> {
            Audience audience = target.apply(call).except(call.excluded());
            String reason = call.reason();
            call.answer(
                    status,
                    call.hub().close(audience, reason == null ? Disconnect.BY_REST : Disconnect.byApplication(reason)));
        };
    }

    /** Joins the target to the group, and says when nobody is there to join. */
    static Action<Call> addToGroup(Target target, String missing) {
        return call ->
                call.answer(call.hub().join(target.apply(call), call.group()), count -> foundOr(count > 0, missing));
    }

    /** Who was not in the group is not in it now, either (reference L 4). */
    static Action<Call> removeFromGroup(Target target, int status) {
        return call -> call.answer(status, call.hub().remove(target.apply(call), call.group()));
    }

    static Action<Call> removeFromAllGroups(Target target, int status) {
        return call -> call.answer(status, call.hub().removeFromAll(target.apply(call)));
    }

    static Action<Call> addConnectionsToGroups() {
        return forConnectionsOfFilter(Step.Join::new);
    }

    static Action<Call> removeConnectionsFromGroups() {
        return forConnectionsOfFilter(Step.Leave::new);
    }

    private static Action<Call> forConnectionsOfFilter(Function<String, Step> step) {
        return call -> {
            Hub hub = call.hub();
            GroupsBody body = call.groups();
            List<Step> steps = body.groups().stream().map(step).toList();
            call.answer(200, hub.execute(Audience.all().through(body.filter()), steps));
        };
    }

    /** Asks the user's connections one by one, through a filter, and has nothing done to those that are in the group. */
    static Action<Call> isUserInGroup() {
        return call -> {
            var member = ODataFilter.of("'" + call.group().replace("'", "''") + "' in groups");
            Audience audience = Audience.user(call.user()).through(member);
            call.answer(
                    call.hub().execute(audience, List.of()),
                    count -> foundOr(count > 0, "The user is not in the group."));
        };
    }

    static Action<Call> grantPermission() {
        return call -> {
            Hub hub = call.hub();
            String connectionId = call.connectionId();
            Permission permission = call.permission();
            String group = call.targetName();
            call.answer(
                    hub.grant(Audience.connection(connectionId), permission, group),
                    count -> foundOr(count > 0, "The connection does not exist."));
        };
    }

    static Action<Call> revokePermission(int status) {
        return call -> call.answer(
                status,
                call.hub().revoke(Audience.connection(call.connectionId()), call.permission(), call.targetName()));
    }

    static Action<Call> checkPermission() {
        return call -> call.answer(
                call.hub().allows(call.connectionId(), call.permission(), call.targetName()),
                allowed -> foundOr(allowed, "The connection does not have this permission."));
    }

    private static Response foundOr(boolean found, String missing) {
        if (!found) {
            throw new Problem(404, "Error.NotFound", missing);
        }
        return Response.of(200);
    }
}
