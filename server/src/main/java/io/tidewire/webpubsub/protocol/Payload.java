package io.tidewire.webpubsub.protocol;

/**
 * The data of a message, carried as it came.
 *
 * @param bytes whole, and valid for the type; never changed
 */
@SuppressWarnings("ArrayRecordComponent") // passed on, never compared
public record Payload(DataType type, byte[] bytes) {}
