package io.tidewire.signalr.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.tidewire.service.protocol.ByteOutput;
import io.tidewire.service.protocol.JsonStrings;
import io.tidewire.transport.EncodedFrame;
import org.jspecify.annotations.Nullable;

/** The hub protocol in JSON: one object for each message, followed by 0x1E, in text. */
public final class JsonHubProtocol implements HubProtocol {
    private static final byte[] MESSAGE_END = {'}', HubMessageReader.RECORD_SEPARATOR};

    private final EncodedFrame ping =
            EncodedFrame.constant(ByteOutput.utf8("{\"type\":6}" + (char) HubMessageReader.RECORD_SEPARATOR), false);

    JsonHubProtocol() {}

    @Override
    public int index() {
        return 0;
    }

    @Override
    public String name() {
        return "json";
    }

    @Override
    public boolean binary() {
        return false;
    }

    @Override
    public byte[] toJson(byte[] value) {
        return value;
    }

    @Override
    public byte[] fromJson(byte[] json) {
        return json;
    }

    @Override
    public @Nullable EncodedFrame framed(ServerMessage.Framed message) {
        byte[] json = message.frame(this);
        if (json == null) {
            return null;
        }
        EncodedFrame frame = EncodedFrame.seal(buffer(json.length).writeBytes(json), false);
        return FramedMessages.isNumberedJson(json) ? frame : frame.unnumbered();
    }

    @Override
    public EncodedFrame invocation(@Nullable String invocationId, String target, Arguments arguments) {
        return call(1, invocationId, target, arguments);
    }

    @Override
    public EncodedFrame streamInvocation(String invocationId, String target, Arguments arguments) {
        return call(4, invocationId, target, arguments);
    }

    private static EncodedFrame call(int type, @Nullable String invocationId, String target, Arguments arguments) {
        ByteOutput head = start(type, 64 + target.length());
        if (invocationId != null) {
            member(head, "invocationId", invocationId);
        }
        member(head, "target", target);
        head.ascii(",\"arguments\":");
        return switch (arguments) {
            case JsonArguments json -> frame(head, json.array(), json.from(), json.to() - json.from());
            case MessagePackArguments other -> {
                MessagePackToJson.convert(other.array(), other.from(), other.to(), head);
                yield frame(head);
            }
        };
    }

    @Override
    public EncodedFrame streamItem(String invocationId, byte[] item) {
        ByteOutput head = start(2, 64);
        member(head, "invocationId", invocationId);
        head.ascii(",\"item\":");
        return frame(head, item, 0, item.length);
    }

    @Override
    public EncodedFrame completion(String invocationId, @Nullable String error) {
        ByteOutput message = start(3, 64);
        member(message, "invocationId", invocationId);
        if (error != null) {
            member(message, "error", error);
        }
        return frame(message);
    }

    @Override
    public EncodedFrame completionWithResult(String invocationId, byte[] result) {
        ByteOutput head = start(3, 64);
        member(head, "invocationId", invocationId);
        head.ascii(",\"result\":");
        return frame(head, result, 0, result.length);
    }

    @Override
    public EncodedFrame cancelInvocation(String invocationId) {
        ByteOutput message = start(5, 64);
        member(message, "invocationId", invocationId);
        return frame(message);
    }

    @Override
    public EncodedFrame ping() {
        return ping;
    }

    @Override
    public EncodedFrame close(@Nullable String error, boolean allowReconnect) {
        ByteOutput message = start(7, 64);
        if (error != null) {
            member(message, "error", error);
        }
        if (allowReconnect) {
            message.ascii(",\"allowReconnect\":true");
        }
        return frame(message).unnumbered();
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
        return frame(start(type, 64).ascii(",\"sequenceId\":").ascii(Long.toString(sequenceId)))
                .unnumbered();
    }

    private static ByteOutput start(int type, int expected) {
        return new ByteOutput(expected).ascii("{\"type\":").put('0' + type);
    }

    private static void member(ByteOutput out, String name, String value) {
        out.ascii(",\"").ascii(name).ascii("\":");
        JsonStrings.quote(out, value);
    }

    private static EncodedFrame frame(ByteOutput message) {
        return frame(message, MESSAGE_END, 0, 0);
    }

    /** The head, the value that ends the object, and the end of the object. */
    private static EncodedFrame frame(ByteOutput head, byte[] value, int from, int length) {
        ByteBuf buffer = buffer(head.size() + length + MESSAGE_END.length);
        buffer.writeBytes(head.array(), 0, head.size());
        buffer.writeBytes(value, from, length);
        buffer.writeBytes(MESSAGE_END);
        return EncodedFrame.seal(buffer, false);
    }

    private static ByteBuf buffer(int payload) {
        return EncodedFrame.payloadBuffer(ByteBufAllocator.DEFAULT, payload);
    }
}
