package io.tidewire.transport;

/**
 * How a transport ends: a WebSocket close code (RFC 6455, 7.4.1) and a reason of at most 123 UTF-8 bytes (longer ones are cut).
 */
public record WireClose(int code, String reason) {
    public static final WireClose NORMAL = new WireClose(1000, "");
    public static final WireClose GOING_AWAY = new WireClose(1001, "Server is stopping");
    public static final WireClose PROTOCOL_ERROR = new WireClose(1002, "Protocol error");
    public static final WireClose INVALID_PAYLOAD = new WireClose(1007, "Invalid payload");
    public static final WireClose POLICY = new WireClose(1008, "Policy violation");
    /** All clients together make this node hold as much as it may. */
    public static final WireClose NO_ROOM =
            new WireClose(1013, "The server holds too much for its clients (network.maxBufferedBytes)");

    public static final WireClose INTERNAL_ERROR = new WireClose(1011, "Internal error");
}
