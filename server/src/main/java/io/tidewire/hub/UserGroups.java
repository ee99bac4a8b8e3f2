package io.tidewire.hub;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Which groups a user is in, whether connected or not (reference C.6). A membership takes in the user's connections of now
 * and, until it ends, those to come. When it ends, connections that were members through it leave.
 *
 * <p>Changes of one user take effect one after the other, in the order of the calls. Any thread may call; answers come on a
 * thread of the adapter's choice, when the effect is in place on the live connections.
 */
public interface UserGroups {
    /** Memberships without a time limit that are kept for one user: the latest updated ones. */
    int LASTING_LIMIT = 100;

    /** How long a membership without a time limit is kept. */
    Duration LASTING = Duration.ofDays(365);

    /**
     * Adds the user, or renews the membership.
     *
     * @param ttl positive; null for a lasting membership
     */
    CompletionStage<Void> add(String hub, String user, String group, @Nullable Duration ttl);

    /** Ends the membership and takes the user's connections out of the group, whatever made them members. */
    CompletionStage<Void> remove(String hub, String user, String group);

    /** Ends all memberships and takes the user's connections out of all groups. */
    CompletionStage<Void> removeAll(String hub, String user);

    /** Whether the membership exists now. */
    CompletionStage<Boolean> contains(String hub, String user, String group);

    /** Takes the groups of a user; or why they are not known, with an empty list then. Must not block. */
    @FunctionalInterface
    interface Answer {
        void groups(List<String> groups, @Nullable Throwable failure);
    }

    /**
     * Asks for the groups of the user now. What changes after the answer is told to the connections that are members of the
     * hub at that time: a connection therefore becomes a member first and asks second.
     *
     * @param answer called once, on the adapter's thread and before any later change of the user is told to anybody. That
     *     order is why this is not a stage: what is hung on a stage runs whenever its caller gets to it, and a change could
     *     overtake the answer.
     */
    void of(String hub, String user, Answer answer);
}
