package io.tidewire.webpubsub.client;

import io.tidewire.hub.Disconnect;
import io.tidewire.hub.Disconnect.Category;
import io.tidewire.transport.WireClose;

/**
 * An end with its two sides: what is counted and told to the application, and what the client's WebSocket is closed with (reference D.5).
 */
record Closing(Disconnect why, WireClose how) {
    static final Closing NO_HANDLER = with(1011, Disconnect.NO_EVENT_HANDLER);
    static final Closing EVENT_FAILED = with(1011, Disconnect.EVENT_FAILED);
    static final Closing MAY_NOT_SEND = with(1008, Disconnect.SEND_NOT_ALLOWED);
    static final Closing SLOW = with(1008, Disconnect.SLOW_CLIENT);
    static final Closing FULL = with(1008, Disconnect.CONNECTION_LIMIT);
    static final Closing FAILED = new Closing(Disconnect.TRANSIENT_ERROR, WireClose.INTERNAL_ERROR);
    static final Closing LIFETIME = with(1000, Disconnect.LIFETIME_OVER);
    static final Closing TOO_MANY_UNACKNOWLEDGED = with(1008, Disconnect.TOO_MANY_UNACKNOWLEDGED);
    static final Closing TOO_MUCH_UNACKNOWLEDGED = with(1008, Disconnect.TOO_MUCH_UNACKNOWLEDGED);
    static final Closing NO_ROOM = new Closing(Disconnect.backlog(WireClose.NO_ROOM.reason()), WireClose.NO_ROOM);
    static final Closing NO_JSON = violation("The client message is not a valid JSON protocol message.");
    static final Closing NO_PROTOBUF = violation("The client message is not a valid protobuf protocol message.");
    static final Closing WRONG_KIND = with(1003, Disconnect.WRONG_FRAME_KIND);

    /** For an end that somebody else decides. */
    static Closing of(Disconnect why) {
        int code = switch (why.category()) {
            case NORMAL, CLOSED_BY_APP_SERVER, PING_TIMEOUT -> 1000;
            case SERVICE_RELOAD -> 1001;
            case THROTTLED, SLOW_CLIENT, UNAUTHORIZED -> 1008;
            case BAD_REQUEST, HANDSHAKE_ERROR -> 1007;
            case SERVICE_TRANSIENT_ERROR, INVOKE_UPSTREAM_FAILED, SEND_EVENT_FAILED, EVENT_HANDLER_NOT_FOUND -> 1011;
        };
        return new Closing(why, new WireClose(code, words(why)));
    }

    /** What the client is told. */
    String words() {
        return words(why);
    }

    private static String words(Disconnect why) {
        if (why.message() != null) {
            return why.message();
        }
        return why.category() == Category.CLOSED_BY_APP_SERVER ? words(Disconnect.BY_REST) : "";
    }

    private static Closing violation(String words) {
        return with(1007, Disconnect.protocolError(words));
    }

    private static Closing with(int code, Disconnect why) {
        return new Closing(why, new WireClose(code, words(why)));
    }
}
