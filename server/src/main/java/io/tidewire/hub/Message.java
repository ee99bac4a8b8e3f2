package io.tidewire.hub;

/**
 * What a service sends through a hub. Opaque here: only the {@link Dialect}s of the service that made it look inside.
 * Immutable, shared between threads, and holds no pooled memory.
 */
public interface Message {
    /** Approximate bytes held, for the bound on work that waits for a shard. */
    int size();
}
