package io.tidewire.cli;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a client to a hub, of either service. Owned by one thread, which must call {@link #next} at least every few
 * seconds: what a client does by itself happens there.
 *
 * @param <M> what arrives
 */
interface ClientLink<M> extends AutoCloseable {
    /** What {@link #next} can tell. */
    sealed interface Event<M> {
        /** Something came that the person wants to see. */
        record Came<M>(M message) implements Event<M> {}

        /** The connection is over. {@code reconnect}: whether coming back may help. */
        record Ended<M>(String reason, boolean reconnect) implements Event<M> {}
    }

    /** Makes a connection that is ready; the first one, and each that follows a loss. */
    @FunctionalInterface
    interface Opener<M> {
        ClientLink<M> open() throws ConnectFailed, InterruptedException;
    }

    /** The next event, or null when {@code wait} passes without one. After {@link Event.Ended} there is nothing more. */
    @Nullable
    Event<M> next(Duration wait) throws InterruptedException;

    /** What a person is told of the new connection. */
    String greeting();

    /** Says goodbye. */
    @Override
    void close();
}
