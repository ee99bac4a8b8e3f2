package io.tidewire.webpubsub.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.tidewire.backplane.embedded.EmbeddedBackplane;
import io.tidewire.hub.Answer;
import io.tidewire.hub.Audience;
import io.tidewire.hub.Connection;
import io.tidewire.hub.Disconnect;
import io.tidewire.hub.Fanout;
import io.tidewire.hub.Frame;
import io.tidewire.hub.Hub;
import io.tidewire.hub.Hubs;
import io.tidewire.hub.Link;
import io.tidewire.hub.Message;
import io.tidewire.hub.Observer;
import io.tidewire.hub.Permission;
import io.tidewire.transport.EncodedFrame;
import io.tidewire.webpubsub.protocol.ClientMessage;
import io.tidewire.webpubsub.protocol.ClientProtocol;
import io.tidewire.webpubsub.protocol.Payload;
import io.tidewire.webpubsub.protocol.ServiceMessage;
import io.tidewire.webpubsub.protocol.StreamError;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A client without a wire, on a real hub whose clock is the test's: what it is told becomes lines of words, and what reaches the
 * members of group {@code g} is kept, it and "other".
 */
final class RecordingSpeaker implements Speaker {
    record Asked(ClientMessage.Event event, Consumer<EventOutcome> then) {}

    boolean held;

    /** Whether there is no room for what it keeps. */
    boolean full;

    /** Bytes of that. */
    long kept;

    /** What it sends to its handler. */
    final List<Asked> asked = new ArrayList<>();

    /** What members of the group got. */
    final List<Message> mine = new ArrayList<>();

    final List<Message> others = new ArrayList<>();

    /** Told when it is no member of a group any more. */
    Consumer<String> onLeft = _ -> {};

    private final List<String> told = new ArrayList<>();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Words words = new Words();
    private final ClientSettings settings;
    private final Hub hub;
    private final Connection connection =
            new Connection("me", "ann", words, new Member(mine, group -> onLeft.accept(group)));

    /** Another member of the group. */
    final Connection other = new Connection("other", null, words, new Member(others, _ -> {}));

    RecordingSpeaker(ClientSettings settings) {
        this.settings = settings;
        channel.freezeTime();
        var loops = List.of(channel.eventLoop());
        var fanout = new Fanout(loops, Observer.NONE);
        hub = new Hubs(
                        fanout,
                        new EmbeddedBackplane(
                                fanout, loops, () -> Instant.ofEpochMilli(1700), ServiceMessage.GroupState::new))
                .named("hub");
        enter(connection);
        enter(other);
        allow();
    }

    private void enter(Connection one) {
        var _ = hub.open(one, loop());
        var _ = hub.join(Audience.connection(one.id()), "g");
        channel.runPendingTasks();
    }

    void allow() {
        connection.permissions().grant(Permission.SEND_TO_GROUP, "g");
    }

    void forbid() {
        connection.permissions().revoke(Permission.SEND_TO_GROUP, "g");
    }

    void join(String id, String group) {
        var _ = hub.join(Audience.connection(id), group);
        settle();
    }

    void leave(String id, String group) {
        var _ = hub.remove(Audience.connection(id), group);
        settle();
    }

    /** So much waits to be delivered that no more is taken. */
    void overload() {
        var _ = hub.send(Audience.group("g"), new Load(300 << 20));
    }

    /** So much waits to be delivered that senders are to wait. */
    void lag() {
        var _ = hub.send(Audience.group("g"), new Load(20 << 20));
    }

    /** Does what waits. */
    void settle() {
        channel.runPendingTasks();
    }

    void pass(long millis) {
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        channel.runPendingTasks();
    }

    /** When the next timer goes off, in milliseconds; -1 for none. */
    long nextTimer() {
        long nanos = channel.runScheduledPendingTasks();
        return nanos < 0 ? -1 : TimeUnit.NANOSECONDS.toMillis(nanos);
    }

    /** What it was told since the last time. */
    List<String> heard() {
        settle();
        var heard = List.copyOf(told);
        told.clear();
        return heard;
    }

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
        return words;
    }

    @Override
    public EventLoop loop() {
        return channel.eventLoop();
    }

    @Override
    public ClientSettings settings() {
        return settings;
    }

    @Override
    public Backend.Conversation conversation() {
        return new Backend.Conversation() {
            @Override
            public void event(ClientMessage.Event event, Consumer<EventOutcome> then) {
                asked.add(new Asked(event, then));
            }

            @Override
            public void joined(String group) {}

            @Override
            public void left(String group) {}

            @Override
            public void end(Disconnect why) {}
        };
    }

    @Override
    public void write(EncodedFrame frame) {
        told.add(frame.payload().toString(StandardCharsets.UTF_8));
        frame.release();
    }

    @Override
    public void send(ServiceMessage message) {
        mine.add(message);
    }

    @Override
    public boolean isHeld() {
        return held;
    }

    @Override
    public <T> void await(
            CompletionStage<T> effect, BiConsumer<? super @Nullable T, ? super @Nullable Throwable> then) {
        effect.whenComplete(then);
    }

    @Override
    public boolean keep(int bytes) {
        kept += full ? 0 : bytes;
        return !full;
    }

    @Override
    public void forget(int bytes) {
        kept -= bytes;
    }

    @Override
    public void ack(@Nullable Long ackId) {
        if (ackId != null) {
            write(words.ack(ackId));
        }
    }

    @Override
    public void refuse(@Nullable Long ackId, String error, String message) {
        if (ackId != null) {
            write(words.failedAck(ackId, error, message));
        }
    }

    @Override
    public void violated(String detail) {
        told.add("violated " + detail);
    }

    /** Heavy, and nothing for anybody. */
    private record Load(int size) implements Message {}

    /** A message as it is. */
    private record Whole(Message message, int size) implements Frame {
        @Override
        public void retain() {}

        @Override
        public void release() {}
    }

    private record Member(List<Message> received, Consumer<String> left) implements Link {
        @Override
        public void deliver(Frame frame) {
            received.add(((Whole) frame).message());
        }

        @Override
        public void left(String group) {
            left.accept(group);
        }

        @Override
        public int ask(Message question, CompletableFuture<Answer> answer) {
            return 0;
        }

        @Override
        public void close(Disconnect why) {}
    }

    /** Frames of words. */
    private static final class Words implements ClientProtocol {
        private static EncodedFrame frame(@Nullable Object... words) {
            var line = new StringBuilder();
            for (Object word : words) {
                if (word != null) {
                    line.append(line.isEmpty() ? "" : " ").append(word);
                }
            }
            ByteBuf buffer = EncodedFrame.payloadBuffer(UnpooledByteBufAllocator.DEFAULT, line.length());
            buffer.writeCharSequence(line, StandardCharsets.UTF_8);
            return EncodedFrame.seal(buffer, false);
        }

        @Override
        public EncodedFrame invokeResponse(String invocationId, @Nullable Payload data) {
            return frame(
                    "response",
                    invocationId,
                    data == null ? null : data.type().label(),
                    data == null ? null : new String(data.bytes(), StandardCharsets.UTF_8));
        }

        @Override
        public EncodedFrame failedInvokeResponse(String invocationId, String name, String message) {
            return frame("failed", invocationId, name, message);
        }

        @Override
        public EncodedFrame streamAck(String streamId, long expectedSequenceId) {
            return frame("ack", streamId, expectedSequenceId);
        }

        @Override
        public EncodedFrame streamNack(String streamId, String name, String message, long expectedSequenceId) {
            return frame("nack", streamId, name, expectedSequenceId);
        }

        @Override
        public EncodedFrame streamClosed(String streamId, @Nullable StreamError error) {
            return error == null
                    ? frame("closed", streamId)
                    : frame("closed", streamId, error.name() + ":", error.message());
        }

        @Override
        public EncodedFrame connected(
                String connectionId, @Nullable String userId, @Nullable String reconnectionToken) {
            return frame("connected");
        }

        @Override
        public EncodedFrame disconnected(String message) {
            return frame("disconnected", message);
        }

        @Override
        public EncodedFrame ack(long ackId) {
            return frame("success", ackId);
        }

        @Override
        public EncodedFrame failedAck(long ackId, String name, String message) {
            return frame("failure", ackId, name + ":", message);
        }

        @Override
        public EncodedFrame pong() {
            return frame("pong");
        }

        @Override
        public String subprotocol() {
            return "words";
        }

        @Override
        public boolean binary() {
            return false;
        }

        @Override
        public boolean reliable() {
            return false;
        }

        @Override
        public boolean previews() {
            return true;
        }

        @Override
        public @Nullable ClientMessage read(ByteBuf payload) {
            return null;
        }

        @Override
        public int index() {
            return 0;
        }

        @Override
        public String name() {
            return "words";
        }

        @Override
        public @Nullable Frame encode(Message message) {
            return message instanceof Load ? null : new Whole(message, message.size());
        }
    }
}
