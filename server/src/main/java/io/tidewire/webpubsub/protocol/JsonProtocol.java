package io.tidewire.webpubsub.protocol;

import io.netty.buffer.ByteBuf;
import io.tidewire.hub.Frame;
import io.tidewire.hub.MemberState;
import io.tidewire.hub.Message;
import io.tidewire.service.protocol.ByteOutput;
import io.tidewire.service.protocol.JsonObject;
import io.tidewire.service.protocol.JsonStrings;
import io.tidewire.transport.EncodedFrame;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code json.webpubsub.azure.v1} and its reliable variant: one JSON object in each text message (reference D.3, D.4). Members that
 * are absent are left out, because clients take a null for a value. The data comes last, so that it is copied but once, and after
 * it only the number that a reliable connection gives the message.
 */
final class JsonProtocol implements ClientProtocol {
    private static final byte[] END = {'}'};
    private static final byte[] NOTHING = {};
    private static final EncodedFrame PONG = EncodedFrame.constant(ByteOutput.utf8("{\"type\":\"pong\"}"), false);

    private final int index;
    private final String subprotocol;
    private final boolean reliable;

    JsonProtocol(int index, String subprotocol, boolean reliable) {
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
        return false;
    }

    @Override
    public boolean reliable() {
        return reliable;
    }

    @Override
    public boolean previews() {
        return true;
    }

    @Override
    public ClientMessage read(ByteBuf payload) {
        return JsonMessageReader.read(payload);
    }

    // --- through the hub

    @Override
    public Frame encode(Message message) {
        if (!(message instanceof ServiceMessage ours)) {
            throw new IllegalArgumentException("Not a Web PubSub message");
        }
        return switch (ours) {
            case ServiceMessage.FromGroup fromGroup -> fromGroup(fromGroup);
            case ServiceMessage.FromServer(Payload data, Metadata metadata, int ttlSeconds) -> {
                JsonObject frame = start("message").text("from", "server");
                metadata(frame, metadata);
                yield withData(frame, data, ttlSeconds);
            }
            case ServiceMessage.GroupState state -> groupState(state);
        };
    }

    private Frame fromGroup(ServiceMessage.FromGroup message) {
        JsonObject frame = start("message").text("from", "group").text("group", message.group());
        if (message.fromUserId() != null) {
            frame.text("fromUserId", message.fromUserId());
        }
        metadata(frame, message.metadata());
        if (message.stream() != null) {
            stream(frame, message.stream());
        }
        return withData(frame, message.data(), message.ttlSeconds());
    }

    private static void metadata(JsonObject frame, Metadata metadata) {
        if (!metadata.isEmpty()) {
            map(frame, "metadata", metadata.entries());
        }
    }

    private static void stream(JsonObject frame, ServiceMessage.StreamPart part) {
        frame.open("stream").text("streamId", part.streamId()).unsigned("streamSequenceId", part.streamSequenceId());
        if (part.end()) {
            frame.flag("endOfStream", true);
        }
        if (part.error() != null) {
            streamError(frame, part.error());
        }
        frame.close();
    }

    private Frame groupState(ServiceMessage.GroupState message) {
        JsonObject frame = start(message.snapshot() ? "groupStateSnapshot" : "groupStateUpdate")
                .text("group", message.group());
        ByteOutput items = frame.value("items").put('[');
        List<MemberState> all = message.items();
        for (int i = 0; i < all.size(); i++) {
            if (i > 0) {
                items.put(',');
            }
            item(frame.open(), all.get(i)).close();
        }
        items.put(']');
        return finish(frame, NOTHING, 0);
    }

    private static JsonObject item(JsonObject frame, MemberState item) {
        frame.text("connectionId", item.connectionId());
        if (item.userId() != null) {
            frame.text("userId", item.userId());
        }
        if (item.state() != null) {
            map(frame, "state", item.state());
        }
        return frame.number("updatedAt", item.updatedAt());
    }

    private static void map(JsonObject frame, String name, Map<String, String> entries) {
        ByteOutput out = frame.value(name).put('{');
        boolean first = true;
        for (Map.Entry<String, String> entry : entries.entrySet()) {
            if (!first) {
                out.put(',');
            }
            first = false;
            JsonStrings.quote(out, entry.getKey());
            out.put(':');
            JsonStrings.quote(out, entry.getValue());
        }
        out.put('}');
    }

    private Frame withData(JsonObject frame, Payload data, int ttlSeconds) {
        return finish(frame, data(frame, data), ttlSeconds);
    }

    /** Writes type and data; returns what of the data is still to be written as it is. */
    private static byte[] data(JsonObject frame, Payload data) {
        ByteOutput value = frame.text("dataType", data.type().label()).value("data");
        byte[] bytes = data.bytes();
        return switch (data.type()) {
            case JSON -> bytes;
            case TEXT -> {
                JsonStrings.quote(value, bytes, 0, bytes.length);
                yield NOTHING;
            }
            case BINARY, PROTOBUF -> {
                value.put('"').put(Base64.getEncoder().encode(bytes)).put('"');
                yield NOTHING;
            }
        };
    }

    private Frame finish(JsonObject frame, byte[] value, int ttlSeconds) {
        return reliable
                ? new Numberless(frame.unfinished(value), ttlSeconds)
                : frame.frame(value, 0, value.length, END);
    }

    /** An object that still wants its number and its end. */
    private static final class Numberless extends SequencedFrame {
        private static final byte[] SEQUENCE_ID = ByteOutput.utf8(",\"sequenceId\":");

        Numberless(ByteBuf body, int ttlSeconds) {
            super(body, false, ttlSeconds);
        }

        @Override
        protected void writeHead(ByteBuf out, int shared, long sequenceId) {}

        @Override
        protected void writeTail(ByteBuf out, long sequenceId) {
            out.writeBytes(SEQUENCE_ID);
            writeDigits(out, sequenceId);
            out.writeByte('}');
        }

        /** No text in between: this runs for each message and each client. */
        private static void writeDigits(ByteBuf out, long number) {
            int digits = 1;
            for (long rest = number / 10; rest != 0; rest /= 10) {
                digits++;
            }
            int end = out.writerIndex() + digits;
            out.ensureWritable(digits).writerIndex(end);
            long rest = number;
            for (int i = end - 1; i >= end - digits; i--) {
                out.setByte(i, (int) ('0' + rest % 10));
                rest /= 10;
            }
        }
    }

    // --- to one client

    @Override
    public EncodedFrame connected(String connectionId, @Nullable String userId, @Nullable String reconnectionToken) {
        JsonObject frame = start("system").text("event", "connected").text("connectionId", connectionId);
        if (userId != null) {
            frame.text("userId", userId);
        }
        if (reconnectionToken != null) {
            frame.text("reconnectionToken", reconnectionToken);
        }
        return frame.frame(END);
    }

    @Override
    public EncodedFrame disconnected(String message) {
        return start("system")
                .text("event", "disconnected")
                .text("message", message)
                .frame(END);
    }

    @Override
    public EncodedFrame ack(long ackId) {
        return start("ack").unsigned("ackId", ackId).flag("success", true).frame(END);
    }

    @Override
    public EncodedFrame failedAck(long ackId, String name, String message) {
        JsonObject frame = start("ack").unsigned("ackId", ackId).flag("success", false);
        return error(frame, name, message).frame(END);
    }

    @Override
    public EncodedFrame pong() {
        return PONG;
    }

    @Override
    public EncodedFrame invokeResponse(String invocationId, @Nullable Payload data) {
        JsonObject frame =
                start("invokeResponse").text("invocationId", invocationId).flag("success", true);
        byte[] value = data == null ? NOTHING : data(frame, data);
        return frame.frame(value, 0, value.length, END);
    }

    @Override
    public EncodedFrame failedInvokeResponse(String invocationId, String name, String message) {
        JsonObject frame =
                start("invokeResponse").text("invocationId", invocationId).flag("success", false);
        return error(frame, name, message).frame(END);
    }

    @Override
    public EncodedFrame streamAck(String streamId, long expectedSequenceId) {
        return start("streamAck")
                .text("streamId", streamId)
                .unsigned("expectedSequenceId", expectedSequenceId)
                .frame(END);
    }

    @Override
    public EncodedFrame streamNack(String streamId, String name, String message, long expectedSequenceId) {
        return start("streamNack")
                .text("streamId", streamId)
                .text("name", name)
                .text("message", message)
                .unsigned("expectedSequenceId", expectedSequenceId)
                .frame(END);
    }

    @Override
    public EncodedFrame streamClosed(String streamId, @Nullable StreamError error) {
        JsonObject frame = start("streamClosed").text("streamId", streamId);
        if (error != null) {
            streamError(frame, error);
        }
        return frame.frame(END);
    }

    private static JsonObject start(String type) {
        return new JsonObject(128).text("type", type);
    }

    private static JsonObject error(JsonObject frame, String name, String message) {
        return frame.open("error").text("name", name).text("message", message).close();
    }

    private static void streamError(JsonObject frame, StreamError error) {
        frame.open("error").text("name", error.name());
        if (error.message() != null) {
            frame.text("message", error.message());
        }
        if (error.userErrorCode() != null) {
            frame.text("userErrorCode", error.userErrorCode());
        }
        frame.close();
    }
}
