package io.tidewire.webpubsub.protocol;

import io.tidewire.service.protocol.ByteOutput;
import io.tidewire.service.protocol.VarInt;
import java.util.Map;

/** Composes a protobuf message, field by field. What is not there is not written, as proto3 wants it. */
final class ProtobufMessage {
    /** Of a field that is a varint. */
    static final int VARINT = 0;
    /** Of a field that has a length in front. */
    static final int LENGTH = 2;

    private final ByteOutput out;

    ProtobufMessage(int expected) {
        out = new ByteOutput(expected);
    }

    int size() {
        return out.size();
    }

    byte[] array() {
        return out.array();
    }

    ProtobufMessage text(int field, String value) {
        byte[] utf8 = ByteOutput.utf8(value);
        announce(field, utf8.length);
        out.put(utf8);
        return this;
    }

    /** Written even if it is 0. */
    ProtobufMessage integer(int field, long value) {
        out.put(tag(field, VARINT));
        VarInt.write(out, value);
        return this;
    }

    ProtobufMessage message(int field, ProtobufMessage inner) {
        announce(field, inner.size());
        out.put(inner.array(), 0, inner.size());
        return this;
    }

    ProtobufMessage map(int field, Map<String, String> entries) {
        entries.forEach((key, value) -> {
            var entry = new ProtobufMessage(4 + key.length() + value.length());
            message(field, entry.text(1, key).text(2, value));
        });
        return this;
    }

    /** The head of a field whose value, of so many bytes, comes after all this. */
    ProtobufMessage announce(int field, int length) {
        out.put(tag(field, LENGTH));
        VarInt.write(out, length);
        return this;
    }

    /** In one byte: no field of ours has a number above 15. */
    static int tag(int field, int wireType) {
        return field << 3 | wireType;
    }
}
