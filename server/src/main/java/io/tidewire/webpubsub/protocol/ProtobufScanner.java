package io.tidewire.webpubsub.protocol;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.tidewire.service.protocol.ProtocolViolation;
import io.tidewire.service.protocol.Utf8;
import java.io.IOException;

/**
 * Reads the fields of a protobuf message, one after the other. Lengths are believed only as far as there are bytes, so nothing is
 * allocated that was not received. Groups, which proto3 has not, are refused; other unknown fields are skipped.
 *
 * <p>One use, one thread. The caller walks: {@link #next()} until 0, and for each tag exactly one of the methods that read a value.
 */
final class ProtobufScanner {
    /** What reads a field of an embedded message. */
    @FunctionalInterface
    interface Fields {
        void field(int tag);
    }

    private final CodedInputStream in;

    ProtobufScanner(byte[] bytes, int from, int to) {
        in = CodedInputStream.newInstance(bytes, from, to - from);
    }

    /** Number and wire type of the next field; 0 at the end of the message. */
    int next() {
        try {
            return in.readTag();
        } catch (IOException malformed) {
            throw violation();
        }
    }

    static int field(int tag) {
        return WireFormat.getTagFieldNumber(tag);
    }

    static boolean is(int tag, int field, int wireType) {
        return tag == (field << 3 | wireType);
    }

    String text() {
        try {
            return in.readStringRequireUtf8();
        } catch (IOException malformed) {
            throw violation();
        }
    }

    byte[] bytes() {
        try {
            return in.readByteArray();
        } catch (IOException malformed) {
            throw violation();
        }
    }

    /** A string as its bytes, which proto3 wants to be UTF-8. */
    byte[] utf8() {
        byte[] text = bytes();
        if (!Utf8.isValid(text, 0, text.length)) {
            throw violation();
        }
        return text;
    }

    long integer() {
        try {
            return in.readUInt64();
        } catch (IOException malformed) {
            throw violation();
        }
    }

    /** A uint32: a larger number is cut to that. The library is stricter with these, as to how many bytes a number may have. */
    long integer32() {
        try {
            return Integer.toUnsignedLong(in.readUInt32());
        } catch (IOException malformed) {
            throw violation();
        }
    }

    boolean bool() {
        return integer() != 0;
    }

    /** Walks an embedded message. */
    void message(Fields fields) {
        try {
            int outer = in.pushLimit(in.readRawVarint32());
            walk(fields);
            in.popLimit(outer);
        } catch (IOException malformed) {
            throw violation();
        }
    }

    /** Walks what is left. */
    void walk(Fields fields) {
        for (int tag = next(); tag != 0; tag = next()) {
            fields.field(tag);
        }
    }

    /** Steps over the value of a field that nobody knows. */
    void skip(int tag) {
        int type = WireFormat.getTagWireType(tag);
        if (type == WireFormat.WIRETYPE_START_GROUP || type == WireFormat.WIRETYPE_END_GROUP) {
            throw new ProtocolViolation("Protobuf: a group at byte " + in.getTotalBytesRead());
        }
        try {
            in.skipField(tag);
        } catch (IOException malformed) {
            throw violation();
        }
    }

    private ProtocolViolation violation() {
        return new ProtocolViolation("Protobuf: malformed at byte " + in.getTotalBytesRead());
    }

    /**
     * Checks the bytes of a {@code google.protobuf.Any}. What is in its value is between those who send it.
     *
     * @throws ProtocolViolation for anything else
     */
    static void checkAny(byte[] bytes) {
        var scanner = new ProtobufScanner(bytes, 0, bytes.length);
        scanner.walk(tag -> {
            if (is(tag, 1, WireFormat.WIRETYPE_LENGTH_DELIMITED)) { // the URL of the type
                scanner.text();
            } else {
                scanner.skip(tag);
            }
        });
    }
}
