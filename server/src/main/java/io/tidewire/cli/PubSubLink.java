package io.tidewire.cli;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One WebSocket of a client of Web PubSub: frames in and out, pings, acknowledgements (reference D.3 to D.5). */
final class PubSubLink implements ClientLink<PubSubFrame.Message> {
    private static final long PING_AFTER = Duration.ofSeconds(20).toNanos();
    private static final long DEAD_AFTER = Duration.ofMinutes(2).toNanos();
    private static final long ACKNOWLEDGE_EVERY = Duration.ofSeconds(1).toNanos();
    private static final long TICK = Duration.ofMillis(50).toNanos();

    /** After these the same would happen again, so nobody comes back. */
    private static final Set<Integer> FINAL = Set.of(1000, 1002, 1003, 1007, 1008, 1009);

    private final PubSubTalk talk;
    private final ClientSocket socket;
    private final String greeting;
    private final Queue<Event<PubSubFrame.Message>> events = new ArrayDeque<>();
    private String farewell = "";
    private boolean heard;
    private long lastReceived = System.nanoTime();
    private long lastAcknowledged = lastReceived;

    private PubSubLink(PubSubTalk talk, ClientSocket socket, String greeting) {
        this.talk = talk;
        this.socket = socket;
        this.greeting = greeting;
    }

    static PubSubLink open(PubSubTalk talk, ClientSocket socket, String greeting) {
        return new PubSubLink(talk, socket, greeting);
    }

    /** Returns when the server has said something. */
    void awaitFirst() throws ConnectFailed, InterruptedException {
        long deadline = System.nanoTime() + ClientSocket.CONNECT_TIMEOUT.toNanos();
        while (!heard) {
            receive(TICK);
            if (events.peek() instanceof Event.Ended<PubSubFrame.Message> ended) {
                throw new ConnectFailed(ended.reason(), ended.reconnect(), null);
            }
            if (System.nanoTime() - deadline > 0) {
                socket.abort();
                throw new ConnectFailed(
                        "the server said nothing within " + ClientSocket.CONNECT_TIMEOUT.toSeconds() + " s",
                        true,
                        null);
            }
        }
    }

    void send(String text) throws InterruptedException {
        socket.send(text);
    }

    @Override
    public String greeting() {
        return greeting;
    }

    @Override
    public @Nullable Event<PubSubFrame.Message> next(Duration wait) throws InterruptedException {
        long deadline = System.nanoTime() + wait.toNanos();
        do {
            for (var text : talk.due()) {
                send(text);
            }
            keepAlive();
            if (events.isEmpty()) {
                receive(Math.clamp(deadline - System.nanoTime(), 0, TICK));
            }
            if (!events.isEmpty()) {
                return events.remove();
            }
        } while (System.nanoTime() - deadline < 0);
        return null;
    }

    /** A simple client has nothing to ping with that would not be an event. */
    private void keepAlive() throws InterruptedException {
        long now = System.nanoTime();
        if (talk.protocol() == PubSubProtocol.SIMPLE) {
            return;
        }
        if (now - socket.lastSent() > PING_AFTER) {
            send("{\"type\":\"ping\"}");
        }
        if (now - lastAcknowledged > ACKNOWLEDGE_EVERY) {
            lastAcknowledged = now;
            var ack = talk.sequenceAck();
            if (ack != null) {
                send(ack);
            }
        }
        if (now - lastReceived > DEAD_AFTER) {
            socket.abort();
            end("nothing heard for " + Duration.ofNanos(DEAD_AFTER).toSeconds() + " s", true);
        }
    }

    private void receive(long wait) throws InterruptedException {
        switch (socket.take(Duration.ofNanos(wait))) {
            case null -> {}
            case SocketInbox.Arrival.Ended ended -> {
                boolean stay = FINAL.contains(ended.status());
                end(farewell.isEmpty() ? ended.reason() : farewell + " (" + ended.reason() + ")", !stay);
            }
            case SocketInbox.Arrival.Binary binary -> {
                lastReceived = System.nanoTime();
                heard = true;
                came(simple("binary", binary.bytes() + " bytes"));
            }
            case SocketInbox.Arrival.Text text -> {
                lastReceived = System.nanoTime();
                for (var message : text.messages()) {
                    heard = true;
                    take(message);
                }
            }
        }
    }

    private void take(String text) {
        if (talk.protocol() == PubSubProtocol.SIMPLE) {
            came(simple("text", text));
            return;
        }
        switch (PubSubFrame.parse(text)) {
            case null -> {
                socket.abort();
                end("the server sent something that is no frame", false);
            }
            case PubSubFrame.Connected connected -> talk.connected(connected);
            case PubSubFrame.Disconnected disconnected -> farewell = Printable.line(disconnected.message());
            case PubSubFrame.Ack ack -> talk.acknowledged(ack);
            case PubSubFrame.Message message -> {
                if (talk.isNew(message)) {
                    came(message);
                }
            }
            case PubSubFrame.Pong _ -> talk.ponged();
            case PubSubFrame.Other other -> talk.tell(Printable.line(other.text()));
        }
    }

    private static PubSubFrame.Message simple(String dataType, String data) {
        return new PubSubFrame.Message("server", null, null, dataType, JsonText.quoted(data), 0);
    }

    private void came(PubSubFrame.Message message) {
        events.add(new Event.Came<>(message));
    }

    private void end(String reason, boolean reconnect) {
        talk.lost();
        events.add(new Event.Ended<>(reason, reconnect));
    }

    @Override
    public void close() {
        socket.close();
    }
}
