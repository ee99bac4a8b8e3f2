package io.tidewire.webpubsub.protocol;

import io.netty.buffer.ByteBuf;
import io.tidewire.hub.Frame;
import io.tidewire.transport.EncodedFrame;

/**
 * A message of a reliable protocol before it has its number: everything but that is encoded once and shared by all receivers,
 * and {@link #numbered} puts the number of one of them in.
 */
public abstract class SequencedFrame implements Frame {
    private final ByteBuf body;
    private final int ttlSeconds;

    /** Takes the buffer over. */
    protected SequencedFrame(ByteBuf body, int ttlSeconds) {
        this.body = body;
        this.ttlSeconds = ttlSeconds;
    }

    /** How long it is kept for a client that is away; 0 for as long as anything is. */
    public final int ttlSeconds() {
        return ttlSeconds;
    }

    /** The shared bytes; borrowed, with indexes of their own. */
    protected final ByteBuf body() {
        return body.duplicate();
    }

    /** The whole frame for one receiver; the caller owns it. */
    public abstract EncodedFrame numbered(long sequenceId);

    @Override
    public final int size() {
        return body.readableBytes();
    }

    @Override
    public final void retain() {
        body.retain();
    }

    @Override
    public final void release() {
        body.release();
    }
}
