package io.tidewire.webpubsub.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.tidewire.http.Redaction;
import io.tidewire.hub.Audience;
import io.tidewire.hub.Connection;
import io.tidewire.hub.Disconnect;
import io.tidewire.hub.Hub;
import io.tidewire.hub.Permission;
import io.tidewire.service.protocol.ProtocolViolation;
import io.tidewire.transport.Chatter;
import io.tidewire.transport.EncodedFrame;
import io.tidewire.transport.WebSocketSettings;
import io.tidewire.webpubsub.protocol.ClientMessage;
import io.tidewire.webpubsub.protocol.ClientProtocol;
import io.tidewire.webpubsub.protocol.ServiceMessage;
import java.util.ArrayDeque;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a client of a subprotocol says and is answered (reference D.3, D.5). It is heard in its order: while the effect of one message is
 * awaited, the next ones wait. Events are an exception, they wait for each other with the {@link Backend.Conversation}.
 */
final class Dialogue implements Talk, Speaker {
    private static final Logger LOG = LoggerFactory.getLogger(Dialogue.class);

    private static final String BAD_REQUEST = "BadRequest";

    /** Messages that may wait before the client is held back. */
    private static final int WAITING_LIMIT = 16;

    private final ClientSession session;
    private final Hub hub;
    private final Connection connection;
    private final ClientProtocol protocol;
    private final ClientSettings settings;
    private final Backend.Conversation conversation;
    private final Chatter pings;

    // Most clients only listen: what one does not use, it does not hold. Each is null until it is needed.

    private @Nullable Acks acks;
    private @Nullable SharedStates states;
    private @Nullable Invocations invocations;

    private @Nullable OpenStreams streams;
    private @Nullable ArrayDeque<ClientMessage> waiting;

    private boolean awaiting;
    private boolean goingOn;
    private boolean holding;
    private boolean missing;
    private boolean ended;

    Dialogue(
            ClientSession session,
            Connection connection,
            ClientProtocol protocol,
            ClientSettings settings,
            Backend.Conversation conversation,
            WebSocketSettings webSocket) {
        this.session = session;
        this.hub = session.members();
        this.connection = connection;
        this.protocol = protocol;
        this.settings = settings;
        this.conversation = conversation;
        this.pings = new Chatter(webSocket.maxEmptyFramesPerSecond());
    }

    // --- what it says

    @Override
    public void take(ByteBuf payload, boolean binary) {
        if (binary != protocol.binary()) {
            session.refuse(Closing.WRONG_KIND);
            return;
        }
        try {
            ClientMessage message = protocol.read(payload);
            if (message != null) {
                take(message);
            }
        } catch (ProtocolViolation violation) {
            violated(violation.message());
        }
    }

    private void take(ClientMessage message) {
        if (message instanceof ClientMessage.SequenceAck(long sequenceId)) {
            if (!session.acknowledged(sequenceId)) {
                var _ = isNoFlood();
            }
        } else if (awaiting) {
            await(message);
        } else if (isNew(message)) {
            answer(message);
        }
    }

    private void await(ClientMessage message) {
        if (waiting == null) {
            waiting = new ArrayDeque<>(2);
        }
        waiting.add(message);
        if (waiting.size() >= WAITING_LIMIT && !holding) {
            holding = true;
            session.hold();
        }
    }

    /** Whether it is not the repetition of something that is done, or being done. */
    private boolean isNew(ClientMessage message) {
        Long ackId = ackId(message);
        return ackId == null
                || switch (acks().begin(ackId)) {
                    case NEW -> true;
                    case PENDING -> false;
                    case DONE -> {
                        write(protocol.failedAck(
                                ackId,
                                "Duplicate",
                                "Message with ack-id: " + Long.toUnsignedString(ackId) + " has been processed"));
                        yield false;
                    }
                };
    }

    private static @Nullable Long ackId(ClientMessage message) {
        return switch (message) {
            case ClientMessage.JoinGroup join -> join.ackId();
            case ClientMessage.LeaveGroup leave -> leave.ackId();
            case ClientMessage.SendToGroup send -> send.ackId();
            case ClientMessage.Event event -> event.ackId();
            case ClientMessage.SetGroupState state -> state.ackId();
            case ClientMessage.SubscribeGroupState subscribe -> subscribe.ackId();
            case ClientMessage.UnsubscribeGroupState unsubscribe -> unsubscribe.ackId();
            case ClientMessage.Refused refused -> refused.ackId();
            case ClientMessage.Ping _,
                    ClientMessage.SequenceAck _,
                    ClientMessage.Invoke _,
                    ClientMessage.CancelInvocation _,
                    ClientMessage.StartStream _,
                    ClientMessage.StreamData _,
                    ClientMessage.StreamKeepAlive _,
                    ClientMessage.EndStream _,
                    ClientMessage.RefusedStream _,
                    ClientMessage.RefusedInvocation _ -> null;
        };
    }

    private void answer(ClientMessage message) {
        switch (message) {
            case ClientMessage.JoinGroup join -> join(join);
            case ClientMessage.LeaveGroup leave -> leave(leave);
            case ClientMessage.SendToGroup send -> send(send);
            case ClientMessage.Event event -> event(event);
            case ClientMessage.Ping _ -> {
                if (isNoFlood()) {
                    write(protocol.pong());
                }
            }
            case ClientMessage.Refused(var ackId, var why) -> refuse(ackId, BAD_REQUEST, why);
            case ClientMessage.SetGroupState set -> states().take(set);
            case ClientMessage.SubscribeGroupState subscribe -> states().take(subscribe);
            case ClientMessage.UnsubscribeGroupState unsubscribe -> states().take(unsubscribe);
            case ClientMessage.Invoke invoke -> invocations().take(invoke);
            case ClientMessage.CancelInvocation cancel -> invocations().take(cancel);
            case ClientMessage.StartStream start -> streams().take(start);
            case ClientMessage.StreamData data -> streams().take(data);
            case ClientMessage.StreamKeepAlive keepAlive -> {
                if (isNoFlood()) {
                    streams().take(keepAlive);
                }
            }
            case ClientMessage.EndStream end -> streams().take(end);
            case ClientMessage.RefusedStream refused -> streams().take(refused);
            case ClientMessage.RefusedInvocation refused -> invocations().take(refused);
            case ClientMessage.SequenceAck _ -> {} // was looked at already
        }
    }

    private Acks acks() {
        if (acks == null) {
            acks = new Acks();
        }
        return acks;
    }

    private SharedStates states() {
        if (states == null) {
            states = new SharedStates(this);
        }
        return states;
    }

    private Invocations invocations() {
        if (invocations == null) {
            invocations = new Invocations(this);
        }
        return invocations;
    }

    private OpenStreams streams() {
        if (streams == null) {
            streams = new OpenStreams(this);
        }
        return streams;
    }

    private void join(ClientMessage.JoinGroup join) {
        if (!connection.permissions().allows(Permission.JOIN_LEAVE_GROUP, join.group())) {
            forbid(join.ackId(), "join", join.group());
            return;
        }
        if (connection.groupCount() >= settings.maxGroups() && !connection.isIn(join.group())) {
            refuse(
                    join.ackId(),
                    BAD_REQUEST,
                    "The client is in " + connection.groupCount() + " groups already; the limit is "
                            + settings.maxGroups() + " (webpubsub.client.maxGroups).");
            return;
        }
        await(hub.join(self(), join.group()), (_, failure) -> settle(join.ackId(), failure));
    }

    private void leave(ClientMessage.LeaveGroup leave) {
        if (!connection.permissions().allows(Permission.JOIN_LEAVE_GROUP, leave.group())) {
            forbid(leave.ackId(), "leave", leave.group());
            return;
        }
        await(hub.remove(self(), leave.group()), (_, failure) -> settle(leave.ackId(), failure));
    }

    private void send(ClientMessage.SendToGroup send) {
        if (!connection.permissions().allows(Permission.SEND_TO_GROUP, send.group())) {
            forbid(send.ackId(), "send to", send.group());
            return;
        }
        Audience members = Audience.group(send.group());
        if (send.noEcho()) {
            members = members.except(Set.of(connection.id()));
        }
        var message = new ServiceMessage.FromGroup(
                send.group(), connection.userId(), send.data(), send.metadata(), send.ttlSeconds(), null);
        await(hub.send(members, message), (_, failure) -> settle(send.ackId(), failure));
    }

    private void event(ClientMessage.Event event) {
        conversation.event(event, outcome -> {
            if (!ended) {
                handled(event, outcome);
            }
        });
    }

    /** What the application says comes before the ack. */
    private void handled(ClientMessage.Event event, EventOutcome outcome) {
        switch (outcome) {
            case EventOutcome.Handled(var data, var metadata) -> {
                if (data != null) {
                    send(new ServiceMessage.FromServer(data, metadata, 0));
                }
                ack(event.ackId());
            }
            case EventOutcome.NoHandler _ -> {
                missed(event.name());
                failed(event, Closing.NO_HANDLER);
            }
            case EventOutcome.Failed _ -> failed(event, Closing.EVENT_FAILED);
        }
    }

    /** The ack may not say it (reference F.6), so the log does: once for each client, which may send as many as it likes. */
    private void missed(String event) {
        if (!missing) {
            missing = true;
            LOG.info(
                    "{} sent the event '{}', but nobody takes it: no event handler of 'webpubsub.hubs' matches; further ones of this"
                            + " client are not logged",
                    connection,
                    Redaction.text(event));
        }
    }

    private void failed(ClientMessage.Event event, Closing closing) {
        if (event.ackId() == null && settings.closeOnFailedEvent()) {
            session.refuse(closing);
        } else if (event.ackId() == null) {
            hub.dropped(closing.why().category().label());
        } else {
            refuse(event.ackId(), "InternalServerError", "Internal server error");
        }
    }

    private Audience self() {
        return Audience.connection(connection.id());
    }

    private void settle(@Nullable Long ackId, @Nullable Throwable failure) {
        if (failure == null) {
            ack(ackId);
        } else {
            LOG.info("A request of {} failed: {}", connection, failure.toString());
            refuse(ackId, "InternalServerError", "Internal server error");
        }
    }

    private void forbid(@Nullable Long ackId, String what, String group) {
        refuse(ackId, "Forbidden", "The client does not have permission to " + what + " group '" + group + "'.");
    }

    private boolean isNoFlood() {
        if (pings.isTooMuch(session.wire().lastRead())) {
            session.flooding();
            return false;
        }
        return true;
    }

    // --- for the parts of it

    @Override
    public Hub hub() {
        return hub;
    }

    @Override
    public Connection connection() {
        return connection;
    }

    @Override
    public ClientProtocol protocol() {
        return protocol;
    }

    @Override
    public EventLoop loop() {
        return session.loop();
    }

    @Override
    public ClientSettings settings() {
        return settings;
    }

    @Override
    public Backend.Conversation conversation() {
        return conversation;
    }

    @Override
    public void write(EncodedFrame frame) {
        session.write(frame);
    }

    @Override
    public void send(ServiceMessage message) {
        session.send(message);
    }

    @Override
    public boolean isHeld() {
        return awaiting || session.isHeld();
    }

    @Override
    public <T> void await(
            CompletionStage<T> effect, BiConsumer<? super @Nullable T, ? super @Nullable Throwable> then) {
        awaiting = true;
        effect.whenComplete((result, failure) -> {
            if (loop().inEventLoop()) {
                goOn(then, result, failure);
            } else {
                loop().execute(() -> goOn(then, result, failure));
            }
        });
    }

    private <T> void goOn(
            BiConsumer<? super @Nullable T, ? super @Nullable Throwable> then,
            @Nullable T result,
            @Nullable Throwable failure) {
        awaiting = false;
        if (!ended) {
            then.accept(result, failure);
        }
        if (goingOn) {
            return; // the loop below, which this effect came out of, does it
        }
        goingOn = true;
        while (!awaiting && !ended && waiting != null && !waiting.isEmpty()) {
            take(waiting.remove());
        }
        goingOn = false;
        if (waiting != null && waiting.isEmpty()) {
            waiting = null;
        }
        if (holding && waiting == null) {
            holding = false;
            session.letGo();
        }
    }

    @Override
    public boolean keep(int bytes) {
        return session.keep(bytes);
    }

    @Override
    public void forget(int bytes) {
        session.forget(bytes);
    }

    @Override
    public void ack(@Nullable Long ackId) {
        if (ackId != null) {
            acks().succeeded(ackId);
            write(protocol.ack(ackId));
        }
    }

    @Override
    public void refuse(@Nullable Long ackId, String error, String message) {
        hub.dropped(error);
        if (ackId != null) {
            acks().failed(ackId);
            write(protocol.failedAck(ackId, error, message));
        }
    }

    @Override
    public void violated(String detail) {
        LOG.info("{} broke its protocol: {}", connection, Redaction.text(detail));
        session.refuse(protocol.binary() ? Closing.NO_PROTOBUF : Closing.NO_JSON);
    }

    @Override
    public void returned() {
        if (streams != null) {
            streams.resume();
            session.welcome(); // the vendor's client goes on with its streams when it reads this, and not before
        }
    }

    @Override
    public void left(String group) {
        if (states != null) {
            states.left(group);
        }
    }

    @Override
    public void revoked() {
        if (states != null) {
            states.revoked();
        }
    }

    @Override
    public void end(Disconnect why) {
        ended = true;
        waiting = null;
        if (invocations != null) {
            invocations.close();
        }
        if (streams != null) {
            streams.close();
        }
    }
}
