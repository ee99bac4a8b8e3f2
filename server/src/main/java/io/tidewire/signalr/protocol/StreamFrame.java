package io.tidewire.signalr.protocol;

import io.tidewire.hub.Frame;
import io.tidewire.transport.EncodedFrame;

/**
 * A message of one stream, as the client of the stream receives it: an item, or the end.
 *
 * @param streamId the stream, so that the session can see whether it is open
 * @param last nothing may follow
 * @param encoded what goes on the wire; this frame owns one reference, as any other
 */
public record StreamFrame(String streamId, boolean last, EncodedFrame encoded) implements Frame {
    @Override
    public int size() {
        return encoded.size();
    }

    @Override
    public void retain() {
        encoded.retain();
    }

    @Override
    public void release() {
        encoded.release();
    }
}
