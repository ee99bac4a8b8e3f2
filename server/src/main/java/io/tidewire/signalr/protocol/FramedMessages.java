package io.tidewire.signalr.protocol;

import io.netty.buffer.Unpooled;
import io.tidewire.service.protocol.JsonScanner;
import io.tidewire.service.protocol.ProtocolViolation;
import io.tidewire.service.protocol.VarInt;
import org.jspecify.annotations.Nullable;

/** Checks messages that someone else has framed and that are passed on as they are. */
public final class FramedMessages {
    private static final String[] TYPE = {"type"};

    private FramedMessages() {}

    /**
     * Exactly one JSON object, then 0x1E.
     *
     * @throws ProtocolViolation for anything else
     */
    public static void checkJson(byte[] frame) {
        int last = frame.length - 1;
        if (last < 0 || frame[last] != HubMessageReader.RECORD_SEPARATOR) {
            throw new ProtocolViolation("JSON: the message does not end with 0x1E");
        }
        JsonScanner scanner = new JsonScanner(frame, 0, last);
        if (scanner.peek() != '{') {
            throw scanner.error("expected an object");
        }
        scanner.skipValue();
        scanner.end();
    }

    /**
     * A length, then exactly one MessagePack array of that length.
     *
     * @throws ProtocolViolation for anything else
     */
    public static void checkMessagePack(byte[] frame) {
        long read = VarInt.read(Unpooled.wrappedBuffer(frame), 0, frame.length);
        int prefix = VarInt.bytes(read);
        if (read == VarInt.INCOMPLETE || VarInt.length(read) != frame.length - prefix) {
            throw new ProtocolViolation("MessagePack: the length prefix does not match the message");
        }
        MessagePackScanner scanner = new MessagePackScanner(frame, prefix, frame.length);
        if (scanner.peek() != MessagePackScanner.Kind.ARRAY) {
            throw scanner.error("expected an array");
        }
        scanner.skipValue();
        scanner.end();
    }

    /**
     * The id under which a client of this protocol will answer the message.
     *
     * @throws ProtocolViolation when there is no invocation with an id for this protocol
     */
    public static String invocationId(ServerMessage.Framed message, HubProtocol protocol) {
        byte[] frame = message.frame(protocol);
        if (frame == null) {
            throw new ProtocolViolation("There is no message for the client's protocol " + protocol.name());
        }
        var found = new InvocationId();
        try (var reader = new HubMessageReader(protocol, frame.length)) {
            reader.read(Unpooled.wrappedBuffer(frame), found);
        }
        if (found.id == null) {
            throw new ProtocolViolation(
                    "The message for the client's protocol " + protocol.name() + " is no invocation with an id");
        }
        return found.id;
    }

    private static final class InvocationId implements HubMessageReader.Sink {
        private @Nullable String id;

        @Override
        public void onMessage(ClientMessage message) {
            id = message instanceof ClientMessage.Invocation invocation ? invocation.invocationId() : null;
        }
    }

    /** Whether clients count the message (reference D.7); one without a type that they know they ignore. */
    static boolean isNumberedJson(byte[] frame) {
        JsonScanner scanner = new JsonScanner(frame, 0, frame.length - 1);
        boolean numbered = false;
        try {
            scanner.beginObject();
            for (int member = scanner.nextMember(TYPE, false);
                    member != JsonScanner.END;
                    member = scanner.nextMember(TYPE, false)) {
                if (member == 0) {
                    numbered = isNumbered(scanner.integer());
                } else {
                    scanner.skipValue();
                }
            }
            return numbered;
        } catch (ProtocolViolation notAType) {
            return false;
        }
    }

    /** As {@link #isNumberedJson}. */
    static boolean isNumberedMessagePack(byte[] frame) {
        int prefix = VarInt.bytes(VarInt.read(Unpooled.wrappedBuffer(frame), 0, frame.length));
        MessagePackScanner scanner = new MessagePackScanner(frame, prefix, frame.length);
        try {
            return scanner.enterArray() > 0 && isNumbered(scanner.integer());
        } catch (ProtocolViolation notAType) {
            return false;
        }
    }

    /** Calls, stream items and their answers; not pings, closes, acknowledgements. */
    private static boolean isNumbered(long type) {
        return type >= 1 && type <= 5;
    }
}
