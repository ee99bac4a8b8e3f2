package io.tidewire.cli;

import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Carries what arrives from the socket's threads to the thread that owns the connection. Bounded because the owner asks the socket for
 * one frame at a time; a message that never ends is cut off at {@link #MAX_MESSAGE_CHARS}.
 */
final class SocketInbox implements WebSocket.Listener {
    static final int MAX_MESSAGE_CHARS = 16 << 20;

    /** What came out of the socket. */
    sealed interface Arrival {
        /** Complete messages, without separators; none when only a part of one has come. */
        record Text(List<String> messages) implements Arrival {}

        /** A part of a binary message or all of it. */
        record Binary(int bytes) implements Arrival {}

        /**
         * The end.
         *
         * @param status of the close frame; 1006 where none came
         */
        record Ended(int status, String reason, boolean reconnect) implements Arrival {}
    }

    private static final int NO_CLOSE_FRAME = 1006;

    /** What ends a message; null where it ends with its last frame. */
    private final @Nullable Character separator;

    private final LinkedBlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
    /** Touched by the listener only, whose calls never overlap. */
    private final StringBuilder unfinished = new StringBuilder();

    private SocketInbox(@Nullable Character separator) {
        this.separator = separator;
    }

    /** For messages that end with this character, of which a frame may hold several. */
    static SocketInbox separatedBy(char separator) {
        return new SocketInbox(separator);
    }

    /** For messages that are one WebSocket message each. */
    static SocketInbox ofWholeMessages() {
        return new SocketInbox(null);
    }

    /** Null when nothing comes in time. */
    @Nullable
    Arrival take(Duration wait) throws InterruptedException {
        return arrivals.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
        var messages = new ArrayList<String>();
        for (int i = 0; i < data.length(); i++) {
            char c = data.charAt(i);
            if (separator != null && c == separator) {
                messages.add(finished());
            } else if (unfinished.length() < MAX_MESSAGE_CHARS) {
                unfinished.append(c);
            } else {
                socket.abort();
                arrivals.add(new Arrival.Ended(
                        NO_CLOSE_FRAME, "a message is longer than " + MAX_MESSAGE_CHARS + " characters", false));
                return null;
            }
        }
        if (separator == null && last) {
            messages.add(finished());
        }
        arrivals.add(new Arrival.Text(messages));
        return null;
    }

    private String finished() {
        var message = unfinished.toString();
        unfinished.setLength(0);
        return message;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
        arrivals.add(new Arrival.Binary(data.remaining()));
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
        var said = reason.isEmpty() ? "" : ": " + Printable.line(reason);
        // Whatever the status: only a Close message of the hub protocol tells a client to stay away (reference I.1).
        arrivals.add(new Arrival.Ended(status, "WebSocket closed with " + status + said, true));
        return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
        arrivals.add(new Arrival.Ended(NO_CLOSE_FRAME, "connection lost: " + RestApi.reason(error), true));
    }
}
