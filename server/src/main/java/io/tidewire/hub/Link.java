package io.tidewire.hub;

import java.util.concurrent.CompletableFuture;

/** What a client's session is to the hub. All methods are called on the connection's shard and never block. */
public interface Link {
    /** Queues the frame for this client. The frame is borrowed: whoever keeps it retains it. */
    void deliver(Frame frame);

    /**
     * Asks this client. The link completes the answer, also when the connection ends; where somebody else completes it first
     * (the asker left, or its patience did), the link forgets the question.
     *
     * @return bytes queued for the client; 0 when it was not asked
     */
    int ask(Message question, CompletableFuture<Answer> answer);

    /** This connection is a member of the group from now on, whoever made it one. */
    default void joined(String group) {}

    /** This connection is no member of the group any more, but still one of the hub. */
    default void left(String group) {}

    /** Something was taken away from what this connection may do. */
    default void revoked() {}

    /** Ends the connection and tells the client why. The first call wins, later ones do nothing. */
    void close(Disconnect why);
}
