package io.tidewire.signalr.protocol;

import io.netty.buffer.ByteBuf;
import io.tidewire.service.protocol.JsonScanner;
import io.tidewire.service.protocol.MessageView;
import io.tidewire.service.protocol.ProtocolViolation;
import org.jspecify.annotations.Nullable;

/**
 * Reads one message in JSON. Members come in any order, the type may be the last one; unknown members are checked and
 * ignored, known ones may come only once. An optional member that is {@code null} counts as absent.
 */
final class JsonMessageParser {
    private static final String[] MEMBERS = {
        "type",
        "invocationId",
        "target",
        "arguments",
        "streamIds",
        "item",
        "result",
        "error",
        "allowReconnect",
        "sequenceId",
        "headers"
    };

    private final MessageView message;
    private final JsonScanner json;

    private int seen;
    private long type;
    private @Nullable String invocationId;
    private @Nullable String target;
    private @Nullable ByteBuf arguments;
    private @Nullable ByteBuf item;
    private @Nullable ByteBuf result;
    private @Nullable String error;
    private int streams;
    private boolean allowReconnect;
    private long sequenceId;

    private JsonMessageParser(MessageView message) {
        this.message = message;
        this.json = new JsonScanner(message.bytes(), message.from(), message.to());
    }

    static ClientMessage parse(MessageView message) {
        JsonMessageParser parser = new JsonMessageParser(message);
        parser.readMembers();
        return parser.build();
    }

    private void readMembers() {
        json.beginObject();
        for (int member = next(); member != JsonScanner.END; member = next()) {
            if (member == JsonScanner.OTHER) {
                json.skipValue();
                continue;
            }
            String name = MEMBERS[member];
            if ((seen & (1 << member)) != 0) {
                throw json.error("a second member '" + name + "'");
            }
            seen |= 1 << member;
            readMember(name);
        }
        json.end();
    }

    private int next() {
        return json.nextMember(MEMBERS, false);
    }

    private void readMember(String name) {
        switch (name) {
            case "type" -> type = json.integer();
            case "invocationId" -> invocationId = json.stringOrNull();
            case "target" -> target = json.string();
            case "arguments" -> arguments = array();
            case "streamIds" -> streams = json.takeNull() ? 0 : countStrings();
            case "item" -> item = value();
            case "result" -> result = value();
            case "error" -> error = json.stringOrNull();
            case "allowReconnect" -> allowReconnect = json.bool();
            case "sequenceId" -> sequenceId = json.integer();
            case "headers" -> skipHeaders();
            default -> throw new IllegalStateException(name);
        }
    }

    private ByteBuf array() {
        if (json.peek() != '[') {
            throw json.error("expected an array as 'arguments'");
        }
        return value();
    }

    private ByteBuf value() {
        json.peek(); // white space is not part of the value
        int from = json.position();
        json.skipValue();
        return message.part(from, json.position());
    }

    private int countStrings() {
        int count = 0;
        json.beginArray();
        while (json.nextElement()) {
            if (json.peek() != '"') {
                throw json.error("expected a string in 'streamIds'");
            }
            json.skipValue();
            count++;
        }
        return count;
    }

    private void skipHeaders() {
        byte first = json.peek();
        if (first != '{' && first != 'n') {
            throw json.error("expected an object as 'headers'");
        }
        json.skipValue();
    }

    private ClientMessage build() {
        if ((seen & 1) == 0) {
            throw missing("type");
        }
        ByteBuf raw = message.raw();
        return switch ((int) checkedType()) {
            case 1 -> new ClientMessage.Invocation(emptyAsNull(invocationId), target(), arguments(), streams, raw);
            case 2 -> new ClientMessage.StreamItem(id(), require(item, "item"), raw);
            case 3 -> {
                if (error != null && result != null) {
                    throw new ProtocolViolation("JSON: a completion with 'result' and 'error'");
                }
                yield new ClientMessage.Completion(id(), error, result, raw);
            }
            case 4 -> new ClientMessage.StreamInvocation(id(), target(), arguments(), streams, raw);
            case 5 -> new ClientMessage.CancelInvocation(id(), raw);
            case 6 -> new ClientMessage.Ping(raw);
            case 7 -> new ClientMessage.Close(error, allowReconnect, raw);
            case 8 -> new ClientMessage.Ack(sequenceId(), raw);
            case 9 -> new ClientMessage.Sequence(sequenceId(), raw);
            default -> new ClientMessage.Unknown((int) type, raw);
        };
    }

    private long checkedType() {
        if (type != (int) type) {
            throw new ProtocolViolation("JSON: 'type' is out of range");
        }
        return type;
    }

    /** An empty id means the same as none (so do the vendor's servers). */
    static @Nullable String emptyAsNull(@Nullable String id) {
        return id == null || id.isEmpty() ? null : id;
    }

    private String id() {
        return require(emptyAsNull(invocationId), "invocationId");
    }

    private String target() {
        return require(emptyAsNull(target), "target");
    }

    private ByteBuf arguments() {
        return require(arguments, "arguments");
    }

    private long sequenceId() {
        if ((seen & (1 << 9)) == 0 || sequenceId < 0) {
            throw missing("sequenceId");
        }
        return sequenceId;
    }

    private static <T> T require(@Nullable T value, String name) {
        if (value == null) {
            throw missing(name);
        }
        return value;
    }

    private static ProtocolViolation missing(String name) {
        return new ProtocolViolation("JSON: no valid '" + name + "' in the message");
    }
}
