package io.tidewire.transport;

import io.netty.buffer.ByteBuf;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A session as its wire calls it: one that fails ends its own client and nothing else. On the loop of the wire. */
final class GuardedSession implements Session {
    private static final Logger log = LoggerFactory.getLogger(GuardedSession.class);

    private final Session session;
    private final Wire wire;

    GuardedSession(Session session, Wire wire) {
        this.session = session;
        this.wire = wire;
    }

    @Override
    public void onOpen(Wire opened) {
        try {
            session.onOpen(opened);
        } catch (Throwable failure) {
            failed(failure);
        }
    }

    @Override
    public void onMessage(ByteBuf payload, boolean binary) {
        try {
            session.onMessage(payload, binary);
        } catch (Throwable failure) {
            failed(failure);
        }
    }

    @Override
    public void onPong() {
        try {
            session.onPong();
        } catch (Throwable failure) {
            failed(failure);
        }
    }

    @Override
    public void onOverflow() {
        try {
            session.onOverflow();
        } catch (Throwable failure) {
            failed(failure);
        }
    }

    @Override
    public void onClosed(WireEnd end) {
        try {
            session.onClosed(end);
        } catch (Throwable failure) {
            report("A session", failure);
        }
    }

    private void failed(Throwable failure) {
        report("A session", failure);
        wire.close(WireClose.INTERNAL_ERROR);
    }

    /** Not its message, which may quote what the client sent. */
    static void report(String whose, Throwable failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        log.error(
                "{} failed and its client is closed: {} at {}",
                whose,
                failure.getClass().getName(),
                trace.length == 0 ? "unknown place" : trace[0]);
    }
}
