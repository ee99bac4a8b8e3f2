package io.tidewire.hub;

/** Chooses connections by what they are. Immutable; any thread. */
public interface Filter {
    /** The text it was made from, of which another node can make the same one. */
    String source();

    /** Called on the connection's shard, for each connection that a command might be for: must not block or throw. */
    boolean matches(Connection connection);
}
