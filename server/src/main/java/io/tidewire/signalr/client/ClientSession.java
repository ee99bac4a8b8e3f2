package io.tidewire.signalr.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.tidewire.http.Redaction;
import io.tidewire.hub.Answer;
import io.tidewire.hub.Connection;
import io.tidewire.hub.Disconnect;
import io.tidewire.hub.Disconnect.Category;
import io.tidewire.hub.Frame;
import io.tidewire.hub.Hub;
import io.tidewire.hub.Link;
import io.tidewire.hub.Message;
import io.tidewire.service.client.Attachment;
import io.tidewire.service.client.Directory;
import io.tidewire.service.client.Heartbeat;
import io.tidewire.service.client.Returning;
import io.tidewire.service.client.Watched;
import io.tidewire.service.protocol.ProtocolViolation;
import io.tidewire.signalr.access.SignalRClaims;
import io.tidewire.signalr.protocol.ClientMessage;
import io.tidewire.signalr.protocol.Handshake;
import io.tidewire.signalr.protocol.HubMessageReader;
import io.tidewire.signalr.protocol.HubProtocol;
import io.tidewire.signalr.protocol.ServerMessage;
import io.tidewire.signalr.protocol.StreamFrame;
import io.tidewire.transport.Chatter;
import io.tidewire.transport.EncodedFrame;
import io.tidewire.transport.PostedWire;
import io.tidewire.transport.Wire;
import io.tidewire.transport.WireClose;
import io.tidewire.transport.WireEnd;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client from its transport's first byte to its end: in through an {@link Entrance}, then keep-alive, a {@link Dialogue},
 * perhaps a return over another WebSocket, and one way out. Everything happens on its event loop, for life.
 */
final class ClientSession implements Returning, Watched, Directory.Entry, Link, Caller {
    private static final Logger LOG = LoggerFactory.getLogger(ClientSession.class);
    private static final Handshake.Refused TOO_MANY =
            new Handshake.Refused("Connection count reaches limit", "the last place was taken meanwhile");
    private static final WireClose SLOW = new WireClose(1008, "The client reads too slowly");
    private static final WireClose TAKEN_OVER = new WireClose(1000, "The client came back on another WebSocket");
    private static final WireClose TOO_LATE = new WireClose(1008, "The connection has ended");
    private static final WireClose SILENT = new WireClose(1001, "Connection ping timeout");

    private enum State {
        /** The transport may be there; the {@link Entrance} has it. */
        ENTERING,
        /** A member of the hub, and told so. */
        OPEN,
        ENDED
    }

    private final String connectionId;
    private final ClientAccess.Client client;
    private final boolean mayReturn;
    private final Hub hub;
    private final EventLoop loop;
    private final Commons commons;
    private final ClientSettings settings;

    private State state = State.ENTERING;
    private @Nullable Wire wire;
    private @Nullable Entrance entrance;
    private @Nullable HubProtocol protocol;
    private @Nullable HubMessageReader reader;
    private @Nullable Connection connection;
    private @Nullable Dialogue dialogue;

    /** Bytes of a message whose end has not come yet; taken from the node's budget. */
    private int begun;

    /** Whether the quotas count this client. */
    private boolean counted;

    /** When its authentication expires, for a client that is to be closed then. */
    private final @Nullable Instant closeAt;

    private boolean paused;

    /** Only for a client that may come back and knows how to. */
    private @Nullable Replay replay;

    /** The place in the {@link Heartbeat}, which alone writes it; -1 for none. */
    private int heartbeatIndex = -1;

    /**
     * A client whose transport is on its way.
     *
     * @param mayReturn whether stateful reconnect was granted; each of its WebSockets then needs an {@link Attachment}
     * @param loop the thread of this client, for life: that of its first transport
     */
    ClientSession(String connectionId, ClientAccess.Client client, boolean mayReturn, EventLoop loop, Commons commons) {
        this.connectionId = connectionId;
        this.client = client;
        this.mayReturn = mayReturn;
        this.hub = client.hub();
        this.loop = loop;
        this.commons = commons;
        this.settings = commons.settings();
        this.closeAt = client.claims().closeAt();
    }

    @Override
    public String connectionId() {
        return connectionId;
    }

    @Override
    public String hub() {
        return hub.name();
    }

    @Override
    public @Nullable String userId() {
        return client.userId();
    }

    @Override
    public SignalRClaims claims() {
        return client.claims();
    }

    @Override
    public String query() {
        return client.query();
    }

    @Override
    public HubProtocol protocol() {
        return Objects.requireNonNull(protocol);
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public void onOpen(Wire opened) {
        wire = opened;
        counted = commons.quotas().enter(client.claims().isDiagnostic());
        if (!counted) {
            write(TOO_MANY.response());
            end(Disconnect.CONNECTION_LIMIT, WireClose.POLICY);
            return;
        }
        Duration custom = client.claims().handshakeTimeout();
        entrance = new Entrance(
                this, hub, loop, custom == null ? settings.handshakeTimeout() : custom, commons.maxMessageBytes());
        commons.heartbeats().add(this, loop);
    }

    /** For a client that may come back: once the session is in the {@link Directory}. */
    @Override
    public int nextArrival() {
        return Objects.requireNonNull(replay).nextArrival();
    }

    @Override
    public void attach(Wire opened, int arrival) {
        Replay history = replay;
        if (wire == null) {
            onOpen(opened);
        } else if (state == State.OPEN && history != null && arrival < history.arrived()) {
            opened.close(TAKEN_OVER); // a later one was faster
        } else if (state == State.OPEN && history != null) {
            LOG.debug("Connection {} of hub {} goes on over a new WebSocket", connectionId, hub.name());
            // Where the client noticed a loss before we did, the old one is still there.
            wire().close(TAKEN_OVER);
            wire = opened;
            forgetBegun();
            reader = new HubMessageReader(protocol(), commons.maxMessageBytes());
            if (paused) {
                opened.pauseReading();
            }
            history.goOn(opened, arrival);
        } else {
            opened.close(TOO_LATE);
        }
    }

    @Override
    public boolean speaksOver(Wire one) {
        return one.equals(wire);
    }

    @Override
    public void onMessage(ByteBuf payload, boolean binary) {
        switch (state) {
            case ENTERING -> Objects.requireNonNull(entrance).read(payload);
            case OPEN -> read(payload);
            case ENDED -> {}
        }
    }

    /** The handshake is accepted: this is what the hub knows the client by. */
    Connection member(HubProtocol chosen) {
        protocol = chosen;
        reader = new HubMessageReader(chosen, commons.maxMessageBytes());
        var member = new Connection(connectionId, client.userId(), chosen, this);
        connection = member;
        return member;
    }

    /** The hub knows another one by this id. */
    void taken(Handshake.Refused refusal) {
        connection = null;
        refuse(refusal);
    }

    void refuse(Handshake.Refused refused) {
        if (state == State.ENTERING) {
            LOG.info("Handshake of {} refused: {}", connectionId, Redaction.text(refused.detail()));
            write(refused.response());
            end(Disconnect.handshakeError(refused.error()), WireClose.NORMAL);
        }
    }

    /** Whether the client is still on its way in. */
    boolean isEntering() {
        return state == State.ENTERING;
    }

    /**
     * All groups are in place: the answer to the handshake is the client's word that it receives what is sent to them.
     *
     * @param early what it sent before it heard that; borrowed
     */
    void admit(Handshake.Accepted accepted, @Nullable ByteBuf early) {
        state = State.OPEN;
        entrance = null;
        if (mayReturn && accepted.version() > 1) {
            replay = new Replay(accepted.protocol(), settings.reconnect().maxReplayBytes(), commons.budget());
            var _ = commons.directory().add(this); // the hub has seen to it that the id is free
        }
        LOG.debug("Connection {} is a member of hub {}", connectionId, hub.name());
        write(accepted.response());
        dialogue = new Dialogue(this, hub, commons);
        if (early != null) {
            read(early);
        }
    }

    private void read(ByteBuf payload) {
        hub.received(payload.readableBytes());
        try {
            Objects.requireNonNull(reader).read(payload, this::onHubMessage);
        } catch (ProtocolViolation violation) {
            violated(violation.message());
        }
        countBegun();
    }

    /** The reader bounds what one client begins and does not end, the node's budget what all of them do. */
    private void countBegun() {
        int more = Objects.requireNonNull(reader).carriedBytes() - begun;
        if (more <= 0) {
            commons.budget().give(-more);
            begun += more;
        } else if (commons.budget().take(more)) {
            begun += more;
        } else {
            sayGoodbye(Disconnect.backlog(WireClose.NO_ROOM.reason()), WireClose.NO_ROOM);
        }
    }

    private void forgetBegun() {
        Objects.requireNonNull(reader).close();
        countBegun();
    }

    void violated(String detail) {
        LOG.info("Connection {} broke the hub protocol: {}", connectionId, Redaction.text(detail));
        sayGoodbye(
                client.claims().wantsDetailedErrors() ? Disconnect.protocolError(detail) : Disconnect.PROTOCOL_ERROR,
                WireClose.INVALID_PAYLOAD);
    }

    private void onHubMessage(ClientMessage message) {
        if (replay == null || replay.takes(message)) {
            dialogue().take(message);
        }
    }

    /** The client says goodbye. */
    void leave() {
        end(Disconnect.NORMAL, WireClose.NORMAL);
    }

    /** The client sends too many pings. */
    void flooding() {
        WireClose flood = Chatter.flood(commons.maxPingsPerSecond());
        sayGoodbye(Disconnect.flooding(flood.reason()), flood);
    }

    /** The handshake has a clock of its own. */
    @Override
    public void beat(long now, long resumed) {
        if (state != State.OPEN) {
            return;
        }
        if (closeAt != null && !commons.clock().instant().isBefore(closeAt)) {
            sayGoodbye(Disconnect.authenticationExpired(!client.claims().isDiagnostic()), WireClose.NORMAL);
            return;
        }
        Wire beating = wire();
        Replay history = replay;
        if (history != null) {
            Disconnect away = history.away();
            if (away != null) {
                if (history.nanosAway(now, resumed)
                        >= settings.reconnect().window().toNanos()) {
                    end(away, WireClose.NORMAL);
                }
                return;
            }
            EncodedFrame due = history.acknowledgement();
            if (due != null) {
                write(due);
            }
        }
        boolean watched = dialogue().hasPinged() || !settings.timeoutNeedsPing();
        long silence = Math.min(now - beating.lastRead(), now - resumed);
        if (watched && silence >= settings.timeout().toNanos()) {
            if (history == null) {
                sayGoodbye(Disconnect.PING_TIMEOUT, WireClose.NORMAL);
            } else {
                // A dead line is how most clients are lost, and they notice later than we do.
                awaitReturn(history, Disconnect.PING_TIMEOUT);
                beating.close(SILENT);
            }
        } else if (now - beating.lastWrite() >= settings.keepAliveInterval().toNanos()) {
            beating.write(protocol().ping());
        }
    }

    @Override
    public void deliver(Frame frame) {
        // Before it is open, the client has not been told that it is a member.
        if (state == State.OPEN) {
            if (!(frame instanceof StreamFrame message)) {
                transmit((EncodedFrame) frame);
            } else if (dialogue().takes(message)) {
                transmit(message.encoded());
            }
        }
    }

    /** Queues a frame for the client, who may be away; borrowed. */
    private void transmit(EncodedFrame frame) {
        Replay history = replay;
        if (history == null || !frame.numbered() || history.keep(frame)) {
            wire().write(frame);
        } else {
            end(Disconnect.MISSED_TOO_MUCH, SLOW);
        }
    }

    @Override
    public int ask(Message question, CompletableFuture<Answer> answer) {
        if (state != State.OPEN) {
            answer.complete(new Answer.NoConnection());
            return 0;
        }
        EncodedFrame frame = dialogue().ask((ServerMessage) question, answer);
        if (frame == null) {
            return 0;
        }
        int bytes = frame.size();
        write(frame); // the hub counts it
        return bytes;
    }

    @Override
    public void close(Disconnect why) {
        sayGoodbye(why, why.category() == Category.SERVICE_RELOAD ? WireClose.GOING_AWAY : WireClose.NORMAL);
    }

    @Override
    public void send(EncodedFrame frame) {
        if (state == State.OPEN && commons.quotas().areMessagesUsedUp()) {
            sayGoodbye(Disconnect.MESSAGE_LIMIT, WireClose.POLICY);
        } else if (state == State.OPEN) {
            commons.quotas().sent(1, frame.size());
            transmit(frame);
        }
        frame.release();
    }

    @Override
    public void pause() {
        paused = true;
        wire().pauseReading();
    }

    @Override
    public void resume() {
        paused = false;
        wire().resumeReading();
    }

    @Override
    public void onOverflow() {
        LOG.info("Connection {} of hub {} reads too slowly", connectionId, hub.name());
        end(Disconnect.SLOW_CLIENT, SLOW);
    }

    @Override
    public void onClosed(WireEnd how) {
        if (wire instanceof PostedWire) {
            // Not before: what its requests still have to fetch, they fetch by its id.
            commons.directory().retire(this);
            commons.directory().remove(this);
        }
        Replay history = state == State.OPEN ? replay : null;
        if (history != null && history.away() != null) {
            return; // we have let go of this WebSocket already
        }
        if (history != null && how instanceof WireEnd.Lost) {
            awaitReturn(history, Disconnect.CONNECTION_LOST);
            return;
        }
        end(
                switch (how) {
                    case WireEnd.Local _, WireEnd.Remote _ -> Disconnect.NORMAL;
                    case WireEnd.Violation violation ->
                        Disconnect.protocolError(violation.close().reason());
                    case WireEnd.Flood flood ->
                        Disconnect.flooding(flood.close().reason());
                    case WireEnd.Lost _ -> Disconnect.CONNECTION_LOST;
                },
                WireClose.NORMAL);
    }

    /** Stays a member of the hub and its groups while the client may come back; the {@link Heartbeat} looks at the clock. */
    private void awaitReturn(Replay history, Disconnect why) {
        LOG.debug(
                "Connection {} of hub {} lost its WebSocket and waits {} for its client",
                connectionId,
                hub.name(),
                settings.reconnect().window());
        history.lost(why);
    }

    /** Ends the connection with a hub message that says why. */
    private void sayGoodbye(Disconnect why, WireClose how) {
        try {
            if (state == State.OPEN) {
                write(protocol().close(why.message(), why.allowReconnect()));
            }
        } finally {
            end(why, how); // also where there was no memory for the words
        }
    }

    @Override
    public void fail() {
        end(Disconnect.TRANSIENT_ERROR, WireClose.INTERNAL_ERROR);
    }

    /** The one way out. Later calls do nothing. */
    private void end(Disconnect why, WireClose how) {
        if (state == State.ENDED) {
            return;
        }
        state = State.ENDED;
        LOG.debug(
                "Connection {} of hub {} ended: {}",
                connectionId,
                hub.name(),
                why.category().label());
        if (entrance != null) {
            entrance.close();
        }
        if (heartbeatIndex >= 0) {
            commons.heartbeats().of(loop).remove(this);
        }
        if (connection != null) {
            hub.leave(connection, loop, why);
        } else {
            commons.observer()
                    .refused(
                            why.category() == Category.NORMAL
                                    ? "LeftBeforeHandshake"
                                    : why.category().label());
        }
        if (reader != null) {
            forgetBegun();
        }
        if (counted) {
            commons.quotas().leave(client.claims().isDiagnostic());
        }
        if (replay != null) {
            replay.release();
        }
        if (mayReturn) {
            commons.directory().retire(this);
        }
        if (!(wire instanceof PostedWire)) {
            commons.directory().remove(this);
        }
        wire().close(how);
        if (dialogue != null) {
            dialogue.end(why);
        }
    }

    /** Sends a frame of our own and gives it back. */
    private void write(EncodedFrame frame) {
        transmit(frame);
        frame.release();
    }

    @Override
    public int heartbeatIndex() {
        return heartbeatIndex;
    }

    @Override
    public void heartbeatIndex(int index) {
        heartbeatIndex = index;
    }

    /** Whether stateful reconnect was granted. Any thread. */
    boolean mayReturn() {
        return mayReturn;
    }

    /** What carries it now; null before it is there. On the loop. */
    @Nullable
    Wire transport() {
        return wire;
    }

    Wire wire() {
        return Objects.requireNonNull(wire);
    }

    private Dialogue dialogue() {
        return Objects.requireNonNull(dialogue);
    }
}
