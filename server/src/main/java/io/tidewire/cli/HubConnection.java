package io.tidewire.cli;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a client to a hub: WebSocket, handshake, keep-alive (reference D.3 to D.5), nothing but what a client may know.
 * Owned by one thread, which must call {@link #next} at least every few seconds: the keep-alive happens there.
 */
final class HubConnection implements AutoCloseable {
    static final char SEPARATOR = '\u001e';
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(15);
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

    /** What {@link #next} can tell. */
    sealed interface Event {
        /** The server called a method of the client. */
        record Called(HubMessage.Invocation invocation) implements Event {}

        /** The connection is over. {@code reconnect}: whether coming back may help. */
        record Ended(String reason, boolean reconnect) implements Event {}
    }

    private final WebSocket socket;
    private final SocketInbox inbox;
    private final Clocks clocks;
    private final Queue<HubMessage> parsed = new ArrayDeque<>();
    private long lastReceived = System.nanoTime();
    private long lastSent = lastReceived;

    private HubConnection(WebSocket socket, SocketInbox inbox, Clocks clocks) {
        this.clocks = clocks;
        this.socket = socket;
        this.inbox = inbox;
    }

    /** Returns after the handshake. */
    static HubConnection open(HttpClient http, ServiceAccess service, String hub, String token)
            throws ConnectFailed, InterruptedException {
        return open(http, service, hub, token, Clocks.DEFAULT);
    }

    static HubConnection open(HttpClient http, ServiceAccess service, String hub, String token, Clocks clocks)
            throws ConnectFailed, InterruptedException {
        var negotiation = Negotiation.with(http, service.clientUrl(hub), token, CONNECT_TIMEOUT);
        var inbox = new SocketInbox();
        var opening = http.newWebSocketBuilder()
                .header("Authorization", "Bearer " + negotiation.token())
                .connectTimeout(CONNECT_TIMEOUT)
                .buildAsync(negotiation.socket(), inbox);
        HubConnection connection = null;
        try {
            connection = new HubConnection(opening.get(CONNECT_TIMEOUT.toSeconds(), TimeUnit.SECONDS), inbox, clocks);
            connection.shakeHands();
            return connection;
        } catch (ConnectFailed e) {
            if (connection != null) {
                connection.socket.abort();
            }
            throw e;
        } catch (TimeoutException e) {
            opening.cancel(true);
            throw new ConnectFailed("the WebSocket did not open within " + CONNECT_TIMEOUT.toSeconds() + " s", true, e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof WebSocketHandshakeException refused) {
                int status = refused.getResponse().statusCode();
                // 404: the negotiated id has expired, so a new negotiation helps.
                boolean again = status >= 500 || status == 404 || status == 429;
                throw new ConnectFailed("the WebSocket was refused with " + status, again, e);
            }
            throw new ConnectFailed("the WebSocket did not open: " + RestApi.reason(e), true, e);
        }
    }

    private void shakeHands() throws ConnectFailed, InterruptedException {
        send("{\"protocol\":\"json\",\"version\":1}" + SEPARATOR);
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

    /** The next event, or null when {@code wait} passes without one. After {@link Event.Ended} there is nothing more. */
    @Nullable
    Event next(Duration wait) throws InterruptedException {
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
                return new Event.Ended(
                        "nothing heard for " + clocks.serverTimeout().toMillis() + " ms", true);
            }
        } while (!parsed.isEmpty() || System.nanoTime() - deadline < 0);
        return null;
    }

    private @Nullable Event event(HubMessage message) throws InterruptedException {
        return switch (message) {
            case HubMessage.Invocation call -> {
                refuseAnswer(call.invocationId());
                yield new Event.Called(call);
            }
            case HubMessage.Close close -> {
                close();
                var why = close.error() == null ? "closed by the server" : Printable.line(close.error());
                yield new Event.Ended(why, close.allowReconnect());
            }
            case HubMessage.Handshake _, HubMessage.Other _ -> null;
        };
    }

    /** A caller that waits for a result must not wait for one that never comes. */
    private void refuseAnswer(@Nullable String invocationId) throws InterruptedException {
        if (invocationId != null) {
            send("{\"type\":3,\"invocationId\":" + JsonText.quoted(invocationId)
                    + ",\"error\":\"This client only listens.\"}" + SEPARATOR);
        }
    }

    /** Takes one chunk from the socket into {@link #parsed}. */
    private Event.@Nullable Ended receive(Duration wait) throws InterruptedException {
        return switch (inbox.take(wait)) {
            case null -> null;
            case SocketInbox.Arrival.Ended end -> new Event.Ended(end.reason(), end.reconnect());
            case SocketInbox.Arrival.Text text -> {
                lastReceived = System.nanoTime();
                for (var message : text.messages()) {
                    var hubMessage = HubMessage.parse(message);
                    if (hubMessage == null) {
                        socket.abort();
                        yield new Event.Ended("the server sent something that is no hub message", false);
                    }
                    parsed.add(hubMessage);
                }
                socket.request(1);
                yield null;
            }
        };
    }

    private void keepAlive() throws InterruptedException {
        if (System.nanoTime() - lastSent > clocks.keepAlive().toNanos()) {
            send(PING);
        }
    }

    /** A failed send needs no answer of its own: the inbox learns of the loss. */
    private void send(String text) throws InterruptedException {
        lastSent = System.nanoTime();
        try {
            socket.sendText(text, true).get(CONNECT_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            inbox.onError(socket, new IOException("the server takes no more"));
        } catch (ExecutionException e) {
            inbox.onError(socket, e);
        }
    }

    /** Says goodbye, bounded to two seconds. */
    @Override
    public void close() {
        try {
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException alreadyGone) {
            // Then there is nobody to say goodbye to.
        }
        socket.abort();
    }
}
