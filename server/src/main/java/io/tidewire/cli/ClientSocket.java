package io.tidewire.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A WebSocket of a client: opens, sends, hands over what arrives. Owned by one thread. */
final class ClientSocket implements AutoCloseable {
    static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(15);

    private final WebSocket socket;
    private final SocketInbox inbox;
    private long lastSent = System.nanoTime();

    private ClientSocket(WebSocket socket, SocketInbox inbox) {
        this.socket = socket;
        this.inbox = inbox;
    }

    /**
     * Returns when it is open.
     *
     * @param token null for none
     * @param subprotocol null for none; a server that does not take it is a failure
     */
    static ClientSocket open(
            HttpClient http, URI url, @Nullable String token, @Nullable String subprotocol, SocketInbox inbox)
            throws ConnectFailed, InterruptedException {
        var builder = http.newWebSocketBuilder().connectTimeout(CONNECT_TIMEOUT);
        if (token != null) {
            builder.header("Authorization", "Bearer " + token);
        }
        if (subprotocol != null) {
            builder.subprotocols(subprotocol);
        }
        var opening = builder.buildAsync(url, inbox);
        WebSocket opened;
        try {
            opened = opening.get(CONNECT_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            opening.cancel(true);
            throw new ConnectFailed("the WebSocket did not open within " + CONNECT_TIMEOUT.toSeconds() + " s", true, e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof WebSocketHandshakeException refused) {
                int status = refused.getResponse().statusCode();
                // 404: a negotiated id has expired, so a new negotiation helps.
                boolean again = status >= 500 || status == 404 || status == 429;
                throw new ConnectFailed("the WebSocket was refused with " + status + explained(status), again, e);
            }
            throw new ConnectFailed("the WebSocket did not open: " + RestApi.reason(e), true, e);
        }
        if (subprotocol != null && !opened.getSubprotocol().equals(subprotocol)) {
            opened.abort();
            throw new ConnectFailed("the server does not speak " + subprotocol, false, null);
        }
        return new ClientSocket(opened, inbox);
    }

    /** The JDK does not hand over what the server says about it. */
    private static String explained(int status) {
        return switch (status) {
            case 401 -> ": the token is not accepted; is the AccessKey of the connection string the server's?";
            case 404 ->
                ": there is nothing at that address; is the Endpoint of the connection string right, and of the service that -s names?";
            case 429 -> ": a limit is reached";
            default -> "";
        };
    }

    /** Null when nothing comes in time. */
    SocketInbox.@Nullable Arrival take(Duration wait) throws InterruptedException {
        var arrival = inbox.take(wait);
        switch (arrival) {
            case null -> {}
            case SocketInbox.Arrival.Ended _ -> {}
            case SocketInbox.Arrival.Text _, SocketInbox.Arrival.Binary _ -> socket.request(1);
        }
        return arrival;
    }

    /** A failed send needs no answer of its own: the inbox learns of the loss. */
    void send(String text) throws InterruptedException {
        lastSent = System.nanoTime();
        try {
            socket.sendText(text, true).get(CONNECT_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            inbox.onError(socket, new IOException("the server takes no more"));
        } catch (ExecutionException e) {
            inbox.onError(socket, e);
        }
    }

    /** Of {@link System#nanoTime}. */
    long lastSent() {
        return lastSent;
    }

    void abort() {
        socket.abort();
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
