package io.tidewire.webpubsub.protocol;

import io.netty.buffer.ByteBufUtil;
import io.tidewire.hub.Frame;
import io.tidewire.transport.EncodedFrame;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is on the wire. */
final class Written {
    /** The number that messages of reliable protocols get here. */
    static final long SEQUENCE_ID = 12;

    private Written() {}

    /** The payload of the WebSocket message; releases the frame. */
    static byte[] payload(@Nullable Frame frame) {
        EncodedFrame encoded = Objects.requireNonNull(frame) instanceof SequencedFrame sequenced
                ? sequenced.numbered(SEQUENCE_ID)
                : (EncodedFrame) frame;
        if (encoded != frame) {
            frame.release();
        }
        byte[] bytes = ByteBufUtil.getBytes(encoded.payload());
        encoded.release();
        return bytes;
    }
}
