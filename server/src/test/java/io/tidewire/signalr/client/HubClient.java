package io.tidewire.signalr.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.app.TestTidewire;
import io.tidewire.auth.Claim;
import io.tidewire.http.RawHttp;
import io.tidewire.transport.RawWebSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A SignalR client on a plain WebSocket. It says only what it is told to, and answers nothing by itself. */
final class HubClient implements AutoCloseable {
    /** Ends a JSON hub message. */
    static final String END = "\36";

    static final String JSON = "{\"protocol\":\"json\",\"version\":1}" + END;
    static final String MESSAGE_PACK = "{\"protocol\":\"messagepack\",\"version\":1}" + END;
    static final String ACCEPTED = "{}" + END;
    static final String PING = "{\"type\":6}";

    private static final Pattern TOKEN = Pattern.compile("\"connectionToken\":\"([^\"]+)\"");
    private static final Pattern ID = Pattern.compile("\"connectionId\":\"([^\"]+)\"");

    final RawWebSocket socket;
    private final Queue<String> read = new ArrayDeque<>();

    /** What negotiate version 1 hands out. */
    record Negotiated(String connectionId, String token) {}

    private HubClient(RawWebSocket socket) {
        this.socket = socket;
    }

    static String target(String hub) {
        return "/client/?hub=" + hub;
    }

    static RawHttp.Answer negotiate(TestTidewire server, String query, String... headers) {
        try (RawHttp http = RawHttp.connect(server.address())) {
            return http.body("POST", "/client/negotiate" + query, "", headers).read();
        }
    }

    static Negotiated negotiated(TestTidewire server, String hub, Claim... claims) {
        RawHttp.Answer answer = negotiate(server, "?hub=" + hub + "&negotiateVersion=1", server.bearer(hub, claims));
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        return new Negotiated(find(ID, answer.text()), find(TOKEN, answer.text()));
    }

    private static String find(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        assertThat(matcher.find()).as("%s in %s", pattern, text).isTrue();
        return matcher.group(1);
    }

    /** A WebSocket without a handshake. */
    static HubClient upgraded(TestTidewire server, String hub, Claim... claims) {
        return new HubClient(RawWebSocket.connect(server.port(), target(hub), server.bearer(hub, claims)));
    }

    /** A WebSocket for a negotiated connection, without a handshake. */
    static HubClient upgraded(TestTidewire server, String hub, Negotiated negotiated, Claim... claims) {
        return new HubClient(RawWebSocket.connect(
                server.port(), target(hub) + "&id=" + negotiated.token(), server.bearer(hub, claims)));
    }

    /** One that the kernel buffers little for, without a handshake. */
    static HubClient narrow(TestTidewire server, String hub) {
        RawWebSocket socket = RawWebSocket.open(server.port(), 16 * 1024);
        return new HubClient(socket.upgrade(target(hub), server.bearer(hub)));
    }

    /** A JSON client that may receive. */
    static HubClient json(TestTidewire server, String hub, Claim... claims) {
        return upgraded(server, hub, claims).shakeHands();
    }

    /** A MessagePack client that may receive. */
    static HubClient messagePack(TestTidewire server, String hub, Claim... claims) {
        HubClient client = upgraded(server, hub, claims);
        client.socket.binary(MESSAGE_PACK.getBytes(StandardCharsets.UTF_8));
        assertThat(client.socket.read().text()).isEqualTo(ACCEPTED);
        return client;
    }

    HubClient shakeHands() {
        socket.text(JSON);
        assertThat(socket.readText()).isEqualTo(ACCEPTED);
        return this;
    }

    /** Sends hub messages in one text message. */
    HubClient send(String... messages) {
        socket.text(String.join(END, messages) + END);
        return this;
    }

    /** The next hub message in JSON. Each WebSocket message must hold whole ones. */
    String next() {
        String message = read.poll();
        if (message == null) {
            String text = socket.readText();
            assertThat(text).endsWith(END);
            for (String one : text.substring(0, text.length() - 1).split(END, -1)) {
                read.add(one);
            }
            message = read.remove();
        }
        return message;
    }

    /** The next hub message that is not a ping. */
    String nextCall() {
        String message = next();
        while (message.equals(PING)) {
            message = next();
        }
        return message;
    }

    /** A call as the server writes it. */
    static String call(String target, String arguments) {
        return "{\"type\":1,\"target\":\"" + target + "\",\"arguments\":" + arguments + "}";
    }

    /** Reads a hub message that ends the connection, or none of it when null, and the WebSocket's own end; answers that. */
    void expectClose(@Nullable String message, int code) {
        if (message != null) {
            assertThat(nextCall()).isEqualTo(message);
        }
        RawWebSocket.Frame close = socket.readClose();
        assertThat(close.closeCode()).as(close.closeReason()).isEqualTo(code);
        socket.sendClose(code, "");
        socket.readToEnd();
    }

    @Override
    public void close() {
        socket.close();
    }
}
