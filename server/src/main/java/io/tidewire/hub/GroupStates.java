package io.tidewire.hub;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What the members of groups say of themselves ({@link MemberState}), for all nodes. Each change is told to
 * {@link Audience#watchers} of the group, wherever they are. A {@link Hub} calls this; it sees to it that states are set by
 * members only and cleared when they leave.
 *
 * <p>Changes of one group take effect one after the other; those of one connection in the order of the calls. Any thread may
 * call; answers come on a thread of the adapter's choice.
 */
public interface GroupStates {
    /** Makes the messages in which a service tells of states. Any thread; never fails. */
    @FunctionalInterface
    interface Messages {
        /** Of a service whose groups have no states. */
        Messages NONE = (_, _, _) -> {
            throw new IllegalStateException("this service has no states of groups");
        };

        /**
         * Makes one.
         *
         * @param snapshot whether these are all states of the group, or those that changed
         */
        Message of(String group, boolean snapshot, List<MemberState> states);
    }

    /**
     * Sets the state of a connection in a group.
     *
     * @return completes when watchers are being told; fails with {@link Overloaded}, and nothing has changed then
     */
    CompletionStage<Void> set(
            String hub, String group, String connectionId, @Nullable String userId, Map<String, String> state);

    /** Forgets the state of a connection in a group; nobody is told when there is none. Never refused. */
    CompletionStage<Void> clear(String hub, String group, String connectionId);

    /** Takes all states of a group, in a message; or why they are not known, and no message then. Must not block. */
    @FunctionalInterface
    interface Answer {
        void states(@Nullable Message snapshot, @Nullable Throwable failure);
    }

    /**
     * Asks for all states of a group now. What changes after the answer is told to those who watch at that time: a connection
     * therefore becomes a watcher first and asks second.
     *
     * @param answer called once, on the adapter's thread and before any later change of the group is told to anybody; see
     *     {@link UserGroups#of}
     */
    void of(String hub, String group, Answer answer);
}
