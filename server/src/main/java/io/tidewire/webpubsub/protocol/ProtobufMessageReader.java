package io.tidewire.webpubsub.protocol;

import static io.tidewire.webpubsub.protocol.ProtobufMessage.LENGTH;
import static io.tidewire.webpubsub.protocol.ProtobufMessage.VARINT;

import io.netty.buffer.ByteBuf;
import io.tidewire.service.protocol.ByteOutput;
import io.tidewire.service.protocol.MessageView;
import io.tidewire.service.protocol.ProtocolViolation;
import org.jspecify.annotations.Nullable;

/**
 * Reads one {@code UpstreamMessage} (reference D.9), as proto3 says: unknown fields are skipped, also those with a known number and
 * another wire type; of a field that comes twice the last one counts, two messages of one kind are merged field by field, and the
 * last kind of a oneof wins. A message of a kind that we do not know is nothing: null.
 *
 * <p>What is malformed, or has no data, is a {@link ProtocolViolation}; what is beyond a limit is {@link ClientMessage.Refused}, as
 * in {@link JsonMessageReader}. A name that is not there is an empty one here, and therefore beyond a limit.
 */
final class ProtobufMessageReader {
    // Kinds, by their fields in UpstreamMessage.
    private static final int NONE = 0;
    private static final int SEND_TO_GROUP = 1;
    private static final int EVENT = 5;
    private static final int JOIN_GROUP = 6;
    private static final int LEAVE_GROUP = 7;
    private static final int SEQUENCE_ACK = 8;
    private static final int PING = 9;
    private static final int SET_GROUP_STATE = 15;
    private static final int SUBSCRIBE_GROUP_STATE = 16;
    private static final int UNSUBSCRIBE_GROUP_STATE = 17;

    private static final byte[] NOTHING = {};

    private final ProtobufScanner in;

    private int kind = NONE;
    private String name = "";
    private @Nullable Long ackId;
    private @Nullable DataType dataType;
    private byte[] data = NOTHING;
    /** The data again, while it may go on: an {@code Any} that comes in several parts. */
    private @Nullable ByteOutput any;

    private boolean noEcho;
    private long ttlSeconds;
    private long sequenceId;
    private boolean stream;
    private Metadata.@Nullable Builder metadata;
    private @Nullable StateBuilder state;

    /** The first limit that a map has passed. Maps are skipped from then on, and what else comes cannot undo it. */
    private @Nullable InvalidContent invalid;

    private ProtobufMessageReader(MessageView message) {
        in = new ProtobufScanner(message.bytes(), message.from(), message.to());
    }

    static @Nullable ClientMessage read(ByteBuf payload) {
        var view = new MessageView(payload, payload.readerIndex(), payload.readableBytes());
        var reader = new ProtobufMessageReader(view);
        reader.in.walk(reader::readKind);
        try {
            return reader.message();
        } catch (InvalidContent beyond) {
            return new ClientMessage.Refused(reader.ackId, beyond.message());
        }
    }

    private void readKind(int tag) {
        int field = ProtobufScanner.field(tag);
        if (!ProtobufScanner.is(tag, field, LENGTH)) {
            in.skip(tag);
            return;
        }
        switch (field) {
            case SEND_TO_GROUP -> read(field, this::sendToGroup);
            case EVENT -> read(field, this::event);
            case SEQUENCE_ACK -> read(field, this::sequenceAck);
            case PING -> read(field, in::skip);
            case SET_GROUP_STATE -> read(field, this::groupState);
            case JOIN_GROUP, LEAVE_GROUP, SUBSCRIBE_GROUP_STATE, UNSUBSCRIBE_GROUP_STATE -> read(field, this::group);
            default -> in.skip(tag);
        }
    }

    private void read(int field, ProtobufScanner.Fields fields) {
        if (kind != field) {
            forget();
            kind = field;
        }
        in.message(fields);
    }

    /** Another kind of message takes the place of the one before. */
    private void forget() {
        name = "";
        ackId = null;
        dataType = null;
        data = NOTHING;
        any = null;
        noEcho = false;
        ttlSeconds = 0;
        sequenceId = 0;
        stream = false;
        metadata = null;
        state = null;
    }

    // --- fields, by their tags

    private void sendToGroup(int tag) {
        switch (tag) {
            case 1 << 3 | LENGTH -> name = in.text();
            case 2 << 3 | VARINT -> ackId = in.integer();
            case 3 << 3 | LENGTH -> in.message(this::data);
            case 4 << 3 | VARINT -> noEcho = in.bool();
            case 5 << 3 | VARINT -> ttlSeconds = in.integer32();
            case 6 << 3 | LENGTH -> metadataEntry(tag);
            case 7 << 3 | LENGTH -> {
                stream = true;
                in.message(this::stream);
            }
            default -> in.skip(tag);
        }
    }

    private void stream(int tag) {
        if (tag == (1 << 3 | LENGTH)) {
            var _ = in.text();
        } else {
            in.skip(tag);
        }
    }

    private void event(int tag) {
        switch (tag) {
            case 1 << 3 | LENGTH -> name = in.text();
            case 2 << 3 | LENGTH -> in.message(this::data);
            case 3 << 3 | VARINT -> ackId = in.integer();
            case 4 << 3 | LENGTH -> metadataEntry(tag);
            default -> in.skip(tag);
        }
    }

    private void sequenceAck(int tag) {
        if (tag == (1 << 3 | VARINT)) {
            sequenceId = in.integer();
        } else {
            in.skip(tag);
        }
    }

    private void group(int tag) {
        switch (tag) {
            case 1 << 3 | LENGTH -> name = in.text();
            case 2 << 3 | VARINT -> ackId = in.integer();
            default -> in.skip(tag);
        }
    }

    private void groupState(int tag) {
        if (tag != (3 << 3 | LENGTH)) {
            group(tag);
            return;
        }
        StateBuilder entries = state == null ? new StateBuilder() : state;
        state = entries;
        in.message(inner -> {
            if (inner == (1 << 3 | LENGTH)) {
                entry(inner, entries::add);
            } else {
                in.skip(inner);
            }
        });
    }

    private void data(int tag) {
        switch (tag) {
            case 1 << 3 | LENGTH -> data(DataType.TEXT, in.utf8());
            case 2 << 3 | LENGTH -> data(DataType.BINARY, in.bytes());
            case 3 << 3 | LENGTH -> any(in.bytes());
            case 4 << 3 | LENGTH -> data(DataType.JSON, in.utf8());
            default -> in.skip(tag);
        }
    }

    private void data(DataType type, byte[] bytes) {
        dataType = type;
        data = bytes;
        any = null;
    }

    /** A message behind another one is both of them merged. */
    private void any(byte[] bytes) {
        ProtobufScanner.checkAny(bytes);
        ByteOutput parts = any;
        if (dataType != DataType.PROTOBUF) {
            data(DataType.PROTOBUF, bytes);
        } else {
            any = (parts == null ? new ByteOutput(data.length + bytes.length).put(data) : parts).put(bytes);
        }
    }

    private void metadataEntry(int tag) {
        Metadata.Builder builder = metadata == null ? new Metadata.Builder() : metadata;
        metadata = builder;
        entry(tag, builder::add);
    }

    @FunctionalInterface
    private interface Entries {
        void add(String key, String value);
    }

    private void entry(int tag, Entries into) {
        if (invalid != null) {
            in.skip(tag);
            return;
        }
        var entry = new Object() {
            String key = "";
            String value = "";
        };
        in.message(inner -> {
            switch (inner) {
                case 1 << 3 | LENGTH -> entry.key = in.text();
                case 2 << 3 | LENGTH -> entry.value = in.text();
                default -> in.skip(inner);
            }
        });
        try {
            into.add(entry.key, entry.value);
        } catch (InvalidContent beyond) {
            invalid = beyond;
        }
    }

    // --- what they mean

    private @Nullable ClientMessage message() {
        if (invalid != null) {
            throw invalid;
        }
        return switch (kind) {
            case NONE -> null;
            case SEND_TO_GROUP -> {
                if (stream) {
                    throw new InvalidContent("Streams need one of the JSON subprotocols.");
                }
                yield new ClientMessage.SendToGroup(
                        group(), payload(), ackId, noEcho, TimeToLive.checked(ttlSeconds), metadata());
            }
            case EVENT -> new ClientMessage.Event(EventName.checked(name), payload(), ackId, metadata());
            case JOIN_GROUP -> new ClientMessage.JoinGroup(group(), ackId);
            case LEAVE_GROUP -> new ClientMessage.LeaveGroup(group(), ackId);
            case SEQUENCE_ACK -> new ClientMessage.SequenceAck(sequenceId);
            case PING -> new ClientMessage.Ping();
            case SET_GROUP_STATE ->
                new ClientMessage.SetGroupState(group(), ackId, state == null ? null : state.build());
            case SUBSCRIBE_GROUP_STATE -> new ClientMessage.SubscribeGroupState(group(), ackId);
            case UNSUBSCRIBE_GROUP_STATE -> new ClientMessage.UnsubscribeGroupState(group(), ackId);
            default -> throw new IllegalStateException("kind " + kind);
        };
    }

    private Metadata metadata() {
        return metadata == null ? Metadata.NONE : metadata.build();
    }

    private String group() {
        return GroupName.checked(name);
    }

    private Payload payload() {
        return switch (dataType) {
            case null -> {
                if (metadata().isEmpty()) {
                    throw new ProtocolViolation("Protobuf: no 'data' in the message");
                }
                yield Payload.EMPTY_TEXT;
            }
            case TEXT, BINARY -> new Payload(dataType, data);
            case PROTOBUF -> new Payload(DataType.PROTOBUF, any == null ? data : any.toByteArray());
            case JSON -> Payload.checked(DataType.JSON, data);
        };
    }
}
