package io.tidewire.signalr.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.tidewire.service.protocol.ByteOutput;
import io.tidewire.service.protocol.JsonScanner;
import io.tidewire.service.protocol.JsonStrings;
import io.tidewire.service.protocol.MessageView;
import io.tidewire.service.protocol.ProtocolViolation;
import io.tidewire.service.protocol.Utf8;
import io.tidewire.service.protocol.VarInt;
import io.tidewire.transport.EncodedFrame;
import org.jspecify.annotations.Nullable;

/**
 * The completion of a client's call, out of what somebody else answered (reference E.5, J 12): a completion with its framing
 * or without, or the bare result. Whatever that was, the client gets exactly one completion of its call, or the caller an
 * error.
 */
public final class ForeignCompletion {
    /** How an answer says that it is encoded. */
    public enum Encoding {
        JSON,
        MESSAGE_PACK,
        /** It says nothing of use: JSON, if it is any, else text. */
        UNKNOWN
    }

    private static final byte[] NOTHING = {};
    private static final byte[] JSON_END = {HubMessageReader.RECORD_SEPARATOR};

    private final HubProtocol protocol;
    private final String invocationId;
    private final byte[] body;

    private ForeignCompletion(HubProtocol protocol, String invocationId, byte[] body) {
        this.protocol = protocol;
        this.invocationId = invocationId;
        this.body = body;
    }

    /**
     * A frame for the client; a completion that is whole goes in as it is. The caller owns the frame.
     *
     * @param protocol of the client
     * @param body not empty
     * @throws ProtocolViolation when it is framed and not this completion, or not what it says to be
     */
    public static EncodedFrame of(HubProtocol protocol, String invocationId, byte[] body, Encoding encoding) {
        return new ForeignCompletion(protocol, invocationId, body).read(encoding);
    }

    private EncodedFrame read(Encoding encoding) {
        int length = body.length;
        int prefix = lengthOfPrefix();
        if (protocol instanceof JsonHubProtocol && body[length - 1] == HubMessageReader.RECORD_SEPARATOR) {
            return whole(0, length - 1);
        } else if (protocol instanceof MessagePackHubProtocol && prefix > 0) {
            return whole(prefix, length);
        }
        return switch (encoding) {
            case MESSAGE_PACK -> messagePack();
            case JSON -> {
                checkJson();
                yield json();
            }
            case UNKNOWN -> isJson() ? json() : text();
        };
    }

    private EncodedFrame whole(int from, int to) {
        if (completion(protocol, from, to) == null) {
            throw new ProtocolViolation("the answer is framed as a hub message, but is no completion of this call");
        }
        return verbatim(NOTHING, NOTHING);
    }

    private EncodedFrame json() {
        ClientMessage.Completion completion = completion(HubProtocols.JSON, 0, body.length);
        if (completion != null && protocol instanceof JsonHubProtocol) {
            return verbatim(NOTHING, JSON_END);
        } else if (completion == null) {
            return withResult(body);
        }
        return completion.result() == null
                ? protocol.completion(invocationId, completion.error())
                : withResult(ByteBufUtil.getBytes(completion.result()));
    }

    private EncodedFrame text() {
        if (!Utf8.isValid(body, 0, body.length)) {
            throw new ProtocolViolation("the answer is neither JSON nor text");
        }
        var quoted = new ByteOutput(body.length + 16);
        JsonStrings.quote(quoted, body, 0, body.length);
        return withResult(quoted.toByteArray());
    }

    /** @param json one value */
    private EncodedFrame withResult(byte[] json) {
        return switch (protocol) {
            case JsonHubProtocol _ -> protocol.completionWithResult(invocationId, json);
            case MessagePackHubProtocol _ -> {
                var packed = new ByteOutput(json.length);
                JsonToMessagePack.convert(json, 0, json.length, packed);
                yield protocol.completionWithResult(invocationId, packed.toByteArray());
            }
        };
    }

    private EncodedFrame messagePack() {
        if (protocol instanceof JsonHubProtocol) {
            throw new ProtocolViolation("the answer is MessagePack, but the client speaks JSON");
        } else if (completion(protocol, 0, body.length) != null) {
            ByteBuf prefix = Unpooled.buffer(VarInt.MAX_BYTES);
            VarInt.write(prefix, body.length);
            return verbatim(ByteBufUtil.getBytes(prefix), NOTHING);
        }
        var scanner = new MessagePackScanner(body, 0, body.length);
        scanner.skipValue();
        scanner.end();
        return protocol.completionWithResult(invocationId, body);
    }

    /** That part of the answer as the completion of this call; null when it is anything else. */
    private ClientMessage.@Nullable Completion completion(HubProtocol encoding, int from, int to) {
        var view = new MessageView(Unpooled.wrappedBuffer(body), from, to - from);
        try {
            ClientMessage message = switch (encoding) {
                case JsonHubProtocol _ -> JsonMessageParser.parse(view);
                case MessagePackHubProtocol _ -> MessagePackMessageParser.parse(view);
            };
            return message instanceof ClientMessage.Completion it
                            && it.invocationId().equals(invocationId)
                    ? it
                    : null;
        } catch (ProtocolViolation none) {
            return null;
        }
    }

    /** Bytes of the length in front of one MessagePack array; 0 when there is none. */
    private int lengthOfPrefix() {
        try {
            long read = VarInt.read(Unpooled.wrappedBuffer(body), 0, body.length);
            int prefix = VarInt.bytes(read);
            boolean fits = read != VarInt.INCOMPLETE && VarInt.length(read) == body.length - prefix;
            return fits && prefix < body.length && isArray(body[prefix]) ? prefix : 0;
        } catch (ProtocolViolation none) {
            return 0;
        }
    }

    private static boolean isArray(byte head) {
        return (head & 0xF0) == 0x90 || (head & 0xFE) == 0xDC;
    }

    private boolean isJson() {
        try {
            checkJson();
            return true;
        } catch (ProtocolViolation none) {
            return false;
        }
    }

    private void checkJson() {
        var scanner = new JsonScanner(body, 0, body.length);
        scanner.skipValue();
        scanner.end();
    }

    private EncodedFrame verbatim(byte[] before, byte[] after) {
        ByteBuf buffer =
                EncodedFrame.payloadBuffer(ByteBufAllocator.DEFAULT, before.length + body.length + after.length);
        buffer.writeBytes(before).writeBytes(body).writeBytes(after);
        return EncodedFrame.seal(buffer, protocol.binary());
    }
}
