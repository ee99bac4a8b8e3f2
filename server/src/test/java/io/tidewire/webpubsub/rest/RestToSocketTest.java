package io.tidewire.webpubsub.rest;

import static io.tidewire.webpubsub.rest.RestServer.assertDone;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidewire.transport.RawWebSocket;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The whole way: tokens, sends, groups, permissions and closes over REST, seen by real clients. */
class RestToSocketTest {
    private static final String JSON = "json.webpubsub.azure.v1";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static RestServer server;

    private final String name = RestServer.newHub();
    private final String path = "/api/hubs/" + name;

    @BeforeAll
    static void start() {
        server = RestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** With a token that REST made. */
    private RawWebSocket connect(String query, String... headers) {
        String token = RestServer.read(server.call("POST", path + "/:generateToken" + query))
                .get("token")
                .asString();
        return RawWebSocket.connect(
                server.server().webPubSubAddress().getPort(),
                "/client/hubs/" + name.toUpperCase(Locale.ROOT) + "?access_token=" + token,
                headers);
    }

    /** Without a subprotocol nobody tells the client when it is in. */
    private RawWebSocket simple(String user, String query) {
        RawWebSocket client = connect("?userId=" + user + query);
        await().until(() -> server.call("HEAD", path + "/users/" + user).status() == 200);
        return client;
    }

    private RawWebSocket subprotocol(String query, String subprotocol) {
        return connect(query, "Sec-WebSocket-Protocol: " + subprotocol);
    }

    private static JsonNode hear(RawWebSocket client) {
        return MAPPER.readTree(client.readText());
    }

    private static void assertHears(RawWebSocket client, String frame) {
        assertThat(hear(client)).isEqualTo(MAPPER.readTree(frame));
    }

    @Test
    void whatRestSaysIsWhatTheTokenIs() {
        try (RawWebSocket client = subprotocol("?userId=u&role=webpubsub.sendToGroup.g&group=g&group=h%20i", JSON)) {
            JsonNode connected = hear(client);
            assertThat(connected.get("event").asString()).isEqualTo("connected");
            assertThat(connected.get("userId").asString()).isEqualTo("u");
            String id = connected.get("connectionId").asString();
            assertDone(server.call("HEAD", path + "/connections/" + id), 200);
            assertDone(server.call("HEAD", path + "/users/u"), 200);
            await().until(() -> server.call("HEAD", path + "/groups/h%20i").status() == 200);
            assertDone(server.call("HEAD", path + "/permissions/sendToGroup/connections/" + id + "?targetName=g"), 200);
            client.text("{\"type\":\"sendToGroup\",\"group\":\"g\",\"dataType\":\"text\",\"data\":\"x\",\"ackId\":1}");
            assertThat(hear(client).get("type").asString()).isIn("ack", "message");
        }
    }

    @Test
    void sendsArriveInTheFramesOfTheSubprotocol() {
        try (RawWebSocket client = subprotocol("?userId=u&group=g", JSON)) {
            String id = hear(client).get("connectionId").asString();
            await().until(() -> server.call("HEAD", path + "/groups/g").status() == 200);
            server.json(path + "/:send", "{\"a\": 1.0}");
            String raw = client.readText();
            assertThat(raw).contains("{\"a\": 1.0}");
            assertThat(MAPPER.readTree(raw))
                    .isEqualTo(MAPPER.readTree(
                            "{\"type\":\"message\",\"from\":\"server\",\"dataType\":\"json\",\"data\":{\"a\":1.0}}"));
            server.text(path + "/users/u/:send", "hi \"é\"");
            assertHears(
                    client,
                    "{\"type\":\"message\",\"from\":\"server\",\"dataType\":\"text\",\"data\":\"hi \\\"é\\\"\"}");
            server.post(path + "/connections/" + id + "/:send", new byte[] {1, 2, 3});
            assertHears(client, "{\"type\":\"message\",\"from\":\"server\",\"dataType\":\"binary\",\"data\":\"AQID\"}");
            server.text(path + "/groups/g/:send", "x", "X-WebPubSub-Metadata-Trace: 7");
            assertHears(
                    client,
                    "{\"type\":\"message\",\"from\":\"group\",\"group\":\"g\",\"dataType\":\"text\",\"data\":\"x\","
                            + "\"metadata\":{\"trace\":\"7\"}}");
        }
    }

    @Test
    void aSimpleClientGetsTheDataAlone() {
        try (RawWebSocket client = simple("u", "&group=g")) {
            await().until(() -> server.call("HEAD", path + "/groups/g").status() == 200);
            server.json(path + "/:send", "\"text\"");
            assertThat(client.readText()).isEqualTo("\"text\"");
            server.text(path + "/groups/g/:send", "text");
            assertThat(client.readText()).isEqualTo("text");
            server.post(path + "/:send", new byte[] {1, 2});
            RawWebSocket.Frame binary = client.read();
            assertThat(binary.opcode()).isEqualTo(RawWebSocket.BINARY);
            assertThat(binary.payload()).containsExactly(1, 2);
        }
    }

    @Test
    void aFilterTellsTheSubprotocolsApart() {
        try (RawWebSocket json = subprotocol("", JSON);
                RawWebSocket reliable = subprotocol("", "json.reliable.webpubsub.azure.v1");
                RawWebSocket simple = simple("s", "")) {
            hear(json);
            hear(reliable);
            String filter = "?filter=" + URLEncoder.encode("protocol eq 'json.webpubsub.azure.v1'", UTF_8);
            assertDone(server.text(path + "/:send" + filter, "for json"), 202);
            assertDone(server.text(path + "/:send", "for all"), 202);
            assertThat(hear(json).get("data").asString()).isEqualTo("for json");
            assertThat(hear(json).get("data").asString()).isEqualTo("for all");
            assertThat(hear(reliable).get("data").asString()).isEqualTo("for all");
            assertThat(simple.readText()).isEqualTo("for all");
        }
    }

    @Test
    void whatRestGrantsTheClientMayDo() {
        try (RawWebSocket client = subprotocol("", JSON)) {
            String id = hear(client).get("connectionId").asString();
            client.text("{\"type\":\"joinGroup\",\"group\":\"g\",\"ackId\":1}");
            assertThat(hear(client).at("/error/name").asString()).isEqualTo("Forbidden");
            assertDone(
                    server.call("PUT", path + "/permissions/joinLeaveGroup/connections/" + id + "?targetName=g"), 200);
            client.text("{\"type\":\"joinGroup\",\"group\":\"g\",\"ackId\":2}");
            assertHears(client, "{\"type\":\"ack\",\"ackId\":2,\"success\":true}");
            assertDone(server.call("DELETE", path + "/permissions/joinLeaveGroup/connections/" + id), 204);
            client.text("{\"type\":\"leaveGroup\",\"group\":\"g\",\"ackId\":3}");
            assertThat(hear(client).at("/error/name").asString()).isEqualTo("Forbidden");
        }
    }

    /** The client is told twice: in a frame of its subprotocol, and in the close of the WebSocket. */
    @Test
    void aCloseTellsTheReason() {
        try (RawWebSocket client = subprotocol("?userId=u", JSON)) {
            hear(client);
            assertDone(server.call("POST", path + "/users/u/:closeConnections?reason=Enough"), 204);
            assertHears(client, "{\"type\":\"system\",\"event\":\"disconnected\",\"message\":\"Enough\"}");
            assertClosed(client, "Enough");
        }
        try (RawWebSocket client = simple("u", "")) {
            assertDone(server.call("POST", path + "/:closeConnections"), 204);
            assertClosed(client, "Closed by REST API.");
        }
    }

    private static void assertClosed(RawWebSocket client, String reason) {
        ByteBuffer close = ByteBuffer.wrap(client.readClose().payload());
        assertThat(close.getShort()).isEqualTo((short) 1000);
        assertThat(UTF_8.decode(close).toString()).isEqualTo(reason);
    }

    /** A reason is the caller's and may be longer than a close can say. */
    @Test
    void aLongReasonIsCutWhereItHasTo() {
        try (RawWebSocket client = simple("u", "")) {
            String reason = "é".repeat(200);
            assertDone(
                    server.call("POST", path + "/:closeConnections?reason=" + URLEncoder.encode(reason, UTF_8)), 204);
            ByteBuffer close = ByteBuffer.wrap(client.readClose().payload());
            assertThat(close.getShort()).isEqualTo((short) 1000);
            String said = UTF_8.decode(close).toString();
            assertThat(said).hasSizeBetween(50, 62);
            assertThat(reason).startsWith(said.replace("...", "").replace("…", ""));
        }
    }
}
