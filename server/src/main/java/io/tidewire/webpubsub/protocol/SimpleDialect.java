package io.tidewire.webpubsub.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.tidewire.hub.Dialect;
import io.tidewire.hub.Message;
import io.tidewire.transport.EncodedFrame;
import org.jspecify.annotations.Nullable;

/**
 * Clients without a subprotocol that we know (reference D.2): the bare data, as text or binary, and nothing else. Group states are
 * nothing to them, and the end of a stream, which has no data.
 */
public final class SimpleDialect implements Dialect {
    public static final SimpleDialect INSTANCE = new SimpleDialect();

    private SimpleDialect() {}

    @Override
    public int index() {
        return 4;
    }

    /** Empty: no subprotocol is used. */
    @Override
    public String name() {
        return "";
    }

    @Override
    public @Nullable EncodedFrame encode(Message message) {
        if (!(message instanceof ServiceMessage ours)) {
            throw new IllegalArgumentException("Not a Web PubSub message");
        }
        return switch (ours) {
            case ServiceMessage.FromGroup fromGroup -> fromGroup.isBareEnd() ? null : frame(fromGroup.data());
            case ServiceMessage.FromServer fromServer -> frame(fromServer.data());
            case ServiceMessage.GroupState _ -> null;
        };
    }

    private static EncodedFrame frame(Payload data) {
        boolean binary = switch (data.type()) {
            case JSON, TEXT -> false;
            case BINARY, PROTOBUF -> true;
        };
        ByteBuf buffer = EncodedFrame.payloadBuffer(ByteBufAllocator.DEFAULT, data.bytes().length);
        return EncodedFrame.seal(buffer.writeBytes(data.bytes()), binary);
    }
}
