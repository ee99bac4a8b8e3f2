package io.tidewire.webpubsub.protocol;

import io.netty.buffer.ByteBuf;
import io.tidewire.service.protocol.JsonScanner;
import io.tidewire.service.protocol.JsonStrings;
import io.tidewire.service.protocol.MessageView;
import io.tidewire.service.protocol.ProtocolViolation;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads one message in JSON (reference D.3, D.6 to D.8). One pass checks all of the text and remembers where the members are that
 * some type knows; then those of the type are read, so what has no meaning for it does not matter. Members come in any order, each
 * of them only once; an optional one that is {@code null} counts as absent.
 *
 * <p>What cannot be read as the message that it says it is, is a {@link ProtocolViolation}: not JSON, no type or an unknown one, a
 * member that is missing or of the wrong kind. What can be read but is beyond a limit is {@link ClientMessage.Refused} or one of
 * its kin, and the client goes on: names, {@code ttlSeconds}, metadata, states.
 */
final class JsonMessageReader {
    /** Characters of an id that a client chooses and gets back with each answer. */
    private static final int MAX_ID_LENGTH = 1024;

    private static final int TYPE = 0;
    private static final int GROUP = 1;
    private static final int ACK_ID = 2;
    private static final int DATA_TYPE = 3;
    private static final int DATA = 4;
    private static final int NO_ECHO = 5;
    private static final int TTL_SECONDS = 6;
    private static final int METADATA = 7;
    private static final int STREAM = 8;
    private static final int EVENT = 9;
    private static final int SEQUENCE_ID = 10;
    private static final int INVOCATION_ID = 11;
    private static final int TARGET = 12;
    private static final int STREAM_ID = 13;
    private static final int STREAM_SEQUENCE_ID = 14;
    private static final int ERROR = 15;
    private static final int STATE = 16;

    /** By the numbers above. */
    private static final String[] MEMBERS = {
        "type",
        "group",
        "ackId",
        "dataType",
        "data",
        "noEcho",
        "ttlSeconds",
        "metadata",
        "stream",
        "event",
        "sequenceId",
        "invocationId",
        "target",
        "streamId",
        "streamSequenceId",
        "error",
        "state"
    };

    private enum Type {
        JOIN_GROUP("joinGroup"),
        LEAVE_GROUP("leaveGroup"),
        SEND_TO_GROUP("sendToGroup"),
        EVENT("event"),
        PING("ping"),
        SEQUENCE_ACK("sequenceAck"),
        INVOKE("invoke"),
        CANCEL_INVOCATION("cancelInvocation"),
        STREAM_DATA("streamData"),
        STREAM_END("streamEnd"),
        SET_GROUP_STATE("setGroupState"),
        SUBSCRIBE_GROUP_STATE("subscribeGroupState"),
        UNSUBSCRIBE_GROUP_STATE("unsubscribeGroupState");

        private final String label;

        Type(String label) {
            this.label = label;
        }
    }

    private static final Type[] TYPES = Type.values();
    private static final String[] TYPE_LABELS =
            Arrays.stream(TYPES).map(type -> type.label).toArray(String[]::new);

    private static final DataType[] DATA_TYPES = DataType.values();
    private static final String[] DATA_TYPE_LABELS =
            Arrays.stream(DATA_TYPES).map(DataType::label).toArray(String[]::new);

    private static final String[] TARGETS = {"event"};
    private static final String[] STREAM_MEMBERS = {"streamId", "idleTimeoutMs"};
    private static final String[] ERROR_MEMBERS = {"message", "userErrorCode"};

    private final byte[] bytes;
    private final JsonScanner json;

    /** Where the value of each member begins; 0 where there is none, because no value can begin there. */
    private final int[] starts = new int[MEMBERS.length];

    private int dataEnd;

    private JsonMessageReader(MessageView message) {
        bytes = message.bytes();
        json = new JsonScanner(bytes, message.from(), message.to());
    }

    static ClientMessage read(ByteBuf payload) {
        return new JsonMessageReader(new MessageView(payload, payload.readerIndex(), payload.readableBytes())).read();
    }

    private ClientMessage read() {
        findMembers();
        Type type = type();
        try {
            return message(type);
        } catch (InvalidContent invalid) {
            return refused(type, invalid.message());
        }
    }

    private void findMembers() {
        json.beginObject();
        for (int member = next(); member != JsonScanner.END; member = next()) {
            if (member == JsonScanner.OTHER) {
                json.skipValue();
                continue;
            }
            if (starts[member] != 0) {
                throw json.error("a second member '" + MEMBERS[member] + "'");
            }
            starts[member] = json.skipAny();
            if (member == DATA) {
                dataEnd = json.position();
            }
        }
        json.end();
    }

    private int next() {
        return json.nextMember(MEMBERS, false);
    }

    private Type type() {
        find(TYPE);
        int index = json.word(TYPE_LABELS, true);
        if (index == JsonScanner.OTHER) {
            throw json.error("an unknown 'type'");
        }
        return TYPES[index];
    }

    private ClientMessage message(Type type) {
        return switch (type) {
            case JOIN_GROUP -> new ClientMessage.JoinGroup(group(), ackId());
            case LEAVE_GROUP -> new ClientMessage.LeaveGroup(group(), ackId());
            case SEND_TO_GROUP -> isPresent(STREAM) ? startStream() : sendToGroup();
            case EVENT -> {
                Metadata metadata = metadata();
                yield new ClientMessage.Event(event(), data(metadata), ackId(), metadata);
            }
            case PING -> new ClientMessage.Ping();
            case SEQUENCE_ACK -> new ClientMessage.SequenceAck(unsigned(SEQUENCE_ID));
            case INVOKE -> invoke();
            case CANCEL_INVOCATION -> new ClientMessage.CancelInvocation(id(INVOCATION_ID));
            case STREAM_DATA -> streamData();
            case STREAM_END -> new ClientMessage.EndStream(id(STREAM_ID), isPresent(ERROR) ? streamError() : null);
            case SET_GROUP_STATE ->
                new ClientMessage.SetGroupState(group(), ackId(), isPresent(STATE) ? state() : null);
            case SUBSCRIBE_GROUP_STATE -> new ClientMessage.SubscribeGroupState(group(), ackId());
            case UNSUBSCRIBE_GROUP_STATE -> new ClientMessage.UnsubscribeGroupState(group(), ackId());
        };
    }

    /** Whoever asked is answered in the way in which it would have been answered. */
    private ClientMessage refused(Type type, String why) {
        if (type == Type.INVOKE) {
            return new ClientMessage.RefusedInvocation(id(INVOCATION_ID), why);
        } else if (type == Type.STREAM_DATA) {
            return new ClientMessage.RefusedStream(id(STREAM_ID), why);
        } else if (type == Type.SEND_TO_GROUP && isPresent(STREAM) && !isPresent(ACK_ID)) {
            return new ClientMessage.RefusedStream(stream().id(), why);
        }
        return new ClientMessage.Refused(ackId(), why);
    }

    private ClientMessage sendToGroup() {
        Metadata metadata = metadata();
        return new ClientMessage.SendToGroup(group(), data(metadata), ackId(), noEcho(), ttlSeconds(), metadata);
    }

    private ClientMessage startStream() {
        Stream stream = stream();
        if (isPresent(ACK_ID)) {
            throw new InvalidContent("A stream has streamAck messages and no ackId.");
        }
        if (isPresent(DATA)) {
            throw new InvalidContent("The data of a stream comes in streamData messages.");
        }
        return new ClientMessage.StartStream(
                stream.id(), group(), stream.idleTimeoutMillis(), noEcho(), ttlSeconds(), metadata());
    }

    private ClientMessage invoke() {
        String invocationId = id(INVOCATION_ID);
        find(TARGET);
        if (json.word(TARGETS, true) == JsonScanner.OTHER) {
            throw new InvalidContent("The target of an invocation is 'event'.");
        }
        return new ClientMessage.Invoke(invocationId, event(), isPresent(DATA) ? data(Metadata.NONE) : null);
    }

    private ClientMessage streamData() {
        String streamId = id(STREAM_ID);
        return isPresent(DATA)
                ? new ClientMessage.StreamData(streamId, unsigned(STREAM_SEQUENCE_ID), data(Metadata.NONE))
                : new ClientMessage.StreamKeepAlive(streamId);
    }

    // --- members

    private boolean isPresent(int member) {
        return starts[member] != 0 && (bytes[starts[member]] != 'n' || member == DATA);
    }

    /** Goes to a member that must be there. */
    private void find(int member) {
        if (!isPresent(member)) {
            throw missing(MEMBERS[member]);
        }
        json.seek(starts[member]);
    }

    private static ProtocolViolation missing(String name) {
        return new ProtocolViolation("JSON: no valid '" + name + "' in the message");
    }

    private String text(int member) {
        find(member);
        return json.string();
    }

    private long unsigned(int member) {
        find(member);
        return json.unsigned();
    }

    private @Nullable Long ackId() {
        return isPresent(ACK_ID) ? unsigned(ACK_ID) : null;
    }

    private String group() {
        return GroupName.checked(text(GROUP));
    }

    private String event() {
        return EventName.checked(text(EVENT));
    }

    private String id(int member) {
        return checkedId(text(member), MEMBERS[member]);
    }

    private static String checkedId(@Nullable String id, String name) {
        if (id == null || id.isEmpty() || id.length() > MAX_ID_LENGTH) {
            throw missing(name);
        }
        return id;
    }

    private boolean noEcho() {
        if (!isPresent(NO_ECHO)) {
            return false;
        }
        find(NO_ECHO);
        return json.bool();
    }

    private int ttlSeconds() {
        if (!isPresent(TTL_SECONDS)) {
            return 0;
        }
        find(TTL_SECONDS);
        return TimeToLive.checked(json.integer());
    }

    private Metadata metadata() {
        if (!isPresent(METADATA)) {
            return Metadata.NONE;
        }
        var builder = new Metadata.Builder();
        entries(METADATA, builder::add);
        return builder.build();
    }

    private Map<String, String> state() {
        var builder = new StateBuilder();
        entries(STATE, builder::add);
        return builder.build();
    }

    private void entries(int member, BiConsumer<String, String> into) {
        find(member);
        json.beginObject();
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            into.accept(name, json.string());
        }
    }

    private record Stream(String id, @Nullable Integer idleTimeoutMillis) {}

    private Stream stream() {
        find(STREAM);
        String id = null;
        Integer idleTimeout = null;
        json.beginObject();
        for (int member = json.nextMember(STREAM_MEMBERS, false);
                member != JsonScanner.END;
                member = json.nextMember(STREAM_MEMBERS, false)) {
            switch (member) {
                case 0 -> id = json.string();
                case 1 -> idleTimeout = json.takeNull() ? null : milliseconds(json.unsigned());
                default -> json.skipValue();
            }
        }
        return new Stream(checkedId(id, STREAM_MEMBERS[0]), idleTimeout);
    }

    /** What is more than some weeks is for ever. */
    private static int milliseconds(long unsigned) {
        return unsigned < 0 ? Integer.MAX_VALUE : (int) Math.min(unsigned, Integer.MAX_VALUE);
    }

    private StreamError streamError() {
        find(ERROR);
        String message = null;
        String userErrorCode = null;
        json.beginObject();
        for (int member = json.nextMember(ERROR_MEMBERS, false);
                member != JsonScanner.END;
                member = json.nextMember(ERROR_MEMBERS, false)) {
            switch (member) {
                case 0 -> message = json.stringOrNull();
                case 1 -> userErrorCode = json.stringOrNull();
                default -> json.skipValue();
            }
        }
        return new StreamError("UserError", message, userErrorCode);
    }

    // --- data

    /** Without data a message must have metadata, and is an empty text. */
    private Payload data(Metadata metadata) {
        if (!isPresent(DATA) && !metadata.isEmpty()) {
            return Payload.EMPTY_TEXT;
        }
        find(DATA);
        return switch (dataType()) {
            case JSON -> json();
            case TEXT -> new Payload(DataType.TEXT, unquoted());
            case BINARY -> new Payload(DataType.BINARY, base64());
            case PROTOBUF -> Payload.checked(DataType.PROTOBUF, base64());
        };
    }

    private DataType dataType() {
        if (!isPresent(DATA_TYPE)) {
            return DataType.JSON;
        }
        find(DATA_TYPE);
        int index = json.word(DATA_TYPE_LABELS, true);
        if (index == JsonScanner.OTHER) {
            throw json.error("an unknown 'dataType'");
        }
        return DATA_TYPES[index];
    }

    private Payload json() {
        if (bytes[starts[DATA]] == 'n') {
            throw missing(MEMBERS[DATA]);
        }
        return new Payload(DataType.JSON, Arrays.copyOfRange(bytes, starts[DATA], dataEnd));
    }

    /** What the string that the data is stands for. */
    private byte[] unquoted() {
        if (bytes[starts[DATA]] != '"') {
            throw missing(MEMBERS[DATA]);
        }
        int from = starts[DATA] + 1;
        int to = dataEnd - 1;
        int length = JsonStrings.unescapedLength(bytes, from, to);
        if (length == to - from) {
            return Arrays.copyOfRange(bytes, from, to); // an escape always shortens, so there is none
        }
        byte[] text = new byte[length];
        JsonStrings.unescape(bytes, from, to, text, 0);
        return text;
    }

    /** RFC 4648, 4, with its padding, and nothing in between. */
    private byte[] base64() {
        byte[] text = unquoted();
        try {
            if (text.length % 4 == 0) {
                return Base64.getDecoder().decode(text);
            }
        } catch (IllegalArgumentException malformed) {
            // as below
        }
        throw new ProtocolViolation("JSON: no valid base64 as 'data'");
    }
}
