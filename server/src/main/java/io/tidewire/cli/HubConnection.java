package io.tidewire.cli;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a client to a hub: WebSocket, handshake, keep-alive (reference D.3 to D.5), nothing but what a client may know.
 * Owned by one thread, which must call {@link #next} at least every few seconds: the keep-alive happens there.
 */
final class HubConnection implements ClientLink<HubMessage.Invocation> {
    static final char SEPARATOR = '\u001e';
    private static final Duration CONNECT_TIMEOUT = ClientSocket.CONNECT_TIMEOUT;
    private static final String PING = "{\"type\":6}" + SEPARATOR;

    /**
     * The clocks of a client.
     *
     * @param keepAlive silence of ours after which we ping
     * @param serverTimeout silence of the server after which it counts as lost
     */
    record Clocks(Duration keepAlive, Duration serverTimeout) {
        /** Those of the vendor's clients. */
        static final Clocks DEFAULT = new Clocks(Duration.ofSeconds(15), Duration.ofSeconds(30));
    }

    private final ClientSocket socket;
    private final String greeting;
    private final Clocks clocks;
    private final Queue<HubMessage> parsed = new ArrayDeque<>();
    private long lastReceived = System.nanoTime();

    private HubConnection(ClientSocket socket, String greeting, Clocks clocks) {
        this.clocks = clocks;
        this.socket = socket;
        this.greeting = greeting;
    }

    /** Returns after the handshake. */
    static HubConnection open(HttpClient http, ServiceAccess service, String hub, String token)
            throws ConnectFailed, InterruptedException {
        return open(http, service, hub, token, Clocks.DEFAULT);
    }

    static HubConnection open(HttpClient http, ServiceAccess service, String hub, String token, Clocks clocks)
            throws ConnectFailed, InterruptedException {
        var negotiation = Negotiation.with(http, service.clientUrl(hub), token, CONNECT_TIMEOUT);
        var socket = ClientSocket.open(
                http, negotiation.socket(), negotiation.token(), null, SocketInbox.separatedBy(SEPARATOR));
        var connection = new HubConnection(socket, "connected to " + service.endpoint() + ", hub " + hub, clocks);
        try {
            connection.shakeHands();
            return connection;
        } catch (ConnectFailed e) {
            socket.abort();
            throw e;
        }
    }

    private void shakeHands() throws ConnectFailed, InterruptedException {
        socket.send("{\"protocol\":\"json\",\"version\":1}" + SEPARATOR);
        long deadline = System.nanoTime() + CONNECT_TIMEOUT.toNanos();
        while (parsed.isEmpty()) {
            if (System.nanoTime() - deadline > 0) {
                throw new ConnectFailed(
                        "no answer to the handshake within " + CONNECT_TIMEOUT.toSeconds() + " s", true, null);
            }
            var ended = receive(Duration.ofMillis(200));
            if (ended != null) {
                throw new ConnectFailed("handshake: " + ended.reason(), ended.reconnect(), null);
            }
        }
        if (!(parsed.remove() instanceof HubMessage.Handshake answer)) {
            throw new ConnectFailed("the server did not answer the handshake", false, null);
        }
        if (answer.error() != null) {
            throw new ConnectFailed("handshake refused: " + Printable.line(answer.error()), false, null);
        }
    }

    @Override
    public String greeting() {
        return greeting;
    }

    @Override
    public @Nullable Event<HubMessage.Invocation> next(Duration wait) throws InterruptedException {
        long deadline = System.nanoTime() + wait.toNanos();
        do {
            while (!parsed.isEmpty()) {
                var event = event(parsed.remove());
                if (event != null) {
                    return event;
                }
            }
            keepAlive();
            var ended = receive(Duration.ofNanos(Math.clamp(deadline - System.nanoTime(), 0, 1_000_000_000)));
            if (ended != null) {
                return ended;
            }
            if (System.nanoTime() - lastReceived > clocks.serverTimeout().toNanos()) {
                socket.abort();
                return new Event.Ended<>(
                        "nothing heard for " + clocks.serverTimeout().toMillis() + " ms", true);
            }
        } while (!parsed.isEmpty() || System.nanoTime() - deadline < 0);
        return null;
    }

    private @Nullable Event<HubMessage.Invocation> event(HubMessage message) throws InterruptedException {
        return switch (message) {
            case HubMessage.Invocation call -> {
                refuseAnswer(call.invocationId());
                yield new Event.Came<>(call);
            }
            case HubMessage.Close close -> {
                close();
                var why = close.error() == null ? "closed by the server" : Printable.line(close.error());
                yield new Event.Ended<>(why, close.allowReconnect());
            }
            case HubMessage.Handshake _, HubMessage.Other _ -> null;
        };
    }

    /** A caller that waits for a result must not wait for one that never comes. */
    private void refuseAnswer(@Nullable String invocationId) throws InterruptedException {
        if (invocationId != null) {
            socket.send("{\"type\":3,\"invocationId\":" + JsonText.quoted(invocationId)
                    + ",\"error\":\"This client only listens.\"}" + SEPARATOR);
        }
    }

    /** Takes one chunk from the socket into {@link #parsed}. */
    private Event.@Nullable Ended<HubMessage.Invocation> receive(Duration wait) throws InterruptedException {
        return switch (socket.take(wait)) {
            case null -> null;
            case SocketInbox.Arrival.Ended end -> new Event.Ended<>(end.reason(), end.reconnect());
            case SocketInbox.Arrival.Text text -> {
                lastReceived = System.nanoTime();
                for (var message : text.messages()) {
                    var hubMessage = HubMessage.parse(message);
                    if (hubMessage == null) {
                        socket.abort();
                        yield new Event.Ended<>("the server sent something that is no hub message", false);
                    }
                    parsed.add(hubMessage);
                }
                yield null;
            }
            case SocketInbox.Arrival.Binary _ -> null;
        };
    }

    private void keepAlive() throws InterruptedException {
        if (System.nanoTime() - socket.lastSent() > clocks.keepAlive().toNanos()) {
            socket.send(PING);
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
