package io.tidewire.signalr.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.app.TestTidewire;
import io.tidewire.auth.Claim;
import io.tidewire.http.RawHttp;
import io.tidewire.transport.RawWebSocket;
import java.util.ArrayDeque;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;

/** A SignalR client on a plain WebSocket, in JSON unless it says otherwise. */
final class Client implements AutoCloseable {
    private static final String END = "\36";
    private static final String PING = "{\"type\":6}";

    final RawWebSocket socket;
    private final Queue<String> read = new ArrayDeque<>();

    private Client(RawWebSocket socket, String protocol) {
        this.socket = socket;
        socket.text("{\"protocol\":\"" + protocol + "\",\"version\":1}" + END);
        assertThat(socket.read().text()).isEqualTo("{}" + END);
    }

    static Client json(TestTidewire server, String hub, Claim... claims) {
        return new Client(
                RawWebSocket.connect(server.port(), "/client/?hub=" + hub, server.bearer(hub, claims)), "json");
    }

    static Client messagePack(TestTidewire server, String hub) {
        return new Client(
                RawWebSocket.connect(server.port(), "/client/?hub=" + hub, server.bearer(hub)), "messagepack");
    }

    /** With a query of its own, where {@code TOKEN} stands for its token and {@code ID} for what negotiate gave it. */
    static Client browser(TestTidewire server, String hub, String query) {
        String token = server.clientToken(hub);
        try (RawHttp http = RawHttp.connect(server.address())) {
            String negotiated = http.body(
                            "POST",
                            "/client/negotiate?negotiateVersion=1&hub=" + hub,
                            "",
                            "Authorization: Bearer " + token)
                    .read()
                    .text();
            String id = negotiated.replaceFirst(".*\"connectionToken\":\"([^\"]+)\".*", "$1");
            String target =
                    "/client/?hub=" + hub + query.replace("TOKEN", token).replace("=ID&", "=" + id + "&");
            return new Client(RawWebSocket.connect(server.port(), target), "json");
        }
    }

    Client send(String... messages) {
        socket.text(String.join(END, messages) + END);
        return this;
    }

    Client sendPacked(String hex) {
        socket.binary(HexFormat.of().parseHex(hex));
        return this;
    }

    /** Calls a method and waits for nothing. */
    Client say(String target) {
        return send("{\"type\":1,\"target\":\"" + target + "\",\"arguments\":[]}");
    }

    /** Calls a method and wants its answer, the next message. */
    String ask(String target) {
        send("{\"type\":1,\"invocationId\":\"7\",\"target\":\"" + target + "\",\"arguments\":[]}");
        return next();
    }

    static String error(String text) {
        return "{\"type\":3,\"invocationId\":\"7\",\"error\":\"" + text + "\"}";
    }

    static String result(String json) {
        return "{\"type\":3,\"invocationId\":\"7\",\"result\":" + json + "}";
    }

    static final String VOID = "{\"type\":3,\"invocationId\":\"7\"}";

    /** The next message that is no ping. */
    String next() {
        String message = read.poll();
        while (message == null || message.equals(PING)) {
            if (message == null) {
                String text = new String(socket.read().payload(), UTF_8);
                assertThat(text).endsWith(END);
                read.addAll(List.of(text.substring(0, text.length() - 1).split(END, -1)));
            }
            message = read.poll();
        }
        return message;
    }

    String nextPacked() {
        return HexFormat.of().formatHex(socket.read().payload());
    }

    /** Leaves in order. */
    void leave() {
        socket.sendClose(1000, "");
        socket.readClose();
    }

    @Override
    public void close() {
        socket.close();
    }
}
