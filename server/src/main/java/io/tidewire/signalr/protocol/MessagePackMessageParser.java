package io.tidewire.signalr.protocol;

import static io.tidewire.signalr.protocol.JsonMessageParser.emptyAsNull;

import io.netty.buffer.ByteBuf;
import io.tidewire.service.protocol.MessageView;

/** Reads one message in MessagePack. Elements beyond those that are known are checked and ignored. */
final class MessagePackMessageParser {
    private final MessageView message;
    private final MessagePackScanner scanner;
    private int left;

    private MessagePackMessageParser(MessageView message) {
        this.message = message;
        this.scanner = new MessagePackScanner(message.bytes(), message.from(), message.to());
    }

    static ClientMessage parse(MessageView message) {
        return new MessagePackMessageParser(message).parse();
    }

    private ClientMessage parse() {
        left = scanner.enterArray();
        element("type");
        long type = scanner.integer();
        if (type != (int) type) {
            throw scanner.error("a type out of range");
        }
        ClientMessage parsed = message((int) type);
        for (; left > 0; left--) {
            scanner.skipValue();
        }
        scanner.leave();
        scanner.end();
        return parsed;
    }

    private ClientMessage message(int type) {
        ByteBuf raw = message.raw();
        return switch (type) {
            case 1 -> {
                skipHeaders();
                element("invocationId");
                String id = emptyAsNull(scanner.stringOrNull());
                yield new ClientMessage.Invocation(id, text("target"), arguments(), streams(), raw);
            }
            case 2 -> {
                skipHeaders();
                yield new ClientMessage.StreamItem(text("invocationId"), value("item"), raw);
            }
            case 3 -> completion(raw);
            case 4 -> {
                skipHeaders();
                yield new ClientMessage.StreamInvocation(
                        text("invocationId"), text("target"), arguments(), streams(), raw);
            }
            case 5 -> {
                skipHeaders();
                yield new ClientMessage.CancelInvocation(text("invocationId"), raw);
            }
            case 6 -> new ClientMessage.Ping(raw);
            case 7 -> {
                element("error");
                yield new ClientMessage.Close(scanner.stringOrNull(), more() && scanner.bool(), raw);
            }
            case 8 -> new ClientMessage.Ack(sequenceId(), raw);
            case 9 -> new ClientMessage.Sequence(sequenceId(), raw);
            default -> new ClientMessage.Unknown(type, raw);
        };
    }

    private ClientMessage completion(ByteBuf raw) {
        skipHeaders();
        String id = text("invocationId");
        element("result kind");
        long kind = scanner.integer();
        if (kind == 1) {
            element("error");
            return new ClientMessage.Completion(id, scanner.string(), null, raw);
        }
        if (kind == 2) {
            return new ClientMessage.Completion(id, null, null, raw);
        }
        if (kind == 3) {
            return new ClientMessage.Completion(id, null, value("result"), raw);
        }
        throw scanner.error("an unknown kind of result");
    }

    private void skipHeaders() {
        element("headers");
        if (!scanner.takeNil()) {
            if (scanner.peek() != MessagePackScanner.Kind.MAP) {
                throw scanner.error("expected a map as headers");
            }
            scanner.skipValue();
        }
    }

    private String text(String name) {
        element(name);
        String text = emptyAsNull(scanner.stringOrNull());
        if (text == null) {
            throw scanner.error("no valid '" + name + "'");
        }
        return text;
    }

    private ByteBuf arguments() {
        element("arguments");
        if (scanner.peek() != MessagePackScanner.Kind.ARRAY) {
            throw scanner.error("expected an array as arguments");
        }
        return skipped();
    }

    private ByteBuf value(String name) {
        element(name);
        return skipped();
    }

    private ByteBuf skipped() {
        int from = scanner.position();
        scanner.skipValue();
        return message.part(from, scanner.position());
    }

    /** The last element of a call; older clients leave it out. */
    private int streams() {
        if (!more() || scanner.takeNil()) {
            return 0;
        }
        int count = scanner.enterArray();
        for (int i = 0; i < count; i++) {
            if (scanner.peek() != MessagePackScanner.Kind.STRING) {
                throw scanner.error("expected a string as a stream id");
            }
            scanner.skipValue();
        }
        scanner.leave();
        return count;
    }

    private long sequenceId() {
        element("sequenceId");
        long id = scanner.integer();
        if (id < 0) {
            throw scanner.error("a negative sequenceId");
        }
        return id;
    }

    private void element(String name) {
        if (!more()) {
            throw scanner.error("no '" + name + "'");
        }
    }

    /** Whether there is one more element, which the caller reads next. */
    private boolean more() {
        return left-- > 0;
    }
}
