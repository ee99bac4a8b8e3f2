package io.tidewire.hub;

/**
 * What a hub tells about itself. Called on the shards, once for each command or connection and never once for each
 * receiver: an implementation counts and returns, without locks and without waiting.
 */
public interface Observer {
    /** Sees nothing. */
    Observer NONE = new Observer() {
        @Override
        public void opened(String hub) {}

        @Override
        public void closed(String hub, Disconnect why) {}

        @Override
        public void received(String hub, int bytes) {}

        @Override
        public void delivered(String hub, int receivers, long bytes) {}

        @Override
        public void dropped(String hub, String reason) {}

        @Override
        public void refused(String reason) {}
    };

    /** A connection finished its handshake and is a member of the hub. */
    void opened(String hub);

    /** A connection that was opened has ended. */
    void closed(String hub, Disconnect why);

    /** A message came from a client. */
    void received(String hub, int bytes);

    /** One shard has queued the messages of one command for so many receivers; bytes of all of them together. */
    void delivered(String hub, int receivers, long bytes);

    /** A message was given up, for example because it could not be encoded. */
    void dropped(String hub, String reason);

    /** A connection or a call was turned away before it was a member of any hub. */
    void refused(String reason);
}
