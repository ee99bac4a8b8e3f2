package io.tidewire.service.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.tidewire.transport.Relay;
import io.tidewire.transport.Session;
import io.tidewire.transport.Wire;
import io.tidewire.transport.WireEnd;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket of a client that may come with several, one after the other: the latest one speaks for the client, and what
 * the ones before it still have to say is not heard. On the client's loop.
 */
public final class Attachment implements Session {
    private final Returning session;
    private final int arrival;
    private @Nullable Wire wire;

    private Attachment(Returning session, int arrival) {
        this.session = session;
        this.arrival = arrival;
    }

    /** The WebSocket with which a connection begins. */
    public static Attachment first(Returning session) {
        return new Attachment(session, 0);
    }

    /**
     * One more, for a session of the {@link Directory}. Any thread, before the client hears that it is accepted.
     *
     * @param home the session's loop, to which a socket of another one is joined
     * @param loop that of the socket
     * @param maxUnsentBytes on their way from the one to the other
     */
    public static Session next(Returning session, EventLoop home, EventLoop loop, int maxUnsentBytes) {
        var attachment = new Attachment(session, session.nextArrival());
        return loop.equals(home) ? attachment : new Relay(attachment, home, maxUnsentBytes);
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
    public void onPong() {
        if (isCurrent()) {
            session.onPong();
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
