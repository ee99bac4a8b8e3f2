package io.tidewire.webpubsub.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBufUtil;
import org.jspecify.annotations.Nullable;

/** What a reader made of a message, in one line. */
final class Seen {
    private Seen() {}

    static String of(@Nullable ClientMessage message) {
        return switch (message) {
            case null -> "nothing";
            case ClientMessage.JoinGroup m -> "join " + m.group() + ack(m.ackId());
            case ClientMessage.LeaveGroup m -> "leave " + m.group() + ack(m.ackId());
            case ClientMessage.SendToGroup m ->
                "send " + m.group() + " " + data(m.data()) + ack(m.ackId()) + options(m.noEcho(), m.ttlSeconds())
                        + metadata(m.metadata());
            case ClientMessage.Event m ->
                "event " + m.name() + " " + data(m.data()) + ack(m.ackId()) + metadata(m.metadata());
            case ClientMessage.Ping _ -> "ping";
            case ClientMessage.SequenceAck m -> "sequenceAck " + Long.toUnsignedString(m.sequenceId());
            case ClientMessage.Invoke m ->
                "invoke " + m.invocationId() + " " + m.event() + (m.data() == null ? "" : " " + data(m.data()));
            case ClientMessage.CancelInvocation m -> "cancel " + m.invocationId();
            case ClientMessage.StartStream m ->
                "startStream " + m.streamId() + " " + m.group()
                        + (m.idleTimeoutMillis() == null ? "" : " idle=" + m.idleTimeoutMillis())
                        + options(m.noEcho(), m.ttlSeconds())
                        + metadata(m.metadata());
            case ClientMessage.StreamData m ->
                "streamData " + m.streamId() + " " + Long.toUnsignedString(m.streamSequenceId()) + " " + data(m.data());
            case ClientMessage.StreamKeepAlive m -> "keepAlive " + m.streamId();
            case ClientMessage.EndStream m -> {
                StreamError error = m.error();
                yield "endStream " + m.streamId()
                        + (error == null
                                ? ""
                                : " " + error.name() + " " + error.message() + " " + error.userErrorCode());
            }
            case ClientMessage.SetGroupState m -> "setState " + m.group() + " " + m.state() + ack(m.ackId());
            case ClientMessage.SubscribeGroupState m -> "subscribe " + m.group() + ack(m.ackId());
            case ClientMessage.UnsubscribeGroupState m -> "unsubscribe " + m.group() + ack(m.ackId());
            case ClientMessage.Refused m -> "refused" + ack(m.ackId()) + " " + m.why();
            case ClientMessage.RefusedStream m -> "refused stream=" + m.streamId() + " " + m.why();
            case ClientMessage.RefusedInvocation m -> "refused invocation=" + m.invocationId() + " " + m.why();
        };
    }

    private static String ack(@Nullable Long ackId) {
        return ackId == null ? "" : " ack=" + Long.toUnsignedString(ackId);
    }

    private static String data(Payload data) {
        return data.type().label() + " "
                + switch (data.type()) {
                    case JSON, TEXT -> new String(data.bytes(), UTF_8);
                    case BINARY, PROTOBUF -> "#" + ByteBufUtil.hexDump(data.bytes());
                };
    }

    private static String options(boolean noEcho, int ttlSeconds) {
        return (noEcho ? " noEcho" : "") + (ttlSeconds == 0 ? "" : " ttl=" + ttlSeconds);
    }

    private static String metadata(Metadata metadata) {
        return metadata.isEmpty() ? "" : " " + metadata.entries();
    }
}
