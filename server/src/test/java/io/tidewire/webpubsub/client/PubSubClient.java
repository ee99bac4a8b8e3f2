package io.tidewire.webpubsub.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.auth.Claim;
import io.tidewire.transport.RawWebSocket;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A client of one of the JSON subprotocols. It acknowledges and answers when it is told to. */
final class PubSubClient implements AutoCloseable {
    static final String JSON = "json.webpubsub.azure.v1";
    static final String RELIABLE = "json.reliable.webpubsub.azure.v1";
    static final Claim MAY_ALL = Claim.of("role", "webpubsub.joinLeaveGroup", "webpubsub.sendToGroup");

    private static final Pattern ID = Pattern.compile("\"connectionId\":\"([^\"]+)\"");
    private static final Pattern TOKEN = Pattern.compile("\"reconnectionToken\":\"([^\"]+)\"");

    final ClientServer server;
    final String hub;
    final String subprotocol;
    final String connected;
    final String connectionId;

    RawWebSocket socket;

    private PubSubClient(ClientServer server, String hub, String subprotocol, Claim... claims) {
        this.server = server;
        this.hub = hub;
        this.subprotocol = subprotocol;
        this.socket = RawWebSocket.connect(
                server.port(), server.target(hub, claims), "Sec-WebSocket-Protocol: " + subprotocol);
        this.connected = socket.readText();
        this.connectionId = find(ID, connected);
    }

    static PubSubClient open(ClientServer server, String hub, Claim... claims) {
        return new PubSubClient(server, hub, JSON, claims);
    }

    static PubSubClient reliable(ClientServer server, String hub, Claim... claims) {
        return new PubSubClient(server, hub, RELIABLE, claims);
    }

    static String find(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        assertThat(matcher.find()).as("%s in %s", pattern, text).isTrue();
        return matcher.group(1);
    }

    String reconnectionToken() {
        return find(TOKEN, connected);
    }

    PubSubClient say(String text) {
        socket.text(text);
        return this;
    }

    String hear() {
        return socket.readText();
    }

    /** Says it and expects exactly this. */
    void ask(String text, String answer) {
        say(text);
        assertThat(hear()).isEqualTo(answer);
    }

    /** Joins, and is a member when this returns. */
    PubSubClient join(String group, long ackId) {
        ask("{\"type\":\"joinGroup\",\"group\":\"" + group + "\",\"ackId\":" + ackId + "}", ack(ackId));
        return this;
    }

    static String ack(long ackId) {
        return "{\"type\":\"ack\",\"ackId\":" + Long.toUnsignedString(ackId) + ",\"success\":true}";
    }

    static String failed(long ackId, String name, String message) {
        return "{\"type\":\"ack\",\"ackId\":" + Long.toUnsignedString(ackId)
                + ",\"success\":false,\"error\":{\"name\":\"" + name + "\",\"message\":\"" + message + "\"}}";
    }

    /** All that came before this is in. */
    void settle() {
        ask("{\"type\":\"ping\"}", "{\"type\":\"pong\"}");
    }

    String recovery() {
        return "/client/hubs/" + hub + "?awps_connection_id=" + connectionId + "&awps_reconnection_token="
                + reconnectionToken();
    }

    /** Breaks the WebSocket. */
    void lose() {
        socket.reset();
    }

    /** Comes back over a new WebSocket, wherever the server puts it. */
    PubSubClient comeBack() {
        socket = RawWebSocket.connect(server.port(), recovery(), "Sec-WebSocket-Protocol: " + subprotocol);
        return this;
    }

    @Override
    public void close() {
        socket.close();
    }
}
