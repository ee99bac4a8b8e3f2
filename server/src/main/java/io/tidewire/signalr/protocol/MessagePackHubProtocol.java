package io.tidewire.signalr.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.tidewire.service.protocol.ByteOutput;
import io.tidewire.service.protocol.VarInt;
import io.tidewire.transport.EncodedFrame;
import org.jspecify.annotations.Nullable;

/** The hub protocol in MessagePack: one array for each message, behind its length, in binary. */
public final class MessagePackHubProtocol implements HubProtocol {
    private static final byte[] NOTHING = {};
    private static final byte[] NO_STREAMS = {(byte) 0x90};

    private static final int RESULT_ERROR = 1;
    private static final int RESULT_VOID = 2;
    private static final int RESULT_VALUE = 3;

    private final EncodedFrame ping = EncodedFrame.constant(new byte[] {2, (byte) 0x91, 6}, true);

    MessagePackHubProtocol() {}

    @Override
    public int index() {
        return 1;
    }

    @Override
    public String name() {
        return "messagepack";
    }

    @Override
    public boolean binary() {
        return true;
    }

    @Override
    public byte[] toJson(byte[] value) {
        var json = new ByteOutput(value.length * 2);
        MessagePackToJson.convert(value, 0, value.length, json);
        return json.toByteArray();
    }

    @Override
    public byte[] fromJson(byte[] json) {
        var value = new ByteOutput(json.length);
        JsonToMessagePack.convert(json, 0, json.length, value);
        return value.toByteArray();
    }

    @Override
    public @Nullable EncodedFrame framed(ServerMessage.Framed message) {
        byte[] bytes = message.frame(this);
        if (bytes == null) {
            return null;
        }
        EncodedFrame frame = EncodedFrame.seal(buffer(bytes.length).writeBytes(bytes), true);
        return FramedMessages.isNumberedMessagePack(bytes) ? frame : frame.unnumbered();
    }

    @Override
    public EncodedFrame invocation(@Nullable String invocationId, String target, Arguments arguments) {
        return call(1, invocationId, target, arguments);
    }

    @Override
    public EncodedFrame streamInvocation(String invocationId, String target, Arguments arguments) {
        return call(4, invocationId, target, arguments);
    }

    /** Six elements, as the vendor's servers write it: the last one is the empty list of streams. */
    private static EncodedFrame call(int type, @Nullable String invocationId, String target, Arguments arguments) {
        Envelope head = new Envelope(6, type, 32 + target.length());
        head.headers();
        if (invocationId == null) {
            head.values.nil();
        } else {
            head.values.string(invocationId);
        }
        head.values.string(target);
        return switch (arguments) {
            case MessagePackArguments same ->
                frame(head.bytes, same.array(), same.from(), same.to() - same.from(), NO_STREAMS);
            case JsonArguments json -> {
                JsonToMessagePack.convert(json.array(), json.from(), json.to(), head.bytes);
                yield frame(head.bytes, NO_STREAMS);
            }
        };
    }

    @Override
    public EncodedFrame streamItem(String invocationId, byte[] item) {
        Envelope message = new Envelope(4, 2, 32);
        message.headers();
        message.values.string(invocationId);
        return frame(message.bytes, item);
    }

    @Override
    public EncodedFrame completion(String invocationId, @Nullable String error) {
        Envelope message = new Envelope(error == null ? 4 : 5, 3, 32);
        message.headers();
        message.values.string(invocationId);
        message.values.integer(error == null ? RESULT_VOID : RESULT_ERROR);
        if (error != null) {
            message.values.string(error);
        }
        return frame(message.bytes, NOTHING);
    }

    @Override
    public EncodedFrame completionWithResult(String invocationId, byte[] result) {
        Envelope message = new Envelope(5, 3, 32);
        message.headers();
        message.values.string(invocationId);
        message.values.integer(RESULT_VALUE);
        return frame(message.bytes, result);
    }

    @Override
    public EncodedFrame cancelInvocation(String invocationId) {
        Envelope message = new Envelope(3, 5, 32);
        message.headers();
        message.values.string(invocationId);
        return frame(message.bytes, NOTHING);
    }

    @Override
    public EncodedFrame ping() {
        return ping;
    }

    @Override
    public EncodedFrame close(@Nullable String error, boolean allowReconnect) {
        Envelope message = new Envelope(3, 7, 32);
        if (error == null) {
            message.values.nil();
        } else {
            message.values.string(error);
        }
        message.values.bool(allowReconnect);
        return frame(message.bytes, NOTHING).unnumbered();
    }

    @Override
    public EncodedFrame ack(long sequenceId) {
        return numbered(8, sequenceId);
    }

    @Override
    public EncodedFrame sequence(long sequenceId) {
        return numbered(9, sequenceId);
    }

    private static EncodedFrame numbered(int type, long sequenceId) {
        Envelope message = new Envelope(2, type, 16);
        message.values.integer(sequenceId);
        return frame(message.bytes, NOTHING).unnumbered();
    }

    private static EncodedFrame frame(ByteOutput head, byte[] tail) {
        return frame(head, NOTHING, 0, 0, tail);
    }

    private static EncodedFrame frame(ByteOutput head, byte[] value, int from, int length, byte[] tail) {
        int total = head.size() + length + tail.length;
        ByteBuf buffer = buffer(VarInt.size(total) + total);
        VarInt.write(buffer, total);
        buffer.writeBytes(head.array(), 0, head.size());
        buffer.writeBytes(value, from, length);
        buffer.writeBytes(tail);
        return EncodedFrame.seal(buffer, true);
    }

    private static ByteBuf buffer(int payload) {
        return EncodedFrame.payloadBuffer(ByteBufAllocator.DEFAULT, payload);
    }

    /** The start of a message: the array, its type, and then value after value. */
    private static final class Envelope {
        final ByteOutput bytes;
        final MessagePackWriter values;

        Envelope(int elements, int type, int expected) {
            bytes = new ByteOutput(expected);
            values = new MessagePackWriter(bytes);
            values.arrayHeader(elements);
            values.integer(type);
        }

        /** We never send any. */
        void headers() {
            values.mapHeader(0);
        }
    }
}
