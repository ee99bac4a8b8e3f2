package io.tidewire.webpubsub.protocol;

import io.tidewire.service.protocol.JsonScanner;
import io.tidewire.service.protocol.ProtocolViolation;
import io.tidewire.service.protocol.Utf8;

/**
 * The data of a message, carried as it came.
 *
 * @param bytes whole, and valid for the type; never changed
 */
@SuppressWarnings("ArrayRecordComponent") // passed on, never compared
public record Payload(DataType type, byte[] bytes) {
    public static final Payload EMPTY_TEXT = new Payload(DataType.TEXT, new byte[0]);

    /**
     * Of bytes that somebody sent and nobody has looked at. What is not valid must not be passed on: it would break the message
     * around it for those who receive it.
     *
     * @throws InvalidContent when they are not what the type says
     */
    public static Payload checked(DataType type, byte[] bytes) {
        boolean valid = switch (type) {
            case JSON -> isJson(bytes);
            case TEXT -> Utf8.isValid(bytes, 0, bytes.length);
            case BINARY -> true;
            case PROTOBUF -> isAny(bytes);
        };
        if (!valid) {
            throw new InvalidContent(
                    switch (type) {
                        case JSON -> "The data is not valid JSON.";
                        case TEXT -> "The data is not valid UTF-8.";
                        case BINARY, PROTOBUF -> "The data is not a google.protobuf.Any.";
                    });
        }
        return new Payload(type, bytes);
    }

    private static boolean isJson(byte[] bytes) {
        try {
            JsonScanner.checkItem(bytes);
            return true;
        } catch (ProtocolViolation none) {
            return false;
        }
    }

    private static boolean isAny(byte[] bytes) {
        try {
            ProtobufScanner.checkAny(bytes);
            return true;
        } catch (ProtocolViolation none) {
            return false;
        }
    }
}
