package io.tidewire.hub;

/** What a client's session is to the hub. Both methods are called on the connection's shard and never block. */
public interface Link {
    /** Queues the frame for this client. The frame is borrowed: whoever keeps it retains it. */
    void deliver(Frame frame);

    /** Ends the connection and tells the client why. The first call wins, later ones do nothing. */
    void close(Disconnect why);
}
