package io.tidewire.hub;

import org.jspecify.annotations.Nullable;

/**
 * Why a connection ended.
 *
 * @param category the name it is counted under
 * @param message what the client is told, null for nothing
 * @param allowReconnect whether the client may come back by itself
 */
public record Disconnect(Category category, @Nullable String message, boolean allowReconnect) {

    /**
     * The vendor's ConnectionCloseCategory values (SignalR reference H.1, Web PubSub reference J), as far as Tidewire closes for
     * them.
     */
    public enum Category {
        NORMAL("Normal"),
        THROTTLED("Throttled"),
        PING_TIMEOUT("PingTimeout"),
        INVOKE_UPSTREAM_FAILED("InvokeUpstreamFailed"),
        SEND_EVENT_FAILED("SendEventFailed"),
        EVENT_HANDLER_NOT_FOUND("EventHandlerNotFound"),
        SLOW_CLIENT("SlowClient"),
        HANDSHAKE_ERROR("HandshakeError"),
        SERVICE_TRANSIENT_ERROR("ServiceTransientError"),
        BAD_REQUEST("BadRequest"),
        CLOSED_BY_APP_SERVER("ClosedByAppServer"),
        SERVICE_RELOAD("ServiceReload"),
        UNAUTHORIZED("Unauthorized");

        private final String label;

        Category(String label) {
            this.label = label;
        }

        /** The name in metrics and logs. */
        public String label() {
            return label;
        }
    }

    /** The client said goodbye or closed its socket in order. */
    public static final Disconnect NORMAL = new Disconnect(Category.NORMAL, null, false);

    /** The socket broke without a close. */
    public static final Disconnect CONNECTION_LOST =
            new Disconnect(Category.NORMAL, "The connection was lost without a close.", true);

    /** This node is stopping. */
    public static final Disconnect SERVICE_RELOAD =
            new Disconnect(Category.SERVICE_RELOAD, "Service reloading, try reconnecting", true);

    /** Something failed on this side that may be gone at the next try. */
    public static final Disconnect TRANSIENT_ERROR =
            new Disconnect(Category.SERVICE_TRANSIENT_ERROR, "Internal server transient error", true);

    /** Nothing came from the client for the whole client timeout. */
    public static final Disconnect PING_TIMEOUT =
            new Disconnect(Category.PING_TIMEOUT, "Connection ping timeout", true);

    /** The authentication of a client that asked for it has expired; one that may not come back is told otherwise. */
    public static Disconnect authenticationExpired(boolean allowReconnect) {
        return new Disconnect(Category.UNAUTHORIZED, "The authentication has expired.", allowReconnect);
    }

    /** More waits for the client than its bound allows, because it reads too slowly. */
    public static final Disconnect SLOW_CLIENT =
            new Disconnect(Category.SLOW_CLIENT, "The client reads too slowly", true);

    /** The client was away, and more waited for it than is kept. */
    public static final Disconnect MISSED_TOO_MUCH = new Disconnect(
            Category.SLOW_CLIENT,
            "More messages wait for the client than signalr.client.reconnect.maxReplayBytes allows",
            true);

    /** Others took the last place between negotiate and the transport. */
    public static final Disconnect CONNECTION_LIMIT =
            new Disconnect(Category.THROTTLED, "Connection count reaches limit", false);

    /** The messages of this day are used up, and the client is owed one. */
    public static final Disconnect MESSAGE_LIMIT =
            new Disconnect(Category.THROTTLED, "Message count reaches limit", false);

    /** The client said something that its protocol does not allow; it may be told no more than that. */
    public static final Disconnect PROTOCOL_ERROR =
            new Disconnect(Category.BAD_REQUEST, "Connection closed with an error.", false);

    /** As {@link #PROTOCOL_ERROR}, for a client that may know the details. */
    public static Disconnect protocolError(String detail) {
        return new Disconnect(Category.BAD_REQUEST, detail, false);
    }

    /** The application was asked and does not want this client (reference J 10). */
    public static final Disconnect NOT_ACCEPTED =
            new Disconnect(Category.INVOKE_UPSTREAM_FAILED, "The application does not accept this connection.", false);

    /** More of what the client sent waits for the application than may. */
    public static Disconnect backlog(String detail) {
        return new Disconnect(Category.THROTTLED, detail, true);
    }

    /** The client floods the server with what costs work and carries nothing. */
    public static Disconnect flooding(String detail) {
        return new Disconnect(Category.THROTTLED, detail, false);
    }

    /** No protocol could be agreed on. */
    public static Disconnect handshakeError(String detail) {
        return new Disconnect(Category.HANDSHAKE_ERROR, detail, false);
    }

    /** Closed over REST: the caller's reason goes to the client, which may reconnect (reference C.7). */
    public static Disconnect byApplication(@Nullable String reason) {
        return new Disconnect(Category.CLOSED_BY_APP_SERVER, reason, true);
    }

    /** As {@link #byApplication}, for a caller of Web PubSub who gives no reason. */
    public static final Disconnect BY_REST = byApplication("Closed by REST API.");

    /** The client asked for a connection that is gone, never was, or is not its own; it may come back as a new one. */
    public static final Disconnect NOT_RECOVERED =
            new Disconnect(Category.BAD_REQUEST, "The connection could not be recovered.", true);

    /** More messages wait for a reliable client's acknowledgement than are kept. */
    public static final Disconnect TOO_MANY_UNACKNOWLEDGED = new Disconnect(
            Category.SLOW_CLIENT,
            "More messages wait to be acknowledged than webpubsub.client.reliable.maxMessages allows",
            true);

    /** As {@link #TOO_MANY_UNACKNOWLEDGED}, of the messages' bytes. */
    public static final Disconnect TOO_MUCH_UNACKNOWLEDGED = new Disconnect(
            Category.SLOW_CLIENT,
            "More bytes wait to be acknowledged than webpubsub.client.reliable.maxBytes allows",
            true);

    /** The event handler failed, and the client has no other way to learn it. */
    public static final Disconnect EVENT_FAILED =
            new Disconnect(Category.SEND_EVENT_FAILED, "The event could not be handled.", true);

    /** As {@link #EVENT_FAILED}, because there is neither handler nor listener. */
    public static final Disconnect NO_EVENT_HANDLER =
            new Disconnect(Category.EVENT_HANDLER_NOT_FOUND, "There is no handler for the event.", false);

    /** A simple client sent to the group of its mode and may not. */
    public static final Disconnect SEND_NOT_ALLOWED =
            new Disconnect(Category.UNAUTHORIZED, "The client may not send to its group in mode sendToGroup.", false);

    /** The hub lets no connection grow older. */
    public static final Disconnect LIFETIME_OVER = new Disconnect(
            Category.NORMAL, "The connection is as old as webpubsub.hubs.{hub}.maxConnectionLifetime allows", true);

    /** A binary frame where the subprotocol has text, or the other way round. */
    public static final Disconnect WRONG_FRAME_KIND =
            new Disconnect(Category.BAD_REQUEST, "The subprotocol has no frames of this kind.", false);
}
