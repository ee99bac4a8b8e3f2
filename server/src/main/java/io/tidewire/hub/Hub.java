package io.tidewire.hub;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One hub, as everything that speaks to it sees it. What does not exist is empty and never an error; ids and names are
 * taken as they are, callers have checked them.
 *
 * <p>Any thread may call, except where a method says otherwise; answers come on any thread.
 */
public final class Hub {
    private final String name;
    private final Fanout local;
    private final Backplane backplane;

    Hub(String name, Fanout local, Backplane backplane) {
        this.name = name;
        this.local = local;
        this.backplane = backplane;
    }

    public String name() {
        return name;
    }

    /**
     * Makes the connection a member of the hub and of its user's groups, for the life of the connection on this loop. From
     * now on its link may be called. Call on the loop.
     *
     * @param loop the event loop of a shard
     * @return completes on the loop when the groups are in place: true, or false when the id is taken
     */
    public CompletionStage<Boolean> open(Connection connection, Executor loop) {
        Shard shard = local.shardOf(loop);
        if (!shard.add(name, local.routes(name), connection)) {
            return CompletableFuture.completedStage(false);
        }
        local.observer().opened(name);
        String user = connection.userId();
        if (user == null) {
            return CompletableFuture.completedStage(true);
        }
        var opened = new CompletableFuture<Boolean>();
        backplane
                .userGroups()
                .of(
                        name,
                        user,
                        (groups, failure) -> loop.execute(() -> {
                            if (failure != null) {
                                opened.completeExceptionally(failure);
                                return;
                            }
                            for (String group : groups) {
                                shard.join(name, connection, group, Command.Cause.USER);
                            }
                            opened.complete(true);
                        }));
        return opened;
    }

    /** Ends the membership of the hub and of all groups; its link is not called again. Call on the connection's loop. */
    public void leave(Connection connection, Executor loop, Disconnect why) {
        if (local.shardOf(loop).remove(name, connection)) {
            local.observer().closed(name, why);
        }
    }

    /** Sends a message; completes when the next one may follow, fails with {@link Overloaded} when it was not taken. */
    public CompletionStage<Void> send(Audience audience, Message message) {
        return backplane.deliver(name, new Command.Deliver(audience, message));
    }

    /** Adds connections to a group; completes with how many there were, when they receive its messages. */
    public CompletionStage<Integer> join(Audience audience, String group) {
        return backplane.apply(name, new Command.Join(audience, group, Command.Cause.CONNECTION));
    }

    /** Takes connections out of a group; completes with how many connections the audience has. */
    public CompletionStage<Integer> remove(Audience audience, String group) {
        return backplane.apply(name, new Command.Remove(audience, group));
    }

    /** Takes connections out of all groups; completes with how many connections the audience has. */
    public CompletionStage<Integer> removeFromAll(Audience audience) {
        return backplane.apply(name, new Command.RemoveFromAll(audience));
    }

    /** Ends connections; completes with how many there were. */
    public CompletionStage<Integer> close(Audience audience, Disconnect why) {
        return backplane.apply(name, new Command.Close(audience, why));
    }

    /**
     * Asks one connection and waits for what it says, no longer than the patience lasts. Whoever cancels the answer waits no
     * more, and the question is forgotten. Fails with {@link Overloaded} when it was not taken.
     */
    public CompletableFuture<Answer> ask(String connectionId, Message question, Duration patience) {
        return backplane.ask(name, new Command.Ask(connectionId, question, patience));
    }

    /**
     * Does several things for each connection of the audience, in order and with nothing in between; completes with how many
     * connections there were, fails with {@link Overloaded} when it was not taken.
     */
    public CompletionStage<Integer> execute(Audience audience, List<Command.Step> steps) {
        return backplane.execute(name, new Command.Execute(audience, steps));
    }

    /**
     * Who is there: the first members of the scope after the one with the given id, at most {@code limit}, in the order of
     * their connection ids. Whoever asks again after the last one of the answer misses nobody who stays, and sees nobody twice.
     */
    public CompletionStage<List<Member>> members(Audience.Scope scope, @Nullable String after, int limit) {
        return backplane.members(name, scope, after, limit);
    }

    /** Whether the audience has a connection; exclusions and filters do not count. */
    public CompletionStage<Boolean> exists(Audience audience) {
        return backplane.exists(name, audience.scope());
    }

    /**
     * Allows connections something, for one group or, with null, for all; completes with how many there were, fails with
     * {@link PermissionsFull} when one of them cannot be allowed more groups by name.
     */
    public CompletionStage<Integer> grant(Audience audience, Permission permission, @Nullable String group) {
        return backplane.apply(name, new Command.Grant(audience, permission, group));
    }

    /**
     * Takes that away, for one group or, with null, altogether; completes with how many connections there were, fails with
     * {@link PermissionsFull} when one of them, which is allowed all, cannot be refused more groups by name.
     */
    public CompletionStage<Integer> revoke(Audience audience, Permission permission, @Nullable String group) {
        return backplane.apply(name, new Command.Revoke(audience, permission, group));
    }

    /** Whether the connection is there and may do so; with null, to every group. */
    public CompletionStage<Boolean> allows(String connectionId, Permission permission, @Nullable String group) {
        return backplane.allows(name, connectionId, permission, group);
    }

    /**
     * Says something of the connection to those who watch the states of a group, until it says something else, leaves the group or
     * ends. In one order with what the caller asked for before.
     *
     * @param loop the connection's
     * @param state null to take it back
     * @return completes when watchers are being told: true, or false when the connection is no member of the group; fails with
     *     {@link Overloaded} when it was not taken
     */
    public CompletionStage<Boolean> setState(
            Connection connection, Executor loop, String group, @Nullable Map<String, String> state) {
        GroupStates states = backplane.groupStates();
        String id = connection.id();
        return CompletableFuture.supplyAsync(
                        () -> {
                            Runnable forget = state == null ? null : () -> states.clear(name, group, id);
                            if (!connection.keepState(group, forget)) {
                                return CompletableFuture.completedStage(false);
                            }
                            CompletionStage<Void> changed = state == null
                                    ? states.clear(name, group, id)
                                    : states.set(name, group, id, connection.userId(), state);
                            return changed.thenApply(_ -> true);
                        },
                        loop)
                .thenCompose(result -> result);
    }

    /**
     * Shows the connection the states of a group's members in one message, and in others every later change, once and in order,
     * until it stops watching or ends. Who watches already is shown all states anew. Call on the loop.
     *
     * @param loop the connection's
     * @return completes on the loop, just before the states are handed to the link: what is hung on it at once comes first
     */
    public CompletionStage<Void> watchStates(Connection connection, Executor loop, String group) {
        Shard shard = local.shardOf(loop);
        Connection.Watch watch = shard.watch(name, connection, group);
        var watching = new CompletableFuture<Void>();
        if (watch == null) {
            watching.complete(null);
            return watching;
        }
        backplane
                .groupStates()
                .of(
                        name,
                        group,
                        (states, failure) -> loop.execute(() -> {
                            if (states == null) {
                                shard.unwatch(name, connection, group);
                                watching.completeExceptionally(
                                        failure == null ? new IllegalStateException("no states") : failure);
                            } else {
                                watching.complete(null);
                                shard.showStates(name, connection, group, watch, states);
                            }
                        }));
        return watching;
    }

    /** Ends that; nothing of it reaches the link any more. Call on the connection's loop. */
    public void unwatchStates(Connection connection, Executor loop, String group) {
        local.shardOf(loop).unwatch(name, connection, group);
    }

    /** The groups of a user whether connected or not; see {@link UserGroups}. */
    public CompletionStage<Void> addUser(String user, String group, @Nullable Duration ttl) {
        return backplane.userGroups().add(name, user, group, ttl);
    }

    public CompletionStage<Void> removeUser(String user, String group) {
        return backplane.userGroups().remove(name, user, group);
    }

    public CompletionStage<Void> removeUserFromAll(String user) {
        return backplane.userGroups().removeAll(name, user);
    }

    public CompletionStage<Boolean> hasUser(String user, String group) {
        return backplane.userGroups().contains(name, user, group);
    }

    /** A client's message arrived. Call on the connection's loop. */
    public void received(int bytes) {
        local.observer().received(name, bytes);
    }

    /** A client's message went nowhere. Call on the connection's loop. */
    public void dropped(String reason) {
        local.observer().dropped(name, reason);
    }
}
