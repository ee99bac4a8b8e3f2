package io.tidewire.webpubsub.client;

import io.tidewire.transport.RawWebSocket;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A client of the reliable JSON subprotocol that does what the protocol asks of it: it takes each message once, by its number, and
 * repeats what it sent with an ack id until it is answered. It writes down what does not fit, for {@link #complaint}.
 */
final class HistoryClient {
    private static final String SUBPROTOCOL = "Sec-WebSocket-Protocol: json.reliable.webpubsub.azure.v1";
    /** With a machine that has other things to do. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Pattern ID = Pattern.compile("\"connectionId\":\"([^\"]+)\"");
    private static final Pattern TOKEN = Pattern.compile("\"reconnectionToken\":\"([^\"]+)\"");
    private static final Pattern SEQUENCE_ID = Pattern.compile("\"sequenceId\":(\\d+)");
    private static final Pattern DATA = Pattern.compile("\"data\":\"([^\"]+)\"");
    private static final Pattern ACK = Pattern.compile("\"ackId\":(\\d+),\"success\":(true|false)");
    private static final Pattern ERROR = Pattern.compile("\"name\":\"([^\"]+)\"");

    private final int port;
    private final String name;
    private final String id;
    private final String recovery;

    /** All below is guarded by this object's lock. */
    private final List<String> received = new ArrayList<>();

    private final NavigableMap<Long, String> unanswered = new TreeMap<>();
    private final Map<Long, Integer> timesSent = new HashMap<>();
    private final Map<Long, Integer> timesAnswered = new HashMap<>();
    private final List<RawWebSocket> left = new ArrayList<>();
    private @Nullable RawWebSocket socket;
    /** The number that must come next over this WebSocket; 0 for whichever comes first. */
    private long next;

    private int acknowledged;
    private long lastAckId;
    private @Nullable String complaint;

    HistoryClient(int port, String hub, String name, String accessToken) {
        this.port = port;
        this.name = name;
        String path = "/client/hubs/" + hub;
        RawWebSocket first = connect(port, path + "?access_token=" + accessToken);
        String connected = first.readText();
        id = find(ID, connected);
        recovery = path + "?awps_connection_id=" + id + "&awps_reconnection_token=" + find(TOKEN, connected);
        goOnWith(first);
    }

    private static RawWebSocket connect(int port, String target) {
        RawWebSocket opened = RawWebSocket.open(port);
        try {
            opened.socket().setSoTimeout((int) PATIENCE.toMillis());
        } catch (SocketException broken) {
            throw new UncheckedIOException(broken);
        }
        return opened.upgrade(target, SUBPROTOCOL);
    }

    private static String find(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new AssertionError("no " + pattern + " in " + text);
        }
        return matcher.group(1);
    }

    String id() {
        return id;
    }

    /** The data of all messages, in the order of their numbers. */
    synchronized List<String> received() {
        return List.copyOf(received);
    }

    /** What did not fit; null as long as all does. */
    synchronized @Nullable String complaint() {
        return complaint;
    }

    private void complain(String what) {
        if (complaint == null) {
            complaint = name + ": " + what;
        }
        notifyAll();
    }

    // --- what it sends

    /** To a group: to be answered, and repeated until it is. */
    synchronized void send(String group, String data, boolean noEcho) {
        long ackId = ++lastAckId;
        String frame = frame(group, data, noEcho) + ",\"ackId\":" + ackId + "}";
        unanswered.put(ackId, frame);
        write(ackId, frame);
    }

    /** Not to be answered: lost when the WebSocket is. */
    synchronized void tryToSend(String group, String data, boolean noEcho) {
        current().text(frame(group, data, noEcho) + "}");
    }

    private static String frame(String group, String data, boolean noEcho) {
        return "{\"type\":\"sendToGroup\",\"group\":\"" + group + "\",\"dataType\":\"text\",\"data\":\"" + data
                + "\",\"noEcho\":" + noEcho;
    }

    private void write(long ackId, String frame) {
        timesSent.merge(ackId, 1, Integer::sum);
        current().text(frame);
    }

    /** Says that it has all but the last few. */
    synchronized void acknowledge(int butTheLast) {
        int upTo = received.size() - butTheLast;
        if (upTo > acknowledged) {
            acknowledged = upTo;
            current().text("{\"type\":\"sequenceAck\",\"sequenceId\":" + upTo + "}");
        }
    }

    private RawWebSocket current() {
        if (socket == null) {
            throw new IllegalStateException(name + " is away");
        }
        return socket;
    }

    // --- its WebSockets

    /** The WebSocket breaks; what is on its way is lost, in both directions. */
    synchronized void cut() {
        current().reset();
        socket = null;
    }

    /** Comes with a new WebSocket, whether the server knows that the last one is lost or not: perhaps this client alone thinks so. */
    void comeBack() {
        synchronized (this) {
            if (socket != null) {
                left.add(socket);
                socket = null;
            }
        }
        goOnWith(connect(port, recovery));
    }

    private synchronized void goOnWith(RawWebSocket opened) {
        socket = opened;
        next = 0;
        acknowledged = 0; // the last one may have been lost
        unanswered.forEach(this::write);
        Thread.ofVirtual().name(name).start(() -> listen(opened));
    }

    synchronized void close() {
        left.forEach(RawWebSocket::close);
        if (socket != null) {
            RawWebSocket last = socket;
            socket = null;
            last.close();
        }
    }

    // --- what it hears

    private void listen(RawWebSocket from) {
        while (true) {
            RawWebSocket.Frame frame;
            try {
                frame = from.read();
            } catch (UncheckedIOException | AssertionError lost) {
                if (lost.getCause() instanceof SocketTimeoutException) {
                    continue; // nothing came for a while: whoever waits for something complains
                }
                synchronized (this) {
                    if (from == socket) {
                        complain("lost its WebSocket: " + lost);
                    }
                }
                return;
            }
            synchronized (this) {
                if (from != socket) {
                    return; // it was on its way when the WebSocket broke
                }
                if (frame.opcode() != RawWebSocket.TEXT) {
                    complain("got a frame of kind " + frame.opcode() + ", code " + frame.closeCode() + ", "
                            + frame.closeReason());
                    return;
                }
                take(frame.text());
                notifyAll();
            }
        }
    }

    private void take(String text) {
        if (text.startsWith("{\"type\":\"message\"")) {
            takeMessage(Long.parseLong(find(SEQUENCE_ID, text)), find(DATA, text));
        } else if (text.startsWith("{\"type\":\"ack\"")) {
            takeAck(text);
        } else {
            complain("did not expect " + text);
        }
    }

    private void takeMessage(long number, String data) {
        if (next != 0 && number != next) {
            complain("got " + number + " where " + next + " comes next");
        }
        next = number + 1;
        if (number == received.size() + 1) {
            received.add(data);
        } else if (number > received.size()) {
            complain("got " + number + " after " + received.size());
        } else if (number < 1 || !received.get((int) number - 1).equals(data)) {
            complain("got " + data + " again as " + number + ", and something else before");
        }
    }

    private void takeAck(String text) {
        Matcher ack = ACK.matcher(text);
        if (!ack.find()) {
            complain("got an ack without an id: " + text);
            return;
        }
        long ackId = Long.parseLong(ack.group(1));
        int sent = timesSent.getOrDefault(ackId, 0);
        if (timesAnswered.merge(ackId, 1, Integer::sum) > sent) {
            complain("got one answer too many: " + text);
        }
        boolean isDuplicate = ack.group(2).equals("false") && find(ERROR, text).equals("Duplicate") && sent > 1;
        if (ack.group(2).equals("false") && !isDuplicate) {
            complain("was refused: " + text);
        }
        unanswered.remove(ackId);
    }

    // --- how it ends

    void awaitAnswers() {
        await(() -> unanswered.isEmpty(), "all answers");
    }

    void awaitMessage(String data) {
        await(() -> received.contains(data), data);
    }

    private synchronized void await(BooleanSupplier condition, String what) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (!condition.getAsBoolean() && complaint == null) {
                acknowledge(0); // who is behind is sent more only when it says that it has what it was sent
                long left = (end - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    complain("waits for " + what + " in vain; has " + received + " and no answer to " + unanswered);
                    return;
                }
                wait(left);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            complain("interrupted");
        }
    }
}
