package io.tidewire.signalr.protocol;

/**
 * The arguments of an invocation in the encoding in which they arrived. Clients of the same encoding get these bytes
 * unchanged; for the others they are converted once per message.
 */
public sealed interface Arguments permits JsonArguments, MessagePackArguments {
    /** Bytes of memory held. */
    int size();
}
