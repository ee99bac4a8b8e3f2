package io.tidewire.hub;

/**
 * What is told about a hub's work, for counting. One instance for each service.
 *
 * <p>Every method is called in the middle of the work it tells of, mostly on a shard, so an implementation only adds to
 * counters: it takes no lock, waits for nothing, calls nothing back and throws nothing. Several shards call at once. A
 * delivery is told once for each shard that took part, never once for each receiver.
 */
public interface Observer {
    /** Hears nothing. */
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

    /** A connection joined the hub. */
    void opened(String hub);

    /** A connection that was {@linkplain #opened opened} left the hub; told once for each. */
    void closed(String hub, Disconnect why);

    /**
     * A client's message arrived.
     *
     * @param bytes its payload
     */
    void received(String hub, int bytes);

    /**
     * A shard handed one message to its members.
     *
     * @param receivers how many of this shard; at least 1
     * @param bytes frames of all these receivers together
     */
    void delivered(String hub, int receivers, long bytes);

    /**
     * A message was given up before it reached anyone.
     *
     * @param reason one of a handful of fixed names such as {@code backlog}; never text of a caller
     */
    void dropped(String hub, String reason);

    /**
     * Somebody was turned away at the door, before there was a connection.
     *
     * @param reason one of a handful of fixed names such as {@code unauthorized}; never text of a caller
     */
    void refused(String reason);
}
