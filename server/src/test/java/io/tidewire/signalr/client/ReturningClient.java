package io.tidewire.signalr.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.app.TestTidewire;
import io.tidewire.auth.Claim;
import io.tidewire.transport.RawWebSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A JSON client with stateful reconnect, which does what the vendor's clients do: numbers calls, keeps its own until they are
 * acknowledged, and goes on over a new WebSocket. It acknowledges when it is told to.
 */
final class ReturningClient implements AutoCloseable {
    static final String JSON = "{\"protocol\":\"json\",\"version\":2}" + HubClient.END;

    private static final Pattern TOKEN = Pattern.compile("\"connectionToken\":\"([^\"]+)\"");
    private static final Pattern ID = Pattern.compile("\"connectionId\":\"([^\"]+)\"");
    private static final Pattern TYPE = Pattern.compile("\\{\"type\":(\\d)");
    private static final Pattern NUMBER = Pattern.compile("\"sequenceId\":(\\d+)");

    final TestTidewire server;
    final String hub;
    final String connectionId;
    final String token;
    private final Claim[] claims;

    private RawWebSocket socket;

    private final Queue<String> arrived = new ArrayDeque<>();
    private final ArrayDeque<String> unacknowledged = new ArrayDeque<>();
    private long sent;
    private long received;
    private long next = 1;
    private boolean awaitingSequence;

    private ReturningClient(TestTidewire server, String hub, String negotiated, Claim... claims) {
        this.server = server;
        this.hub = hub;
        this.claims = claims;
        this.connectionId = find(ID, negotiated);
        this.token = find(TOKEN, negotiated);
        this.socket = socket();
    }

    /** One that has been granted stateful reconnect, without a handshake. */
    static ReturningClient upgraded(TestTidewire server, String hub, Claim... claims) {
        String negotiated = HubClient.negotiate(
                        server,
                        "?hub=" + hub + "&negotiateVersion=1&useStatefulReconnect=true",
                        server.bearer(hub, claims))
                .text();
        assertThat(negotiated).contains("\"useStatefulReconnect\":true");
        return new ReturningClient(server, hub, negotiated, claims);
    }

    /** One that may receive. */
    static ReturningClient open(TestTidewire server, String hub, Claim... claims) {
        ReturningClient client = upgraded(server, hub, claims);
        client.socket.text(JSON);
        assertThat(client.socket.readText()).isEqualTo(HubClient.ACCEPTED);
        return client;
    }

    private static String find(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        assertThat(matcher.find()).as("%s in %s", pattern, text).isTrue();
        return matcher.group(1);
    }

    String target() {
        return HubClient.target(hub) + "&id=" + token;
    }

    private RawWebSocket socket() {
        return RawWebSocket.connect(server.port(), target(), server.bearer(hub, claims));
    }

    RawWebSocket raw() {
        return socket;
    }

    /** Breaks the WebSocket. */
    void lose() {
        socket.reset();
    }

    /** A new WebSocket that says nothing yet; the one before is left as it is. */
    RawWebSocket connect() {
        socket = socket();
        arrived.clear();
        awaitingSequence = true;
        return socket;
    }

    /** Goes on over a new WebSocket. */
    void comeBack() {
        connect();
        sequence(sent - unacknowledged.size() + 1);
        unacknowledged.forEach(this::say);
    }

    void sequence(long number) {
        say("{\"type\":9,\"sequenceId\":" + number + "}");
    }

    void acknowledge(long number) {
        say("{\"type\":8,\"sequenceId\":" + number + "}");
    }

    void acknowledge() {
        acknowledge(received);
    }

    /** Sends one hub message that is not counted. */
    void say(String message) {
        socket.text(message + HubClient.END);
    }

    /** Sends a call, which is counted and kept. */
    void call(String message) {
        keep(message);
        say(message);
    }

    /** The same for a call of which only the first bytes get out. */
    void callCutAt(String message, int bytes) {
        keep(message);
        byte[] frame = RawWebSocket.encode(0x81, true, (message + HubClient.END).getBytes(StandardCharsets.UTF_8));
        byte[] cut = new byte[Math.min(bytes, frame.length)];
        System.arraycopy(frame, 0, cut, 0, cut.length);
        socket.raw(cut);
    }

    private void keep(String message) {
        sent++;
        unacknowledged.add(message);
    }

    long received() {
        return received;
    }

    int unacknowledged() {
        return unacknowledged.size();
    }

    /** The next hub message of any type, as it comes. */
    String next() {
        while (arrived.isEmpty()) {
            String text = socket.readText();
            assertThat(text).endsWith(HubClient.END);
            for (String one : text.substring(0, text.length() - 1).split(HubClient.END, -1)) {
                arrived.add(one);
            }
        }
        return arrived.remove();
    }

    /** The next hub message that this client has not had before, and that is not about the numbering. */
    String take() {
        while (true) {
            String message = next();
            if (isNew(message)) {
                return message;
            }
        }
    }

    private boolean isNew(String message) {
        return switch (Integer.parseInt(find(TYPE, message))) {
            case 9 -> {
                next = number(message);
                assertThat(next).as("a gap").isLessThanOrEqualTo(received + 1);
                awaitingSequence = false;
                yield false;
            }
            case 8 -> {
                while (!unacknowledged.isEmpty() && sent - unacknowledged.size() + 1 <= number(message)) {
                    unacknowledged.remove();
                }
                yield false;
            }
            case 6 -> false;
            case 7 -> true;
            default -> {
                assertThat(awaitingSequence).as("%s before a Sequence", message).isFalse();
                long number = next++;
                boolean unknown = number > received;
                received = Math.max(received, number);
                yield unknown;
            }
        };
    }

    static long number(String message) {
        return Long.parseLong(find(NUMBER, message));
    }

    /** The status with which a new WebSocket for this connection is answered. */
    int statusOfReturn(@Nullable String authorization) {
        try (RawWebSocket other = RawWebSocket.open(server.port())) {
            String header = authorization == null ? server.bearer(hub, claims) : authorization;
            return other.request("GET " + target() + " HTTP/1.1", RawWebSocket.goodHeaders(header))
                    .status();
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
