package io.tidewire.signalr.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A sink that writes down what it is given as one line for each message. */
final class Seen implements HubMessageReader.Sink {
    private final boolean text;
    final List<String> lines = new ArrayList<>();
    final List<String> raws = new ArrayList<>();

    Seen(HubProtocol protocol) {
        text = !protocol.binary();
    }

    /** Reads whole input with a new reader and returns what came of it. */
    static List<String> of(HubProtocol protocol, byte[] input) {
        Seen seen = new Seen(protocol);
        try (HubMessageReader reader = new HubMessageReader(protocol, 1 << 20)) {
            reader.read(Unpooled.wrappedBuffer(input), seen);
        }
        return seen.lines;
    }

    @Override
    public void onMessage(ClientMessage message) {
        raws.add(payload(message.raw()));
        lines.add(
                switch (message) {
                    case ClientMessage.Invocation m ->
                        "invocation id=%s target=%s arguments=%s streams=%d"
                                .formatted(m.invocationId(), m.target(), payload(m.arguments()), m.streams());
                    case ClientMessage.StreamInvocation m ->
                        "streamInvocation id=%s target=%s arguments=%s streams=%d"
                                .formatted(m.invocationId(), m.target(), payload(m.arguments()), m.streams());
                    case ClientMessage.StreamItem m ->
                        "streamItem id=%s item=%s".formatted(m.invocationId(), payload(m.item()));
                    case ClientMessage.Completion m -> {
                        ByteBuf result = m.result();
                        yield "completion id=%s error=%s result=%s"
                                .formatted(m.invocationId(), m.error(), result == null ? "none" : payload(result));
                    }
                    case ClientMessage.CancelInvocation m -> "cancelInvocation id=" + m.invocationId();
                    case ClientMessage.Ping _ -> "ping";
                    case ClientMessage.Close m ->
                        "close error=%s reconnect=%s".formatted(m.error(), m.allowReconnect());
                    case ClientMessage.Ack m -> "ack " + m.sequenceId();
                    case ClientMessage.Sequence m -> "sequence " + m.sequenceId();
                    case ClientMessage.Unknown m -> "unknown " + m.type();
                });
    }

    private String payload(ByteBuf buffer) {
        return text ? buffer.toString(StandardCharsets.UTF_8) : ByteBufUtil.hexDump(buffer);
    }
}
