package io.tidewire.hub;

import org.jspecify.annotations.Nullable;

/**
 * One client protocol as the hub sees it: the encoder that turns a message into the frame which all connections of that
 * protocol share. A service has a handful of dialects; each is one instance for the life of the process.
 */
public interface Dialect {
    /** Small and unique within the service, from 0: the slot of this dialect's frame in a {@link Delivery}. */
    int index();

    /** The name the clients use for it, for example {@code json}. */
    String name();

    /**
     * Encodes the message, on whichever shard needs it first. The caller owns the frame.
     *
     * @return null when the message has nothing for clients of this dialect
     */
    @Nullable
    Frame encode(Message message);
}
