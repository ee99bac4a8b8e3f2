package io.tidewire.hub;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Carries commands to every node that may have a member of their audience, this one included, where {@link Fanout} takes
 * them. Any thread may call, and nothing here waits: answers come later, on a thread of the adapter's choice.
 *
 * <p>Order: commands of one thread for one hub take effect on every connection in the order of the calls.
 */
public interface Backplane {
    /**
     * Sends a message.
     *
     * @return completes when the next message may follow; fails with {@link Overloaded} when this one was not taken
     */
    CompletionStage<Void> deliver(String hub, Command.Deliver command);

    /**
     * Changes connections wherever they are.
     *
     * @return completes when the effect is in place everywhere, with the number of connections it was for; fails with
     *     {@link PermissionsFull} when one of them took no more
     */
    CompletionStage<Integer> apply(String hub, Command.Change change);

    /**
     * Asks one connection, wherever it is.
     *
     * @return what became of it, soon after the patience is over at the latest; whoever cancels it waits no more, and the
     *     question is forgotten. Fails with {@link Overloaded} when it was not taken
     */
    CompletableFuture<Answer> ask(String hub, Command.Ask ask);

    /**
     * Does several things for connections wherever they are.
     *
     * @return completes when the effect is in place everywhere, with the number of connections it was for; fails with
     *     {@link Overloaded} when it was not taken
     */
    CompletionStage<Integer> execute(String hub, Command.Execute command);

    /**
     * The first members of the scope, on all nodes, whose connection ids come after the given one.
     *
     * @param after null to begin at the beginning
     * @return in the order of their ids, at most {@code limit}
     */
    CompletionStage<List<Member>> members(String hub, Audience.Scope scope, @Nullable String after, int limit);

    /** Whether the scope has a member on any node. */
    CompletionStage<Boolean> exists(String hub, Audience.Scope scope);

    /**
     * Whether the connection is there, on whichever node, and may do so.
     *
     * @param group null for all groups
     */
    CompletionStage<Boolean> allows(String hub, String connectionId, Permission permission, @Nullable String group);

    /** The memberships of users, which all nodes share. */
    UserGroups userGroups();

    /** What members of groups say of themselves, for all nodes. */
    GroupStates groupStates();
}
