package io.tidewire.hub;

/**
 * The bytes of one message in one dialect, encoded once and shared by all receivers. Reference counted, because the bytes
 * usually live outside the heap; whoever creates a frame owns one reference.
 */
public interface Frame {
    /** Bytes on the wire, for accounting. */
    int size();

    /** Any thread. */
    void retain();

    /** Any thread. The last release gives the bytes back. */
    void release();
}
