package io.tidewire.signalr.protocol;

import io.netty.buffer.ByteBufAllocator;
import io.tidewire.service.protocol.ByteOutput;
import io.tidewire.service.protocol.JsonObject;
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
        EncodedFrame frame = EncodedFrame.seal(
                EncodedFrame.payloadBuffer(ByteBufAllocator.DEFAULT, json.length)
                        .writeBytes(json),
                false);
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
        JsonObject head = start(type, 64 + target.length());
        if (invocationId != null) {
            head.text("invocationId", invocationId);
        }
        ByteOutput value = head.text("target", target).value("arguments");
        return switch (arguments) {
            case JsonArguments json -> head.frame(json.array(), json.from(), json.to() - json.from(), MESSAGE_END);
            case MessagePackArguments other -> {
                MessagePackToJson.convert(other.array(), other.from(), other.to(), value);
                yield head.frame(MESSAGE_END);
            }
        };
    }

    @Override
    public EncodedFrame streamItem(String invocationId, byte[] item) {
        return withValue(start(2, 64).text("invocationId", invocationId), "item", item);
    }

    @Override
    public EncodedFrame completion(String invocationId, @Nullable String error) {
        JsonObject message = start(3, 64).text("invocationId", invocationId);
        if (error != null) {
            message.text("error", error);
        }
        return message.frame(MESSAGE_END);
    }

    @Override
    public EncodedFrame completionWithResult(String invocationId, byte[] result) {
        return withValue(start(3, 64).text("invocationId", invocationId), "result", result);
    }

    @Override
    public EncodedFrame cancelInvocation(String invocationId) {
        return start(5, 64).text("invocationId", invocationId).frame(MESSAGE_END);
    }

    @Override
    public EncodedFrame ping() {
        return ping;
    }

    @Override
    public EncodedFrame close(@Nullable String error, boolean allowReconnect) {
        JsonObject message = start(7, 64);
        if (error != null) {
            message.text("error", error);
        }
        if (allowReconnect) {
            message.flag("allowReconnect", true);
        }
        return message.frame(MESSAGE_END).unnumbered();
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
        return start(type, 64)
                .number("sequenceId", sequenceId)
                .frame(MESSAGE_END)
                .unnumbered();
    }

    private static JsonObject start(int type, int expected) {
        return new JsonObject(expected).number("type", type);
    }

    private static EncodedFrame withValue(JsonObject head, String name, byte[] value) {
        head.value(name);
        return head.frame(value, 0, value.length, MESSAGE_END);
    }
}
