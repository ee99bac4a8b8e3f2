package io.tidewire.signalr.client;

import io.netty.buffer.ByteBuf;
import io.tidewire.transport.Session;
import io.tidewire.transport.Wire;
import io.tidewire.transport.WireEnd;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket of a client that may come with several, one after the other: the latest one speaks for the client, and what
 * the ones before it still have to say is not heard. On the client's loop.
 */
final class Attachment implements Session {
    private final ClientSession session;
    private final int arrival;
    private @Nullable Wire wire;

    private Attachment(ClientSession session, int arrival) {
        this.session = session;
        this.arrival = arrival;
    }

    /** The WebSocket with which a connection begins. */
    static Attachment first(ClientSession session) {
        return new Attachment(session, 0);
    }

    /** One more, for a session of the {@link Directory}. Any thread, before the client hears that it is accepted. */
    static Attachment next(ClientSession session) {
        return new Attachment(session, session.nextArrival());
    }

    @Override
    public void onOpen(Wire opened) {
        wire = opened;
        session.attach(opened, arrival);
    }

    @Override
    public void onMessage(ByteBuf payload, boolean binary) {
        if (isCurrent()) {
            session.onMessage(payload, binary);
        }
    }

    @Override
    public void onOverflow() {
        if (isCurrent()) {
            session.onOverflow();
        }
    }

    @Override
    public void onClosed(WireEnd end) {
        if (isCurrent()) {
            session.onClosed(end);
        }
    }

    private boolean isCurrent() {
        return session.speaksOver(Objects.requireNonNull(wire));
    }
}
