package io.tidewire.webpubsub.client;

import io.tidewire.hub.Connection;
import io.tidewire.hub.Permission;
import io.tidewire.webpubsub.protocol.ClientMessage;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one client says of itself to groups, and the groups whose members' states it watches (reference D.8). A client has a state
 * where it is a member, and watches where it is one or may become one. All of it stays over a recovery and ends with the connection.
 * Confined to the client's loop.
 */
final class SharedStates {
    /** Counted for each entry of a state besides its characters. */
    private static final int ENTRY_BYTES = 128;

    private final Speaker speaker;

    /** What the states take of the room for all clients, by group. */
    private final Map<String, Integer> kept = new HashMap<>(4);

    SharedStates(Speaker speaker) {
        this.speaker = speaker;
    }

    void take(ClientMessage.SetGroupState set) {
        Map<String, String> state = set.state();
        int limit = speaker.settings().maxGroupStates();
        if (state != null && !connection().hasState(set.group()) && connection().stateCount() >= limit) {
            speaker.refuse(
                    set.ackId(),
                    "BadRequest",
                    "The client has a state in " + limit
                            + " groups already, the limit (webpubsub.client.maxGroupStates).");
            return;
        }
        int bytes = state == null ? 0 : bytes(set.group(), state);
        if (!speaker.keep(bytes)) {
            speaker.refuse(
                    set.ackId(),
                    "InternalServerError",
                    "There is no room for more states at present (network.maxBufferedBytes); try again.");
            return;
        }
        speaker.await(speaker.hub().setState(connection(), speaker.loop(), set.group(), state), (isMember, failure) -> {
            if (failure == null && connection().hasState(set.group())) {
                forget(kept.put(set.group(), bytes));
            } else {
                speaker.forget(bytes);
                if (state == null) {
                    forget(kept.remove(set.group()));
                }
            }
            if (failure != null) {
                failed(set.ackId());
            } else if (Boolean.TRUE.equals(isMember) || state == null) { // who is no member has no state, as asked for
                speaker.ack(set.ackId());
            } else {
                speaker.refuse(set.ackId(), "Forbidden", "The client is no member of group '" + set.group() + "'.");
            }
        });
    }

    void take(ClientMessage.SubscribeGroupState subscribe) {
        String group = subscribe.group();
        int limit = speaker.settings().maxGroupStates();
        if (!connection().isIn(group) && !mayJoin(group)) {
            speaker.refuse(
                    subscribe.ackId(),
                    "Forbidden",
                    "The client is no member of group '" + group + "' and may not join it.");
        } else if (!connection().watches(group) && connection().watchCount() >= limit) {
            speaker.refuse(
                    subscribe.ackId(),
                    "BadRequest",
                    "The client watches the states of " + limit
                            + " groups already, the limit (webpubsub.client.maxGroupStates).");
        } else {
            speaker.await(speaker.hub().watchStates(connection(), speaker.loop(), group), (_, failure) -> {
                if (failure == null) {
                    speaker.ack(subscribe.ackId()); // the states come next
                } else {
                    failed(subscribe.ackId());
                }
            });
        }
    }

    void take(ClientMessage.UnsubscribeGroupState unsubscribe) {
        speaker.hub().unwatchStates(connection(), speaker.loop(), unsubscribe.group());
        speaker.ack(unsubscribe.ackId());
    }

    /** The client is no member of the group any more: its state there has ended, and so has its watch if that was all it had. */
    void left(String group) {
        forget(kept.remove(group));
        unwatchIfShutOut(group);
    }

    private void unwatchIfShutOut(String group) {
        if (connection().watches(group) && !mayJoin(group)) {
            speaker.hub().unwatchStates(connection(), speaker.loop(), group);
        }
    }

    /** The client may do less than before: what it could not begin to watch now, it does not go on watching. */
    void revoked() {
        for (String group : connection().watched()) {
            if (!connection().isIn(group)) {
                unwatchIfShutOut(group);
            }
        }
    }

    private void forget(@Nullable Integer bytes) {
        if (bytes != null) {
            speaker.forget(bytes);
        }
    }

    /** What a state takes, about. */
    private static int bytes(String group, Map<String, String> state) {
        int bytes = ENTRY_BYTES + group.length();
        for (Map.Entry<String, String> entry : state.entrySet()) {
            bytes += ENTRY_BYTES
                    + Character.BYTES
                            * (entry.getKey().length() + entry.getValue().length());
        }
        return bytes;
    }

    private boolean mayJoin(String group) {
        return connection().allows(Permission.JOIN_LEAVE_GROUP, group);
    }

    private void failed(@Nullable Long ackId) {
        speaker.refuse(ackId, "InternalServerError", "The states of groups cannot be reached; try again.");
    }

    private Connection connection() {
        return speaker.connection();
    }
}
