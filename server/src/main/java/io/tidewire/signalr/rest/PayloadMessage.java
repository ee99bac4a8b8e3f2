package io.tidewire.signalr.rest;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.tidewire.http.Problem;
import io.tidewire.service.protocol.ProtocolViolation;
import io.tidewire.signalr.protocol.ServerMessage;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of a send operation in each of the content types there are (reference C.1). What is wrong with a body is a
 * {@link Problem} 400 {@code Error.Request.Invalid} that says where. Stateless; any thread.
 */
public final class PayloadMessage {
    /** An unknown content type is quoted up to this length. */
    private static final int MAX_QUOTED = 100;

    private static final String INVALID = "Error.Request.Invalid";

    private PayloadMessage() {}

    /**
     * Reads a whole body.
     *
     * @param mediaType the Content-Type, with or without parameters; a request without one is taken for JSON
     * @param body borrowed; its indexes stay
     * @throws Problem 400 for a body that is no message, 415 for another content type
     */
    public static ServerMessage read(@Nullable String mediaType, ByteBuf body) {
        String type = essence(mediaType);
        byte[] bytes = ByteBufUtil.getBytes(body);
        try {
            return switch (type) {
                case "", "application/json", "text/json" -> PayloadMessageJson.read(filled(bytes));
                case "application/x-msgpack" -> PayloadMessageMessagePack.read(filled(bytes));
                case "application/octet-stream" -> PayloadMessageMessagePack.readFramed(filled(bytes));
                default -> throw unsupported(type);
            };
        } catch (ProtocolViolation violation) {
            throw new Problem(400, INVALID, "The request body is not valid. " + violation.message() + ".");
        }
    }

    private static String essence(@Nullable String mediaType) {
        if (mediaType == null) {
            return "";
        }
        int parameters = mediaType.indexOf(';');
        String type = parameters < 0 ? mediaType : mediaType.substring(0, parameters);
        return type.strip().toLowerCase(Locale.ROOT);
    }

    private static byte[] filled(byte[] body) {
        if (body.length == 0) {
            throw new Problem(400, INVALID, "Message in request body is required.");
        }
        return body;
    }

    private static Problem unsupported(String type) {
        String quoted = type.length() > MAX_QUOTED ? type.substring(0, MAX_QUOTED) + "..." : type;
        return new Problem(
                415,
                INVALID,
                "Content-Type '" + quoted + "' is not supported."
                        + " Use application/json, application/x-msgpack or application/octet-stream.");
    }
}
