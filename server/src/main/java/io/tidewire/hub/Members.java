package io.tidewire.hub;

import io.tidewire.hub.Connection.Membership;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One hub's connections on one shard, with their users and groups. Confined to the shard. */
final class Members {
    private static final Roster NOBODY = new Roster();

    private final String hub;
    private final Routes routes;
    private final Shard shard;
    private final Observer observer;

    private final Map<String, Connection> connections = new HashMap<>();
    private final Map<String, Roster> users = new HashMap<>();
    private final Map<String, Roster> groups = new HashMap<>();
    private final Roster all = new Roster();
    private final Watchers watchers;

    Members(String hub, Routes routes, Shard shard, Observer observer) {
        this.hub = hub;
        this.routes = routes;
        this.shard = shard;
        this.observer = observer;
        this.watchers = new Watchers(routes, shard.bit());
    }

    boolean isEmpty() {
        return all.size() == 0;
    }

    /** Returns false, with nothing changed, when the id is taken. */
    boolean add(Connection connection) {
        if (!routes.addConnection(connection.id(), shard)) {
            return false;
        }
        connections.put(connection.id(), connection);
        if (all.size() == 0) {
            routes.addHub(shard.bit());
        }
        connection.inHub = all.add(connection);
        String user = connection.userId();
        if (user != null) {
            Roster roster = users.get(user);
            if (roster == null) {
                roster = new Roster();
                users.put(user, roster);
                routes.addUser(user, shard.bit());
            }
            connection.inUser = roster.add(connection);
        }
        return true;
    }

    /** Returns false when it was not (or no longer) here. */
    boolean remove(Connection connection) {
        if (!connections.remove(connection.id(), connection)) {
            return false;
        }
        leaveAll(connection);
        watchers.removeAll(connection);
        String user = connection.userId();
        if (user != null && connection.inUser != null) {
            Roster roster = users.getOrDefault(user, NOBODY);
            roster.remove(connection.inUser);
            if (roster.size() == 0) {
                users.remove(user);
                routes.removeUser(user, shard.bit());
            }
        }
        if (connection.inHub != null) {
            all.remove(connection.inHub);
            connection.inHub = null;
        }
        if (all.size() == 0) {
            routes.removeHub(shard.bit());
        }
        routes.removeConnection(connection.id());
        return true;
    }

    void join(Connection connection, String group, Command.Cause cause) {
        if (connection.inHub == null) {
            return; // it ended while its user's groups were being asked for
        }
        Membership membership = connection.groups.get(group);
        if (membership == null) {
            Roster roster = groups.get(group);
            if (roster == null) {
                roster = new Roster();
                groups.put(group, roster);
                routes.addGroup(group, shard.bit());
            }
            membership = new Membership(roster.add(connection));
            connection.putGroup(group, membership);
            membership.add(cause);
            tell(connection, link -> link.joined(group));
            return;
        }
        membership.add(cause);
    }

    void leave(Connection connection, String group, Command.Cause cause) {
        Membership membership = connection.groups.get(group);
        if (membership != null && membership.end(cause)) {
            removeFrom(connection, group);
        }
    }

    void removeFrom(Connection connection, String group) {
        Membership membership = connection.groups.isEmpty() ? null : connection.groups.remove(group);
        if (membership != null) {
            giveBack(connection, group, membership);
            tell(connection, link -> link.left(group));
        }
    }

    void removeFromAll(Connection connection) {
        for (String group : leaveAll(connection)) {
            tell(connection, link -> link.left(group));
        }
    }

    /** Returns the groups it was in. */
    private Set<String> leaveAll(Connection connection) {
        Map<String, Membership> left = connection.groups;
        connection.groups = Map.of();
        left.forEach((group, membership) -> giveBack(connection, group, membership));
        return left.keySet();
    }

    private void giveBack(Connection connection, String group, Membership membership) {
        connection.over(membership);
        Roster roster = groups.getOrDefault(group, NOBODY);
        roster.remove(membership.place);
        if (roster.size() == 0) {
            groups.remove(group);
            routes.removeGroup(group, shard.bit());
        }
    }

    /** Queues the message for every member of its audience. */
    void deliver(Delivery delivery) {
        Audience audience = delivery.audience();
        int receivers = 0;
        long bytes = 0;
        if (audience.scope() instanceof Audience.Scope.One one) {
            Connection connection = connections.get(one.connectionId());
            Frame frame =
                    connection == null || !audience.means(connection) ? null : delivery.frameFor(connection.dialect());
            if (connection != null && frame != null && hand(connection, frame)) {
                receivers = 1;
                bytes = frame.size();
            }
        } else {
            Roster roster = roster(audience.scope());
            for (int i = roster.size() - 1; i >= 0; i--) {
                Connection connection = roster.at(i);
                Frame frame = audience.means(connection) ? delivery.frameFor(connection.dialect()) : null;
                if (frame != null && hand(connection, frame)) {
                    receivers++;
                    bytes += frame.size();
                }
            }
        }
        if (receivers > 0) {
            observer.delivered(hub, receivers, bytes);
        }
    }

    /** Returns null when the connection has ended. */
    Connection.@Nullable Watch watch(Connection connection, String group) {
        return connection.inHub == null ? null : watchers.add(connection, group);
    }

    void unwatch(Connection connection, String group) {
        watchers.remove(connection, group);
    }

    /** Hands a watcher all states of a group, and from now on what changes. */
    void showStates(Connection connection, String group, Connection.Watch watch, Message states) {
        if (watchers.show(connection, group, watch)) {
            var delivery = new Delivery(hub, Audience.connection(connection.id()), states, 1, observer);
            try {
                deliver(delivery);
            } finally {
                delivery.shardDone();
            }
        }
    }

    /** One receiver that fails must not cost the others their message. */
    private boolean hand(Connection connection, Frame frame) {
        try {
            connection.link().deliver(frame);
            return true;
        } catch (RuntimeException | OutOfMemoryError failure) {
            System.getLogger(Members.class.getName())
                    .log(System.Logger.Level.ERROR, "A message could not be handed to " + connection, failure);
            observer.dropped(hub, "DeliveryFailed");
            return false;
        }
    }

    /** Nobody is asked whose asker has left meanwhile. */
    void ask(Command.Ask ask, CompletableFuture<Answer> answer) {
        Connection connection = connections.get(ask.connectionId());
        if (connection == null) {
            answer.complete(new Answer.NoConnection());
        } else if (!answer.isDone()) {
            try {
                int bytes = connection.link().ask(ask.question(), answer);
                if (bytes > 0) {
                    observer.delivered(hub, 1, bytes);
                }
            } catch (RuntimeException | OutOfMemoryError failure) {
                observer.dropped(hub, "DeliveryFailed");
                answer.completeExceptionally(failure);
            }
        }
    }

    /** One link that fails must not cost others their change. What has ended meanwhile is not called again. */
    private void tell(Connection connection, Consumer<Link> what) {
        if (connection.inHub == null) {
            return;
        }
        try {
            what.accept(connection.link());
        } catch (RuntimeException | OutOfMemoryError failure) {
            System.getLogger(Members.class.getName())
                    .log(System.Logger.Level.ERROR, connection + " could not be told", failure);
            observer.dropped(hub, "LinkFailed");
        }
    }

    /**
     * Changes everybody who is meant.
     *
     * @return the connections that the change was for
     * @throws PermissionsFull when the permissions of one of them were; it has changed the others
     */
    int apply(Command.Change change) {
        var full = new ArrayList<Connection>(0);
        int count = each(change.audience(), connection -> {
            switch (change) {
                case Command.Join join -> join(connection, join.group(), join.cause());
                case Command.Leave leave -> leave(connection, leave.group(), leave.cause());
                case Command.Remove remove -> removeFrom(connection, remove.group());
                case Command.RemoveFromAll _ -> removeFromAll(connection);
                case Command.Close close -> tell(connection, link -> link.close(close.why()));
                case Command.Grant grant -> {
                    if (!connection.permissions().grant(grant.permission(), grant.group())) {
                        full.add(connection);
                    }
                }
                case Command.Revoke revoke -> {
                    if (!connection.permissions().revoke(revoke.permission(), revoke.group())) {
                        full.add(connection);
                    }
                    tell(connection, Link::revoked);
                }
            }
        });
        if (!full.isEmpty()) {
            throw new PermissionsFull();
        }
        return count;
    }

    /** Whether the connection is here and may do so; without a group, to all of them. */
    boolean allows(String connectionId, Permission permission, @Nullable String group) {
        Connection connection = connections.get(connectionId);
        return connection != null && connection.allows(permission, group);
    }

    /** Those in the scope of the audience as it is now, whether it means them or not. */
    List<Connection> of(Audience audience) {
        if (audience.scope() instanceof Audience.Scope.One one) {
            Connection connection = connections.get(one.connectionId());
            return connection == null ? List.of() : List.of(connection);
        }
        return roster(audience.scope()).list();
    }

    /**
     * Does all the steps for a connection, if it is still here and meant.
     *
     * @return whether it was
     */
    boolean execute(Connection connection, Execution execution, ExecutionWalk.Handed handed) {
        boolean meant = connection.inHub != null && execution.audience().means(connection);
        if (meant) {
            doSteps(connection, execution, handed);
        }
        return meant;
    }

    private void doSteps(Connection connection, Execution execution, ExecutionWalk.Handed handed) {
        List<Command.Step> steps = execution.steps();
        for (int i = 0; i < steps.size() && connection.inHub != null; i++) {
            switch (steps.get(i)) {
                case Command.Step.Send _ -> {
                    Frame frame = execution.frameFor(i, connection.dialect());
                    if (frame != null && hand(connection, frame)) {
                        handed.receivers++;
                        handed.bytes += frame.size();
                    }
                }
                case Command.Step.Join join -> join(connection, join.group(), Command.Cause.CONNECTION);
                case Command.Step.Leave leave -> removeFrom(connection, leave.group());
                case Command.Step.Close close -> {
                    tell(connection, link -> link.close(close.why()));
                    return;
                }
            }
        }
    }

    /** Does the work for each connection that is meant, and returns how many those are. */
    private int each(Audience audience, Consumer<Connection> work) {
        if (audience.scope() instanceof Audience.Scope.One one) {
            Connection connection = connections.get(one.connectionId());
            if (connection == null || !audience.means(connection)) {
                return 0;
            }
            work.accept(connection);
            return 1;
        }
        int count = 0;
        Roster roster = roster(audience.scope());
        for (int i = roster.size() - 1; i >= 0; i--) {
            Connection connection = roster.at(i);
            if (audience.means(connection)) {
                work.accept(connection);
                count++;
            }
        }
        return count;
    }

    /**
     * Shows some of the scope's members, the last of the unseen ones first. Members may come and go between two calls: one that
     * goes leaves its place to one from behind, which was seen already or is still ahead, so nobody who stays is missed.
     *
     * @param unseen how many members have not been seen
     * @return how many are left
     */
    int show(Audience.Scope scope, int unseen, int atMost, FirstMembers to) {
        if (scope instanceof Audience.Scope.One one) {
            Connection connection = connections.get(one.connectionId());
            if (connection != null) {
                to.show(connection);
            }
            return 0;
        }
        Roster roster = roster(scope);
        int from = Math.min(unseen, roster.size());
        int left = Math.max(from - atMost, 0);
        for (int i = from - 1; i >= left; i--) {
            if (to.mayWant(roster.rankAt(i))) {
                to.show(roster.at(i));
            }
        }
        return left;
    }

    private Roster roster(Audience.Scope scope) {
        @Nullable
        Roster roster = switch (scope) {
            case Audience.Scope.All _ -> all;
            case Audience.Scope.Group group -> groups.get(group.name());
            case Audience.Scope.User user -> users.get(user.id());
            case Audience.Scope.Watchers watching -> watchers.of(watching.group());
            case Audience.Scope.One _ -> NOBODY;
        };
        return roster == null ? NOBODY : roster;
    }
}
