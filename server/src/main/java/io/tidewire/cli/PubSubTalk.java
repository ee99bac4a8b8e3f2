package io.tidewire.cli;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a client of Web PubSub knows beyond one WebSocket: what it was told to do, what is not acknowledged yet, and by what it is
 * recognised when it comes back (reference D.5). Orders come from any thread; everything else belongs to the session's.
 */
final class PubSubTalk {
    /** How long the service keeps a connection for a client that is away. */
    private static final Duration WINDOW = Duration.ofSeconds(30);

    /** Of a connection that can be recovered. */
    private record Identity(String connectionId, String token) {}

    private final HttpClient http;
    private final ServiceAccess service;
    private final String hub;
    private final String user;
    private final PubSubProtocol protocol;
    private final Consumer<String> state;

    private final Queue<PubSubOrder.Sent> orders = new ConcurrentLinkedQueue<>();
    /** Comes down when the last line has been read and all that it led to is done. */
    private final CountDownLatch done;

    private volatile boolean lastOrderRead;

    private final Map<Long, PubSubOrder.Acknowledged> unacknowledged = new LinkedHashMap<>();
    private final Set<String> groups = new LinkedHashSet<>();
    private @Nullable Identity identity;
    private long lostAt = System.nanoTime();
    private int awaitedPongs;
    private long lastAckId;
    private long lastSequenceId;
    private long acknowledgedSequenceId;
    private volatile boolean failed;

    /**
     * Connects to nothing yet.
     *
     * @param state told what a person wants to know besides messages
     * @param done comes down after {@link #noMoreOrders}, when everything is done
     */
    PubSubTalk(
            HttpClient http,
            ServiceAccess service,
            String hub,
            String user,
            PubSubProtocol protocol,
            Consumer<String> state,
            CountDownLatch done) {
        this.http = http;
        this.service = service;
        this.hub = hub;
        this.user = user;
        this.protocol = protocol;
        this.state = state;
        this.done = done;
    }

    /** What the next connection, or the one that is there, is to do. Any thread. */
    void order(PubSubOrder.Sent order) throws WrongOrder {
        boolean possible = protocol != PubSubProtocol.SIMPLE || order instanceof PubSubOrder.Raw;
        if (!possible) {
            throw new WrongOrder("a simple client can only send 'raw'; what it sends is an event for the application");
        }
        orders.add(order);
    }

    /** One could not even be read. Any thread. */
    void orderFailed() {
        failed = true;
    }

    /** Any thread. */
    void noMoreOrders() {
        lastOrderRead = true;
    }

    /** Whether an order could not be carried out. */
    boolean hasFailed() {
        return failed;
    }

    /** The connection that was lost, where it can be recovered, or a new one. */
    ClientLink<PubSubFrame.Message> open() throws ConnectFailed, InterruptedException {
        if (identity != null) {
            var recovered = recover(identity);
            if (recovered != null) {
                return recovered;
            }
            identity = null;
        }
        return anew();
    }

    private @Nullable PubSubLink recover(Identity lost) throws ConnectFailed, InterruptedException {
        if (System.nanoTime() - lostAt > WINDOW.toNanos()) {
            state.accept("too late to recover the connection; making a new one");
            return null;
        }
        var url = service.pubSubUrl(hub) + "?awps_connection_id=" + ServiceAccess.encode(lost.connectionId())
                + "&awps_reconnection_token=" + ServiceAccess.encode(lost.token());
        try {
            var link = PubSubLink.open(this, socket(URI.create(url), null), "recovered, with nothing lost");
            // Its answer, or anything that comes before it, shows that this is the connection of before.
            link.send("{\"type\":\"ping\"}");
            link.awaitFirst();
            for (var entry : List.copyOf(unacknowledged.entrySet())) {
                link.send(frame(entry.getValue(), entry.getKey()));
            }
            return link;
        } catch (ConnectFailed e) {
            if (e.worthRetrying()) {
                throw e;
            }
            state.accept("not recovered: " + e.getMessage() + "; making a new one");
            return null;
        }
    }

    private PubSubLink anew() throws ConnectFailed, InterruptedException {
        unacknowledged.values().forEach(order -> failure(order, "the connection it went over is lost"));
        unacknowledged.clear();
        lastAckId = 0;
        lastSequenceId = 0;
        acknowledgedSequenceId = 0;
        var token = service.pubSubToken(hub, user, Role.ALL, Duration.ofHours(1));
        var link = PubSubLink.open(
                this, socket(service.pubSubUrl(hub), token), "connected to " + service.endpoint() + ", hub " + hub);
        if (protocol != PubSubProtocol.SIMPLE) {
            link.awaitFirst();
        }
        for (var group : List.copyOf(groups)) {
            link.send(written(new PubSubOrder.Join(group)));
        }
        return link;
    }

    private ClientSocket socket(URI url, @Nullable String token) throws ConnectFailed, InterruptedException {
        return ClientSocket.open(http, url, token, protocol.subprotocol(), SocketInbox.ofWholeMessages());
    }

    PubSubProtocol protocol() {
        return protocol;
    }

    /** What is to be sent now. */
    List<String> due() {
        var due = new ArrayList<String>();
        for (var order = orders.poll(); order != null; order = orders.poll()) {
            due.add(written(order));
        }
        if (lastOrderRead && due.isEmpty() && unacknowledged.isEmpty() && awaitedPongs == 0) {
            done.countDown();
        }
        return due;
    }

    /** Null when everything that came is acknowledged. */
    @Nullable
    String sequenceAck() {
        if (acknowledgedSequenceId == lastSequenceId) {
            return null;
        }
        acknowledgedSequenceId = lastSequenceId;
        return "{\"type\":\"sequenceAck\",\"sequenceId\":" + lastSequenceId + "}";
    }

    private String written(PubSubOrder.Sent order) {
        return switch (order) {
            case PubSubOrder.Acknowledged acknowledged -> {
                long ackId = ++lastAckId;
                unacknowledged.put(ackId, acknowledged);
                yield frame(acknowledged, ackId);
            }
            case PubSubOrder.Raw raw -> raw.text();
            case PubSubOrder.Ping _ -> {
                awaitedPongs++;
                yield "{\"type\":\"ping\"}";
            }
        };
    }

    private static String frame(PubSubOrder.Acknowledged order, long ackId) {
        return JsonText.object(json -> {
            switch (order) {
                case PubSubOrder.Join join ->
                    json.writeStringProperty("type", "joinGroup").writeStringProperty("group", join.group());
                case PubSubOrder.Leave leave ->
                    json.writeStringProperty("type", "leaveGroup").writeStringProperty("group", leave.group());
                case PubSubOrder.Send send -> {
                    json.writeStringProperty("type", "sendToGroup").writeStringProperty("group", send.group());
                    JsonText.data(json, send.message());
                }
                case PubSubOrder.Event event -> {
                    json.writeStringProperty("type", "event").writeStringProperty("event", event.name());
                    JsonText.data(json, event.message());
                }
            }
            json.writeNumberProperty("ackId", ackId);
        });
    }

    void connected(PubSubFrame.Connected frame) {
        var token = frame.reconnectionToken();
        identity = token == null ? null : new Identity(frame.connectionId(), token);
        state.accept("connection " + Printable.line(frame.connectionId()));
    }

    void acknowledged(PubSubFrame.Ack ack) {
        var order = unacknowledged.remove(ack.ackId());
        if (order == null) {
            return;
        }
        if (!ack.success() && !ack.isDuplicate()) {
            var hint = order instanceof PubSubOrder.Event
                    ? "; is there an event handler for it? The server's log knows"
                    : "";
            failure(order, Printable.line(ack.error()) + hint);
            return;
        }
        if (order instanceof PubSubOrder.Join join) {
            groups.add(join.group());
        } else if (order instanceof PubSubOrder.Leave leave) {
            groups.remove(leave.group());
        }
        state.accept("done: " + label(order));
    }

    private void failure(PubSubOrder.Acknowledged order, String why) {
        failed = true;
        state.accept("failed: " + label(order) + ": " + why);
    }

    private static String label(PubSubOrder.Acknowledged order) {
        return Printable.line(
                switch (order) {
                    case PubSubOrder.Join join -> "join " + join.group();
                    case PubSubOrder.Leave leave -> "leave " + leave.group();
                    case PubSubOrder.Send send -> "send " + send.group();
                    case PubSubOrder.Event event -> "event " + event.name();
                });
    }

    /** False when it is one that came before. */
    boolean isNew(PubSubFrame.Message message) {
        long id = message.sequenceId();
        if (id == 0) {
            return true;
        }
        if (id <= lastSequenceId) {
            return false;
        }
        if (id > lastSequenceId + 1) {
            failed = true;
            state.accept("missing: messages " + (lastSequenceId + 1) + " to " + (id - 1));
        }
        lastSequenceId = id;
        return true;
    }

    void tell(String what) {
        state.accept(what);
    }

    /** Told only to who asked: the link pings by itself as well. */
    void ponged() {
        if (awaitedPongs > 0) {
            awaitedPongs--;
            state.accept("pong");
        }
    }

    /** The WebSocket is gone, and with it the pongs that it owed. */
    void lost() {
        awaitedPongs = 0;
        lostAt = System.nanoTime();
    }
}
