package io.tidewire.app.cost;

import io.tidewire.transport.RawWebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The kinds of clients whose cost is watched. */
enum ClientForm {
    SIGNALR_JSON,
    SIGNALR_MESSAGE_PACK,
    SIGNALR_EVENTS,
    PUBSUB_JSON,
    PUBSUB_RELIABLE_JSON,
    PUBSUB_PROTOBUF,
    PUBSUB_SIMPLE;

    boolean isSignalR() {
        return this == SIGNALR_JSON || this == SIGNALR_MESSAGE_PACK || this == SIGNALR_EVENTS;
    }

    /** The header line that asks for the subprotocol; empty when there is none. */
    String subprotocol() {
        return switch (this) {
            case SIGNALR_JSON, SIGNALR_MESSAGE_PACK, SIGNALR_EVENTS, PUBSUB_SIMPLE -> "";
            case PUBSUB_JSON -> "Sec-WebSocket-Protocol: json.webpubsub.azure.v1\r\n";
            case PUBSUB_RELIABLE_JSON -> "Sec-WebSocket-Protocol: json.reliable.webpubsub.azure.v1\r\n";
            case PUBSUB_PROTOBUF -> "Sec-WebSocket-Protocol: protobuf.webpubsub.azure.v1\r\n";
        };
    }

    /** What a client of SignalR says first. */
    String handshake() {
        return this == SIGNALR_MESSAGE_PACK
                ? "{\"protocol\":\"messagepack\",\"version\":1}\36"
                : "{\"protocol\":\"json\",\"version\":1}\36";
    }

    /** Messages that the server sends by itself to one who has just upgraded. */
    int greetings() {
        return isSignalR() || this == PUBSUB_SIMPLE ? 0 : 1;
    }

    /** How many whole messages these bytes are. */
    int count(ByteBuffer bytes) {
        return this == SIGNALR_EVENTS ? events(bytes) : frames(bytes);
    }

    /** An event ends with a blank line, and the chunk it came in with another line end. */
    private static int events(ByteBuffer bytes) {
        return StandardCharsets.US_ASCII.decode(bytes).toString().split("\r\n\r\n\r\n", -1).length - 1;
    }

    private static int frames(ByteBuffer bytes) {
        int frames = 0;
        while (bytes.remaining() >= 2) {
            int first = bytes.get() & 0xFF;
            int length = bytes.get();
            if (length == 126) {
                length = bytes.remaining() < 2 ? Integer.MAX_VALUE : bytes.getShort() & 0xFFFF;
            }
            if (length > bytes.remaining()) {
                break;
            }
            if ((first & RawWebSocket.FIN) == 0 || (first & 0xF) > RawWebSocket.BINARY) {
                throw new AssertionError("Not a message: a frame that begins with " + first);
            }
            bytes.position(bytes.position() + length);
            frames++;
        }
        return frames;
    }
}
