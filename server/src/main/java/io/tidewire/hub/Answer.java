package io.tidewire.hub;

import org.jspecify.annotations.Nullable;

/** What became of a question to one connection. */
public sealed interface Answer {
    /**
     * The client answered.
     *
     * @param dialect the name of the {@link Dialect} in which the value is encoded
     * @param value as the client encoded it; null when it answered without one
     */
    @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
    record Result(String dialect, byte @Nullable [] value) implements Answer {}

    /** The client answered that it failed. */
    record Failed(String error) implements Answer {}

    /** The question cannot be put to this client; it was not asked. */
    record Unaskable(String why) implements Answer {}

    /** So many questions wait for this client that it was not asked. */
    record Busy(int limit) implements Answer {}

    /** There is no such connection. */
    record NoConnection() implements Answer {}

    /** The connection ended before it answered. */
    record Disconnected() implements Answer {}

    /** The client took longer than the asker would wait. */
    record TooLate() implements Answer {}
}
