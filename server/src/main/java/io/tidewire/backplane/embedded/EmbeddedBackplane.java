package io.tidewire.backplane.embedded;

import io.tidewire.hub.Answer;
import io.tidewire.hub.Audience;
import io.tidewire.hub.Backplane;
import io.tidewire.hub.Command;
import io.tidewire.hub.Fanout;
import io.tidewire.hub.GroupStates;
import io.tidewire.hub.Member;
import io.tidewire.hub.Permission;
import io.tidewire.hub.UserGroups;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/** One node that is its own cluster. */
public final class EmbeddedBackplane implements Backplane {
    private final Fanout local;
    private final EmbeddedUserGroups userGroups;
    private final EmbeddedGroupStates groupStates;

    /**
     * For a service whose groups have no states.
     *
     * @param loops single-threaded executors, over which the users are spread
     */
    public EmbeddedBackplane(Fanout local, List<? extends ScheduledExecutorService> loops) {
        this(local, loops, InstantSource.system(), GroupStates.Messages.NONE);
    }

    /**
     * For one that has them.
     *
     * @param loops single-threaded executors, over which users and groups are spread
     * @param messages in which the service tells of states
     */
    public EmbeddedBackplane(
            Fanout local,
            List<? extends ScheduledExecutorService> loops,
            InstantSource clock,
            GroupStates.Messages messages) {
        this.local = local;
        this.userGroups = new EmbeddedUserGroups(local, loops);
        this.groupStates = new EmbeddedGroupStates(local, loops, clock, messages);
    }

    @Override
    public CompletionStage<Void> deliver(String hub, Command.Deliver command) {
        return local.deliver(hub, command);
    }

    @Override
    public CompletionStage<Integer> apply(String hub, Command.Change change) {
        return local.apply(hub, change);
    }

    @Override
    public CompletableFuture<Answer> ask(String hub, Command.Ask ask) {
        return local.ask(hub, ask);
    }

    @Override
    public CompletionStage<Integer> execute(String hub, Command.Execute command) {
        return local.execute(hub, command);
    }

    @Override
    public CompletionStage<List<Member>> members(String hub, Audience.Scope scope, @Nullable String after, int limit) {
        return local.members(hub, scope, after, limit);
    }

    @Override
    public CompletionStage<Boolean> exists(String hub, Audience.Scope scope) {
        return CompletableFuture.completedStage(local.has(hub, scope));
    }

    @Override
    public CompletionStage<Boolean> allows(
            String hub, String connectionId, Permission permission, @Nullable String group) {
        return local.allows(hub, connectionId, permission, group);
    }

    @Override
    public UserGroups userGroups() {
        return userGroups;
    }

    @Override
    public GroupStates groupStates() {
        return groupStates;
    }
}
