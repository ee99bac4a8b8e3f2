package io.tidewire.webpubsub.protocol;

import static io.tidewire.webpubsub.protocol.ProtobufMessage.LENGTH;
import static io.tidewire.webpubsub.protocol.ProtobufMessage.VARINT;
import static io.tidewire.webpubsub.protocol.ProtobufMessage.tag;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.tidewire.hub.Frame;
import io.tidewire.hub.MemberState;
import io.tidewire.hub.Message;
import io.tidewire.service.protocol.VarInt;
import io.tidewire.transport.EncodedFrame;
import org.jspecify.annotations.Nullable;

/**
 * {@code protobuf.webpubsub.azure.v1} and its reliable variant: one {@code DownstreamMessage} in each binary message (reference
 * D.9). The numbers of the fields of invocations and streams are not public, so these clients have neither; what a stream tells a
 * group they get as messages of their own.
 */
final class ProtobufProtocol implements ClientProtocol {
    // Of DownstreamMessage.
    private static final int ACK = 1;
    private static final int DATA = 2;
    private static final int SYSTEM = 3;
    private static final int PONG = 4;
    private static final int STATE_UPDATE = 9;
    private static final int STATE_SNAPSHOT = 10;

    // Where the number of a message is, in DataMessage and in the group states.
    private static final int DATA_SEQUENCE_ID = 4;
    private static final int STATE_SEQUENCE_ID = 3;

    private static final byte[] NOTHING = {};
    private static final EncodedFrame THE_PONG = EncodedFrame.constant(new byte[] {(byte) tag(PONG, LENGTH), 0}, true);

    private final int index;
    private final String subprotocol;
    private final boolean reliable;

    ProtobufProtocol(int index, String subprotocol, boolean reliable) {
        this.index = index;
        this.subprotocol = subprotocol;
        this.reliable = reliable;
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public String name() {
        return subprotocol;
    }

    @Override
    public String subprotocol() {
        return subprotocol;
    }

    @Override
    public boolean binary() {
        return true;
    }

    @Override
    public boolean reliable() {
        return reliable;
    }

    @Override
    public boolean previews() {
        return false;
    }

    @Override
    public @Nullable ClientMessage read(ByteBuf payload) {
        return ProtobufMessageReader.read(payload);
    }

    // --- through the hub

    @Override
    public @Nullable Frame encode(Message message) {
        if (!(message instanceof ServiceMessage ours)) {
            throw new IllegalArgumentException("Not a Web PubSub message");
        }
        return switch (ours) {
            case ServiceMessage.FromGroup fromGroup ->
                fromGroup.isBareEnd()
                        ? null
                        : data(
                                new ProtobufMessage(64).text(1, "group").text(2, fromGroup.group()),
                                fromGroup.metadata(),
                                fromGroup.data(),
                                fromGroup.ttlSeconds());
            case ServiceMessage.FromServer(Payload data, Metadata metadata, int ttlSeconds) ->
                data(new ProtobufMessage(64).text(1, "server"), metadata, data, ttlSeconds);
            case ServiceMessage.GroupState state -> groupState(state);
        };
    }

    /** The data comes last, so that it is copied but once; only the number of the message may follow. */
    private Frame data(ProtobufMessage message, Metadata metadata, Payload data, int ttlSeconds) {
        int kind = switch (data.type()) {
            case TEXT -> 1;
            case BINARY -> 2;
            case PROTOBUF -> 3;
            case JSON -> 4;
        };
        int length = data.bytes().length;
        message.map(5, metadata.entries())
                .announce(3, 1 + VarInt.size(length) + length)
                .announce(kind, length);
        return finish(DATA, message, data.bytes(), DATA_SEQUENCE_ID, ttlSeconds);
    }

    private Frame groupState(ServiceMessage.GroupState message) {
        var frame = new ProtobufMessage(message.size()).text(1, message.group());
        for (MemberState item : message.items()) {
            frame.message(2, item(item));
        }
        return finish(message.snapshot() ? STATE_SNAPSHOT : STATE_UPDATE, frame, NOTHING, STATE_SEQUENCE_ID, 0);
    }

    private static ProtobufMessage item(MemberState item) {
        var message = new ProtobufMessage(item.size()).text(1, item.connectionId());
        if (item.userId() != null) {
            message.text(2, item.userId());
        }
        if (item.state() != null) {
            message.message(3, new ProtobufMessage(item.size()).map(1, item.state()));
        }
        return message.integer(4, item.updatedAt());
    }

    private Frame finish(int field, ProtobufMessage message, byte[] value, int sequenceField, int ttlSeconds) {
        if (reliable) {
            ByteBuf body = ByteBufAllocator.DEFAULT
                    .directBuffer(message.size() + value.length)
                    .writeBytes(message.array(), 0, message.size())
                    .writeBytes(value);
            return new Numberless(body, field, sequenceField, ttlSeconds);
        }
        return frame(field, message, value);
    }

    /** The fields of an embedded message that still wants its number, and therefore its length in front. */
    private static final class Numberless extends SequencedFrame {
        private final int tag;
        private final int sequenceTag;

        Numberless(ByteBuf body, int field, int sequenceField, int ttlSeconds) {
            super(body, true, ttlSeconds);
            tag = tag(field, LENGTH);
            sequenceTag = tag(sequenceField, VARINT);
        }

        @Override
        protected void writeHead(ByteBuf out, int shared, long sequenceId) {
            VarInt.write(out.writeByte(tag), shared + 1 + VarInt.size(sequenceId));
        }

        @Override
        protected void writeTail(ByteBuf out, long sequenceId) {
            VarInt.write(out.writeByte(sequenceTag), sequenceId);
        }
    }

    // --- to one client

    @Override
    public EncodedFrame connected(String connectionId, @Nullable String userId, @Nullable String reconnectionToken) {
        var connected = new ProtobufMessage(128).text(1, connectionId);
        if (userId != null) {
            connected.text(2, userId);
        }
        if (reconnectionToken != null) {
            connected.text(3, reconnectionToken);
        }
        return frame(SYSTEM, new ProtobufMessage(128).message(1, connected), NOTHING);
    }

    @Override
    public EncodedFrame disconnected(String message) {
        var disconnected = new ProtobufMessage(64).text(2, message);
        return frame(SYSTEM, new ProtobufMessage(64).message(2, disconnected), NOTHING);
    }

    @Override
    public EncodedFrame ack(long ackId) {
        return frame(ACK, new ProtobufMessage(16).integer(1, ackId).integer(2, 1), NOTHING);
    }

    @Override
    public EncodedFrame failedAck(long ackId, String name, String message) {
        var error = new ProtobufMessage(128).text(1, name).text(2, message);
        return frame(ACK, new ProtobufMessage(128).integer(1, ackId).message(3, error), NOTHING);
    }

    @Override
    public EncodedFrame pong() {
        return THE_PONG;
    }

    private static EncodedFrame frame(int field, ProtobufMessage message, byte[] value) {
        int length = message.size() + value.length;
        ByteBuf buffer = EncodedFrame.payloadBuffer(ByteBufAllocator.DEFAULT, 1 + VarInt.size(length) + length);
        VarInt.write(buffer.writeByte(tag(field, LENGTH)), length);
        return EncodedFrame.seal(
                buffer.writeBytes(message.array(), 0, message.size()).writeBytes(value), true);
    }

    // --- what these clients cannot ask for, so that there is nothing to answer

    @Override
    public EncodedFrame invokeResponse(String invocationId, @Nullable Payload data) {
        throw noPreviews();
    }

    @Override
    public EncodedFrame failedInvokeResponse(String invocationId, String name, String message) {
        throw noPreviews();
    }

    @Override
    public EncodedFrame streamAck(String streamId, long expectedSequenceId) {
        throw noPreviews();
    }

    @Override
    public EncodedFrame streamNack(String streamId, String name, String message, long expectedSequenceId) {
        throw noPreviews();
    }

    @Override
    public EncodedFrame streamClosed(String streamId, @Nullable StreamError error) {
        throw noPreviews();
    }

    private static UnsupportedOperationException noPreviews() {
        return new UnsupportedOperationException("protobuf has no messages for invocations and streams");
    }
}
