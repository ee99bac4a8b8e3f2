package io.tidewire.webpubsub.protocol;

import io.tidewire.hub.MemberState;
import io.tidewire.hub.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the service sends through a hub (reference D.4, D.7, D.8). Those with a sequence id are numbered on reliable connections. */
public sealed interface ServiceMessage extends Message {

    /**
     * Somebody sent to a group.
     *
     * @param fromUserId null for a sender without user, and for REST
     * @param ttlSeconds how long it is kept for a client that is away; 0 for no limit
     * @param stream the place in a stream; null for a message of its own
     */
    record FromGroup(
            String group,
            @Nullable String fromUserId,
            Payload data,
            Metadata metadata,
            int ttlSeconds,
            @Nullable StreamPart stream)
            implements ServiceMessage {
        /** Whether it says that a stream is over and nothing else: nothing for clients who see no streams in what they get. */
        boolean isBareEnd() {
            return stream != null && stream.end() && data.bytes().length == 0;
        }

        @Override
        public int size() {
            return data.bytes().length;
        }
    }

    /** Somebody sent over REST to connections, users or all, or an event handler answered. */
    record FromServer(Payload data, Metadata metadata, int ttlSeconds) implements ServiceMessage {
        @Override
        public int size() {
            return data.bytes().length;
        }
    }

    /**
     * States of a group's members.
     *
     * @param snapshot whether it is all of them, or those that changed
     */
    record GroupState(String group, boolean snapshot, List<MemberState> items) implements ServiceMessage {
        public GroupState {
            items = List.copyOf(items);
        }

        @Override
        public int size() {
            long size = group.length();
            for (MemberState item : items) {
                size += item.size();
            }
            return (int) Math.min(size, Integer.MAX_VALUE);
        }
    }

    /**
     * Where in a stream a message stands.
     *
     * @param end whether it is the last one
     * @param error why it ended early; null otherwise
     */
    record StreamPart(
            String streamId,
            long streamSequenceId,
            boolean end,
            @Nullable StreamError error) {}
}
