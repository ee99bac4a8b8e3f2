package io.tidewire.signalr.rest;

import static io.tidewire.signalr.protocol.WireText.bytes;
import static io.tidewire.signalr.protocol.WireText.hex;
import static io.tidewire.signalr.protocol.WireText.prefixed;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.http.RawHttp;
import io.tidewire.transport.RawWebSocket;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;

/**
 * A client of a hub on a plain WebSocket. JSON messages are shown as their text with {@code ;} for 0x1E, MessagePack messages
 * as hexadecimal digits with their length prefix.
 */
final class HubClient implements AutoCloseable {
    private static final String MARK = "{\"target\":\"mark\"}";
    private static final String JSON_MARK = "{\"type\":1,\"target\":\"mark\",\"arguments\":[]};";
    private static final String JSON_PING = "{\"type\":6};";
    private static final String MESSAGE_PACK_MARK = hex(prefixed(bytes("96 01 80 C0 A4 'mark' 90 90")));
    private static final String MESSAGE_PACK_PING = hex(prefixed(bytes("91 06")));

    private final RestServer server;
    private final String hub;
    private final boolean messagePack;
    private final String connectionId;
    private final RawWebSocket socket;

    HubClient(RestServer server, String hub, String token, boolean messagePack) {
        this.server = server;
        this.hub = URLEncoder.encode(hub, UTF_8);
        this.messagePack = messagePack;
        RawHttp.Answer negotiated = server.callAsIs(
                "POST",
                "/client/negotiate?hub=" + this.hub + "&negotiateVersion=1",
                "Authorization: Bearer " + token,
                "Content-Length: 0");
        assertThat(negotiated.status()).as(negotiated.toString()).isEqualTo(200);
        var answer = Json.read(negotiated.text());
        this.connectionId = answer.get("connectionId").asString();
        this.socket = RawWebSocket.connect(
                server.address().getPort(),
                "/client/?hub=" + this.hub + "&id="
                        + answer.get("connectionToken").asString() + "&access_token=" + token);
        String protocol = messagePack ? "messagepack" : "json";
        socket.text("{\"protocol\":\"" + protocol + "\",\"version\":1}\u001e");
        assertThat(socket.read().text()).isEqualTo("{}\u001e");
    }

    String id() {
        return connectionId;
    }

    /** Sends one message: JSON without 0x1E, or a MessagePack array in the notation of {@code WireText}. */
    void say(String message) {
        if (messagePack) {
            socket.binary(prefixed(bytes(message)));
        } else {
            socket.text(message + '\u001e');
        }
    }

    /** Returns when everything that was said so far has been read: an answer comes behind it. */
    void settle() {
        say(
                messagePack
                        ? "95 01 80 A6 'settle' A1 't' 90"
                        : "{\"type\":1,\"invocationId\":\"settle\",\"target\":\"t\",\"arguments\":[]}");
        assertThat(next()).contains(messagePack ? hex(bytes("A6 'settle'")) : "settle");
    }

    /** Leaves without a word. */
    void leave() {
        socket.reset();
    }

    /** The next message that is no ping. */
    String next() {
        while (true) {
            RawWebSocket.Frame frame = socket.read();
            assertThat(frame.opcode()).isEqualTo(messagePack ? RawWebSocket.BINARY : RawWebSocket.TEXT);
            String message = messagePack ? hex(frame.payload()) : frame.text().replace('\u001e', ';');
            if (!message.equals(messagePack ? MESSAGE_PACK_PING : JSON_PING)) {
                return message;
            }
        }
    }

    /**
     * All messages that came since the last call: reads up to a mark that is sent now, behind whatever was sent before. Nothing
     * has to be waited for to see that nothing came.
     */
    List<String> received() {
        RestServer.assertDone(server.post("/api/v1/hubs/" + hub + "/connections/" + connectionId, MARK), 202);
        var messages = new ArrayList<String>();
        for (String message = next(); !message.equals(messagePack ? MESSAGE_PACK_MARK : JSON_MARK); message = next()) {
            messages.add(message);
        }
        return messages;
    }

    /** The last message of the server, which then closes the transport in order. */
    String goodbye() {
        String message = next();
        assertThat(socket.readClose().closeCode()).isEqualTo(1000);
        return message;
    }

    boolean isMember() {
        return server.call("GET", "/api/v1/hubs/" + hub + "/connections/" + connectionId)
                        .status()
                == 200;
    }

    @Override
    public void close() {
        socket.close();
    }
}
