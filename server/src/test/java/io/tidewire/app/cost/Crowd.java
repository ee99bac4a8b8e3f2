package io.tidewire.app.cost;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.tidewire.app.TestTidewire;
import io.tidewire.auth.Claim;
import io.tidewire.http.RawHttp;
import io.tidewire.transport.RawWebSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Clients of one form in a hub of their own, and a REST caller that speaks to them. Those of Web PubSub are all in group {@code g}. */
final class Crowd implements AutoCloseable {
    private static final Pattern CONNECTION_TOKEN = Pattern.compile("\"connectionToken\":\"([^\"]+)\"");

    /** What a client has to read at once fits in. Not on the heap, where it would be counted. */
    private final ByteBuffer in = ByteBuffer.allocateDirect(256 * 1024);

    private final TestTidewire server;
    private final ClientForm form;
    private final String hub;
    private final InetSocketAddress address;
    private final RawHttp rest;
    private final String authorization;
    private final CheapClient[] clients;
    private int size;
    private long heard;

    /** Of nobody yet, with places for so many. */
    Crowd(TestTidewire server, ClientForm form, String hub, int places) {
        this.server = server;
        this.form = form;
        this.hub = hub;
        this.address = form.isSignalR() ? server.address() : server.webPubSubAddress();
        this.rest = RawHttp.connect(address);
        this.authorization = "Authorization: Bearer " + server.tokenFor("http://localhost/api");
        this.clients = new CheapClient[places];
    }

    int size() {
        return size;
    }

    /** More of one user, with one token. */
    Crowd grow(int by) {
        String token = token("everybody");
        for (int i = 0; i < by; i++) {
            add(token);
        }
        return this;
    }

    /** More of one user, of Web PubSub, each with so many acked messages behind it. */
    void growAcked(int by, int messages) {
        byte[][] frames = new byte[messages][];
        for (int i = 0; i < messages; i++) {
            frames[i] = text(
                    "{\"type\":\"sendToGroup\",\"group\":\"nobody\",\"dataType\":\"text\",\"data\":\"x\",\"ackId\":"
                            + (i + 1) + "}");
        }
        byte[] all = ByteBufUtil.getBytes(Unpooled.wrappedBuffer(frames));
        for (int i = 0; i < by; i++) {
            grow(1);
            clients[size - 1].send(all);
            clients[size - 1].hear(form, messages, in);
        }
    }

    /** More, each with a user and a token of its own. */
    Crowd growApart(int by) {
        for (int i = 0; i < by; i++) {
            add(token("user" + size));
        }
        return this;
    }

    private String token(String user) {
        return form.isSignalR()
                ? server.clientToken(hub, Claim.of("sub", user))
                : server.tokenFor(
                        "http://localhost/client/hubs/" + hub,
                        Claim.of("sub", user),
                        Claim.of("webpubsub.group", "g"),
                        Claim.of("role", "webpubsub.sendToGroup"));
    }

    private void add(String token) {
        var client = new CheapClient(address);
        clients[size++] = client;
        if (form == ClientForm.SIGNALR_EVENTS) {
            openStream(client, "Authorization: Bearer " + token);
            return;
        }
        String path = form.isSignalR() ? "/client/?hub=" + hub : "/client/hubs/" + hub;
        client.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token
                + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
                + RawWebSocket.KEY + "\r\n" + form.subprotocol() + "\r\n");
        client.answered(101, form, form.greetings(), in);
        if (form.isSignalR()) {
            client.send(text(form.handshake()));
            client.hear(form, 1, in);
        }
    }

    private void openStream(CheapClient client, String bearer) {
        String path = "/client/?hub=" + hub;
        RawHttp.Answer negotiated = rest.body(
                        "POST", "/client/negotiate?hub=" + hub + "&negotiateVersion=1", "", bearer)
                .read();
        Matcher token = CONNECTION_TOKEN.matcher(negotiated.text());
        assertThat(token.find()).as("%s", negotiated).isTrue();
        path += "&id=" + token.group(1);
        client.send(
                "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + bearer + "\r\nAccept: text/event-stream\r\n\r\n");
        client.answered(200, form, 0, in);
        RawHttp.Answer posted =
                rest.body("POST", path, form.handshake(), bearer).read();
        assertThat(posted.status()).as("%s", posted).isEqualTo(200);
        client.hear(form, 1, in);
    }

    /** Over REST, which all have when this returns: so many messages to all, {@code /users/u} or {@code /groups/g}. */
    void post(int times, String to) {
        byte[] request = form.isSignalR()
                ? request(
                        "/api/v1/hubs/" + hub + to, "application/json", "{\"target\":\"news\",\"arguments\":[\"hi\"]}")
                : request("/api/hubs/" + hub + to + "/:send", "text/plain", "hello");
        for (int i = 0; i < times; i++) {
            RawHttp.Answer answer = rest.send(request).read();
            assertThat(answer.status()).as("%s", answer).isEqualTo(202);
        }
        hear(times);
    }

    private byte[] request(String path, String type, String body) {
        return ("POST " + path + " HTTP/1.1\r\nHost: localhost\r\n" + authorization + "\r\nContent-Type: " + type
                        + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                .getBytes(UTF_8);
    }

    /** The first client says this so many times, each time when all have heard what came of it. */
    void say(int times, String message) {
        byte[] frame = text(message);
        for (int i = 0; i < times; i++) {
            clients[0].send(frame);
            hear(1);
        }
    }

    private void hear(int times) {
        heard += times;
        for (int i = 0; i < size; i++) {
            clients[i].hear(form, times, in);
        }
    }

    /** All have what they were sent, and say so where the server keeps it until then. */
    void acknowledge() {
        if (form == ClientForm.PUBSUB_RELIABLE_JSON) {
            byte[] ack = text("{\"type\":\"sequenceAck\",\"sequenceId\":" + heard + "}");
            for (int i = 0; i < size; i++) {
                clients[i].send(ack);
            }
        }
    }

    private static byte[] text(String message) {
        return RawWebSocket.encode(RawWebSocket.FIN | RawWebSocket.TEXT, true, message.getBytes(UTF_8));
    }

    @Override
    public void close() {
        for (int i = 0; i < size; i++) {
            clients[i].close();
        }
        rest.close();
    }
}
