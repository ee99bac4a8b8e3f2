package io.tidewire.webpubsub.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.tidewire.hub.Answer;
import io.tidewire.hub.Connection;
import io.tidewire.hub.Disconnect;
import io.tidewire.hub.Disconnect.Category;
import io.tidewire.hub.Frame;
import io.tidewire.hub.Hub;
import io.tidewire.hub.Link;
import io.tidewire.hub.Message;
import io.tidewire.service.client.Directory;
import io.tidewire.service.client.Heartbeat;
import io.tidewire.service.client.Returning;
import io.tidewire.service.client.Watched;
import io.tidewire.transport.Chatter;
import io.tidewire.transport.EncodedFrame;
import io.tidewire.transport.Wire;
import io.tidewire.transport.WireClose;
import io.tidewire.transport.WireEnd;
import io.tidewire.webpubsub.access.Roles;
import io.tidewire.webpubsub.protocol.ClientProtocol;
import io.tidewire.webpubsub.protocol.SequencedFrame;
import io.tidewire.webpubsub.protocol.ServiceMessage;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client from its first WebSocket to its end: in through an {@link Entrance}, then keep-alive and a {@link Talk}, perhaps a return over
 * another WebSocket, and one way out. Everything happens on its event loop, for life.
 */
final class ClientSession implements Returning, Watched, Directory.Entry, Link, Caller {
    private static final Logger LOG = LoggerFactory.getLogger(ClientSession.class);
    private static final WireClose TAKEN_OVER = new WireClose(1000, "The client came back on another WebSocket");
    private static final WireClose SILENT = new WireClose(1001, "Connection ping timeout");

    /** What a client costs that is away: enough that there cannot be more of them than memory. */
    private static final int AWAY_BYTES = 4096;

    private enum State {
        /** There is no WebSocket yet, or the {@link Entrance} has it. */
        ENTERING,
        /** A member of the hub, and told so. */
        OPEN,
        /** As before, without a WebSocket: the client may come back. */
        AWAY,
        ENDED
    }

    private final Newcomer client;
    private final EventLoop loop;
    private final Commons commons;
    private final ClientSettings settings;
    private final @Nullable ClientProtocol protocol;
    private final Entrance entrance = new Entrance(this);

    /** Only for a client of a reliable subprotocol, as is the next. */
    private final @Nullable Unacked unacked;

    private final @Nullable Returns returns;

    private State state = State.ENTERING;
    private @Nullable Wire wire;
    private @Nullable Connection connection;
    private Backend.@Nullable Conversation conversation;
    private @Nullable Talk talk;

    /** Whether the quotas and the rules of the hub count this client. */
    private boolean counted;

    /** Bytes of the budget, besides those of {@link #unacked}. */
    private long kept;

    private long openedAt;
    private long lastPing;

    /** Reasons not to read from the client: the application's, and how many of its own messages' effects are awaited. */
    private boolean paused;

    private int holds;

    private int heartbeatIndex = -1;

    /**
     * A client whose WebSocket is on its way; where it may come with more than one, each needs an
     * {@link io.tidewire.service.client.Attachment}.
     *
     * @param loop the thread of this client, for life: that of its first WebSocket
     */
    ClientSession(Newcomer client, EventLoop loop, Commons commons) {
        this.client = client;
        this.loop = loop;
        this.commons = commons;
        this.settings = commons.settings();
        this.protocol = client.subprotocol().protocol();
        boolean reliable = client.subprotocol().isReliable();
        int maxAhead = commons.webSocket().maxUnsentBytes() / 2;
        this.unacked = reliable ? new Unacked(settings.reliable(), commons.budget(), maxAhead) : null;
        this.returns = reliable ? new Returns() : null;
    }

    // --- who it is

    @Override
    public String connectionId() {
        return client.connectionId();
    }

    @Override
    public String hub() {
        return client.hub().name();
    }

    Hub members() {
        return client.hub();
    }

    @Override
    public @Nullable String userId() {
        return client.userId();
    }

    @Override
    public @Nullable String subprotocol() {
        return client.subprotocol().name();
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    // --- in, and in again

    @Override
    public void onOpen(Wire opened) {
        attach(opened, 0);
    }

    @Override
    public int nextArrival() {
        return Objects.requireNonNull(returns).next();
    }

    @Override
    public boolean speaksOver(Wire one) {
        return one.equals(wire);
    }

    @Override
    public void attach(Wire opened, int arrival) {
        switch (state) {
            case ENTERING -> enter(opened);
            case OPEN, AWAY -> comeBack(opened, arrival);
            case ENDED -> opened.close(ComeBack.IMPOSSIBLE);
        }
    }

    private void enter(Wire opened) {
        wire = opened;
        openedAt = System.nanoTime();
        lastPing = openedAt;
        if (!commons.quotas().enter(false)) {
            end(Closing.FULL);
            return;
        }
        if (!commons.rules().enter(client.counted())) {
            commons.quotas().leave(false);
            end(Closing.FULL);
            return;
        }
        counted = true;
        commons.heartbeats().add(this, loop);
        if (state == State.ENDED) {
            return; // all are being sent away
        }
        var member = new Connection(
                client.connectionId(), client.userId(), client.subprotocol().dialect(), this);
        var _ = Roles.grant(client.roles(), member.permissions());
        connection = member;
        entrance.join(member, client.groups(), client.hub(), loop);
        // Most are in as soon as the tasks are done that are queued by now. Who is not is not read from until then; not
        // sooner, since a
        // pause and its end are a system call each.
        loop.execute(() -> {
            if (isEntering()) {
                opened.pauseReading();
            }
        });
    }

    boolean isEntering() {
        return state == State.ENTERING;
    }

    /** The client is a member of all it should be a member of. */
    void admit() {
        Connection member = Objects.requireNonNull(connection);
        state = State.OPEN;
        LOG.debug("Connection {} is a member of hub {}", connectionId(), hub());
        if (unacked != null) {
            var _ = commons.directory().add(this); // the hub has seen to it that the id is free
        }
        welcome();
        Backend.Conversation begun = client.visit().begin(this);
        conversation = begun;
        member.groups().forEach(begun::joined);
        talk = protocol == null
                ? new SimpleTalk(this, member, client.terms(), begun)
                : new Dialogue(this, member, protocol, settings, begun, commons.webSocket());
        regulate();
    }

    /** Tells it who it is, and how it may come back. Simple clients are not told. */
    void welcome() {
        if (protocol != null) {
            String token = unacked == null ? null : commons.tokens().issue(hub(), connectionId());
            write(protocol.connected(connectionId(), client.userId(), token));
        }
    }

    /** The latest WebSocket speaks for the client; where the client noticed a loss before we did, the one before is still there. */
    private void comeBack(Wire opened, int arrival) {
        if (!Objects.requireNonNull(returns).isLatest(arrival)) {
            opened.close(TAKEN_OVER);
            return;
        }
        LOG.debug("Connection {} of hub {} goes on over a new WebSocket", connectionId(), hub());
        if (state == State.AWAY) {
            forget(AWAY_BYTES);
        }
        wire().close(TAKEN_OVER);
        wire = opened;
        state = State.OPEN;
        lastPing = System.nanoTime();
        regulate();
        Objects.requireNonNull(unacked).goOn(opened);
        Objects.requireNonNull(talk).returned();
    }

    // --- what it says

    @Override
    public void onMessage(ByteBuf payload, boolean binary) {
        switch (state) {
            case ENTERING -> {
                wire().pauseReading(); // or much more would be kept for a client that does not wait to be let in
                entrance.keep(payload, binary);
            }
            case OPEN -> {
                client.hub().received(payload.readableBytes());
                Objects.requireNonNull(talk).take(payload, binary);
            }
            case AWAY, ENDED -> {}
        }
    }

    /** The client has all messages up to this one; returns whether that is news. */
    boolean acknowledged(long sequenceId) {
        if (unacked == null || !unacked.isGiven(sequenceId)) {
            client.hub().dropped("UnknownSequenceId");
            return false;
        }
        return unacked.acknowledge(sequenceId, wire());
    }

    /** Takes no more from the client until the effect of what it said is in place, or it is known that it never will be. */
    void holdUntil(CompletionStage<?> effect) {
        if (effect.toCompletableFuture().isDone()) {
            return;
        }
        hold();
        effect.whenComplete((_, _) -> {
            if (loop.inEventLoop()) {
                letGo();
            } else {
                loop.execute(this::letGo);
            }
        });
    }

    /** Takes room for what is kept for this client until it is forgotten, or the client ends. */
    boolean keep(int bytes) {
        if (!isIn() || !commons.budget().takeSpare(bytes)) {
            return false;
        }
        kept += bytes;
        return true;
    }

    void forget(int bytes) {
        if (isIn()) { // at its end all was given back
            kept -= bytes;
            commons.budget().give(bytes);
        }
    }

    void hold() {
        holds++;
        regulate();
    }

    void letGo() {
        holds--;
        regulate();
    }

    @Override
    public void pause() {
        paused = true;
        regulate();
    }

    @Override
    public void resume() {
        paused = false;
        regulate();
    }

    /** Whether nothing is taken from it at present. */
    boolean isHeld() {
        return paused || holds > 0;
    }

    private void regulate() {
        if (state != State.OPEN) {
            return;
        }
        if (isHeld()) {
            wire().pauseReading();
        } else {
            wire().resumeReading();
        }
    }

    // --- what it is told

    @Override
    public void deliver(Frame frame) {
        if (isIn()) {
            transmit(frame);
        } else if (state == State.ENTERING && protocol == null && frame instanceof EncodedFrame plain) {
            // Who speaks a subprotocol has not been told yet that it is a member. A simple client is told nothing but
            // its handshake.
            wire().write(plain);
        }
    }

    private boolean isIn() {
        return state == State.OPEN || state == State.AWAY;
    }

    /** Borrowed. What has no number is lost with the WebSocket. */
    private void transmit(Frame frame) {
        switch (frame) {
            case SequencedFrame numbered -> {
                Closing noRoom = Objects.requireNonNull(unacked).send(numbered, wire());
                if (noRoom != null) {
                    refuse(noRoom);
                }
            }
            case EncodedFrame plain -> {
                if (state == State.OPEN) {
                    wire().write(plain);
                }
            }
            default -> throw new IllegalArgumentException("Not a frame of ours");
        }
    }

    /** Sends a frame of the service's own and gives it back. */
    void write(EncodedFrame frame) {
        if (isIn()) {
            transmit(frame);
        }
        frame.release();
    }

    @Override
    public void send(ServiceMessage.FromServer message) {
        send((ServiceMessage) message);
    }

    void send(ServiceMessage message) {
        if (!isIn()) {
            return;
        }
        Frame frame = client.subprotocol().dialect().encode(message);
        if (frame == null) {
            return;
        }
        if (commons.quotas().areMessagesUsedUp()) {
            close(Disconnect.MESSAGE_LIMIT);
        } else {
            commons.quotas().sent(1, frame.size());
            transmit(frame);
        }
        frame.release();
    }

    /** No question comes over REST to these clients. */
    @Override
    public int ask(Message question, CompletableFuture<Answer> answer) {
        answer.complete(new Answer.NoConnection());
        return 0;
    }

    @Override
    public void joined(String group) {
        // Those that it comes with are told when it is in.
        if (conversation != null) {
            conversation.joined(group);
        }
    }

    @Override
    public void left(String group) {
        if (talk != null) {
            talk.left(group);
        }
        if (conversation != null) {
            conversation.left(group);
        }
    }

    @Override
    public void revoked() {
        if (talk != null) {
            talk.revoked();
        }
    }

    // --- its clocks

    @Override
    public void beat(long now, long resumed) {
        if (!isIn()) {
            return;
        }
        long lifetime = client.counted().settings().maxConnectionLifetime().toNanos();
        if (lifetime > 0 && now - openedAt >= lifetime) {
            sayGoodbye(Closing.LIFETIME);
        } else if (state == State.AWAY) {
            Returns away = Objects.requireNonNull(returns);
            if (away.nanosAway(now, resumed) >= settings.reliable().window().toNanos()) {
                end(Closing.of(away.why()));
            }
        } else {
            listen(now, resumed);
        }
    }

    /** A client may have nothing to say: the answers to our pings are what shows that it is there. */
    private void listen(long now, long resumed) {
        long silence = Math.min(now - wire().lastRead(), now - resumed);
        long interval = settings.keepAliveInterval().toNanos();
        if (silence >= settings.timeout().toNanos()) {
            lost(Disconnect.PING_TIMEOUT, SILENT);
        } else if (now - lastPing >= interval && (silence >= interval || now - wire().lastWrite() >= interval)) {
            lastPing = now;
            wire().ping();
        }
    }

    @Override
    public int heartbeatIndex() {
        return heartbeatIndex;
    }

    @Override
    public void heartbeatIndex(int index) {
        heartbeatIndex = index;
    }

    // --- its end

    @Override
    public void onOverflow() {
        LOG.info("Connection {} of hub {} reads too slowly", connectionId(), hub());
        end(Closing.SLOW);
    }

    @Override
    public void onClosed(WireEnd how) {
        if (state == State.AWAY) {
            return; // we have let go of this WebSocket already
        }
        switch (how) {
            case WireEnd.Local _ -> end(Closing.FAILED); // not by us: what we did for the client failed
            case WireEnd.Remote(int code, String _) -> {
                if (isGoodbye(code)) {
                    end(Closing.of(Disconnect.NORMAL));
                } else {
                    lost(Disconnect.CONNECTION_LOST, WireClose.NORMAL);
                }
            }
            case WireEnd.Violation(var close) -> end(Closing.of(Disconnect.protocolError(close.reason())));
            case WireEnd.Flood(var close) -> end(Closing.of(Disconnect.flooding(close.reason())));
            case WireEnd.Lost _ -> lost(Disconnect.CONNECTION_LOST, WireClose.NORMAL);
        }
    }

    /** A client that leaves says so with one of these, or without a code; others come from what is in between. */
    private static boolean isGoodbye(int code) {
        return code == 1000 || code == 1001 || code == 1005;
    }

    /** A reliable client that is in stays a member while it may come back; the {@link Heartbeat} looks at the clock. */
    private void lost(Disconnect why, WireClose how) {
        if (state != State.OPEN || unacked == null || returns == null) {
            end(new Closing(why, how));
            return;
        }
        if (!keep(AWAY_BYTES)) {
            client.hub().dropped("NoRoomForReturns");
            end(new Closing(why, how));
            return;
        }
        LOG.debug(
                "Connection {} of hub {} lost its WebSocket and waits {} for its client",
                connectionId(),
                hub(),
                settings.reliable().window());
        state = State.AWAY;
        returns.lost(why);
        unacked.pause();
        wire().close(how);
    }

    @Override
    public void close(Disconnect why) {
        sayGoodbye(Closing.of(why));
    }

    /** Ends a client that did what it may not do; the close frame says what. */
    void refuse(Closing closing) {
        LOG.info("Connection {} of hub {} is closed: {}", connectionId(), hub(), closing.words());
        end(closing);
    }

    /** The client sends too many pings. */
    void flooding() {
        WireClose flood = Chatter.flood(commons.webSocket().maxEmptyFramesPerSecond());
        refuse(new Closing(Disconnect.flooding(flood.reason()), flood));
    }

    @Override
    public void fail() {
        end(Closing.FAILED);
    }

    /** Ends the client with a message that says why, where its protocol has one. */
    private void sayGoodbye(Closing closing) {
        try {
            if (state == State.OPEN && protocol != null) {
                write(protocol.disconnected(closing.words()));
            }
        } finally {
            end(closing); // also where there was no memory for the words
        }
    }

    /** The client was accepted: it has its WebSocket by now, or never will. */
    void endUnlessOpen() {
        if (wire == null) {
            end(Closing.of(Disconnect.CONNECTION_LOST));
        }
    }

    /** The one way out. Later calls do nothing. */
    private void end(Closing closing) {
        if (state == State.ENDED) {
            return;
        }
        state = State.ENDED;
        Disconnect why = closing.why();
        LOG.debug(
                "Connection {} of hub {} ended: {}",
                connectionId(),
                hub(),
                why.category().label());
        entrance.close();
        commons.budget().give(kept);
        if (heartbeatIndex >= 0) {
            commons.heartbeats().of(loop).remove(this);
        }
        Set<String> groups = Set.of();
        if (connection != null) {
            groups = connection.groups();
            client.hub().leave(connection, loop, why);
        } else {
            commons.observer()
                    .refused(
                            why.category() == Category.NORMAL
                                    ? "LeftBeforeConnected"
                                    : why.category().label());
        }
        if (counted) {
            commons.rules().leave(client.counted());
            commons.quotas().leave(false);
        }
        if (unacked != null) {
            unacked.release();
            commons.directory().remove(this);
        }
        if (wire != null) {
            wire.close(closing.how());
        }
        tell(why, groups);
    }

    private void tell(Disconnect why, Set<String> groups) {
        if (talk != null) {
            talk.end(why);
        }
        if (conversation != null) {
            groups.forEach(conversation::left);
            conversation.end(why);
        } else {
            client.visit().abandon(why);
        }
    }

    Wire wire() {
        return Objects.requireNonNull(wire);
    }
}
