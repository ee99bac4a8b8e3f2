package io.tidewire.signalr.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.tidewire.hub.Hub;
import io.tidewire.signalr.protocol.Handshake;
import io.tidewire.signalr.protocol.HandshakeReader;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's way in (reference D.3): the handshake within its time, then membership of the hub and of its user's groups. What
 * the client sends before it is answered is kept, bounded like one message. Confined to the client's loop.
 */
final class Entrance {
    private static final Logger LOG = LoggerFactory.getLogger(Entrance.class);
    private static final Handshake.Refused ID_TAKEN =
            new Handshake.Refused("This connection is open already.", "the id was taken meanwhile");

    private final ClientSession session;
    private final Hub hub;
    private final EventLoop loop;
    private final int maxEarlyBytes;
    private final HandshakeReader handshake = new HandshakeReader();
    private final ScheduledFuture<?> timeout;

    private boolean accepted;
    private @Nullable ByteBuf early;

    Entrance(ClientSession session, Hub hub, EventLoop loop, Duration patience, int maxEarlyBytes) {
        this.session = session;
        this.hub = hub;
        this.loop = loop;
        this.maxEarlyBytes = maxEarlyBytes;
        this.timeout =
                loop.schedule(() -> session.refuse(Handshake.CANCELED), patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    void read(ByteBuf payload) {
        if (accepted) {
            keep(payload);
            return;
        }
        Handshake answer = handshake.read(payload);
        switch (answer) {
            case null -> {}
            case Handshake.Refused refused -> session.refuse(refused);
            case Handshake.Accepted fine -> accept(fine, payload);
        }
    }

    /**
     * Makes the client a member of the hub, and lets it in when all groups are in place: from then on it counts on receiving
     * what is sent to them.
     */
    private void accept(Handshake.Accepted fine, ByteBuf more) {
        if (fine.protocol().binary() && !session.wire().carriesBinary()) {
            session.refuse(textOnly(fine.protocol().name(), session.wire().transport()));
            return;
        }
        timeout.cancel(false);
        accepted = true;
        var member = session.member(fine.protocol());
        keep(more);
        hub.open(member, loop).whenComplete((opened, failure) -> {
            if (!session.isEntering()) {
                return;
            }
            if (failure != null) {
                LOG.info("Connection {} could not be opened: {}", session.connectionId(), failure.toString());
                session.fail();
            } else if (opened) {
                letIn(fine);
            } else {
                session.taken(ID_TAKEN);
            }
        });
    }

    private void letIn(Handshake.Accepted fine) {
        ByteBuf kept = early;
        early = null;
        try {
            session.admit(fine, kept);
        } finally {
            if (kept != null) {
                kept.release();
            }
        }
    }

    private static Handshake.Refused textOnly(String protocol, String transport) {
        return new Handshake.Refused(
                "The protocol '" + protocol + "' is binary, and " + transport + " carries text only.",
                protocol + " over " + transport);
    }

    private void keep(ByteBuf payload) {
        if (!payload.isReadable()) {
            return;
        }
        if (early == null) {
            early = payload.alloc().heapBuffer(payload.readableBytes());
        }
        if (early.readableBytes() + payload.readableBytes() > maxEarlyBytes) {
            session.violated("The client sends before the handshake is answered");
        } else {
            early.writeBytes(payload);
        }
    }

    /** The client does not come in. */
    void close() {
        timeout.cancel(false);
        if (early != null) {
            early.release();
            early = null;
        }
    }
}
