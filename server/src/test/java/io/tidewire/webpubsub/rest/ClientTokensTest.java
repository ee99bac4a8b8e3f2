package io.tidewire.webpubsub.rest;

import static io.tidewire.webpubsub.rest.RestServer.assertBadRequest;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.http.RawHttp;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Tokens for clients (reference C.2 #5, B.2). */
class ClientTokensTest {
    private static RestServer server;

    @BeforeAll
    static void start() {
        server = RestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static RawHttp.Answer token(RestServer from, String query) {
        return from.call("POST", "/api/hubs/Chat.1/:generateToken" + query);
    }

    private static JsonNode claims(RestServer from, String query) {
        RawHttp.Answer answer = token(from, query);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        JsonNode body = RestServer.read(answer);
        assertThat(body.propertyNames()).containsExactly("token");
        String[] parts = body.get("token").asString().split("\\.");
        assertThat(parts).hasSize(3);
        return new ObjectMapper().readTree(new String(Base64.getUrlDecoder().decode(parts[1]), UTF_8));
    }

    private static List<String> texts(JsonNode claims, String name) {
        JsonNode claim = claims.path(name);
        return claim.isArray()
                ? claim.valueStream().map(JsonNode::asString).toList()
                : claim.isMissingNode() ? List.of() : List.of(claim.asString());
    }

    @Test
    void withoutAnythingItIsForAnybodyForAnHour() {
        JsonNode claims = claims(server, "");
        assertThat(claims.get("aud").asString()).isEqualTo("http://localhost/client/hubs/chat.1");
        assertThat(claims.has("sub")).isFalse();
        assertThat(claims.has("role")).isFalse();
        assertThat(claims.has("webpubsub.group")).isFalse();
        assertThat(claims.get("exp").asLong() - Instant.now().getEpochSecond()).isBetween(3540L, 3601L);
    }

    @Test
    void rolesAndGroupsAreAsTheyWereGiven() {
        JsonNode claims = claims(
                server,
                "?userId=u%201&role=webpubsub.sendToGroup&role=whatever%20you%20say&group=g&group=G%2F1&minutesToExpire=5");
        assertThat(claims.get("sub").asString()).isEqualTo("u 1");
        assertThat(texts(claims, "role")).containsExactly("webpubsub.sendToGroup", "whatever you say");
        assertThat(texts(claims, "webpubsub.group")).containsExactly("g", "G/1");
        assertThat(claims.get("exp").asLong() - Instant.now().getEpochSecond()).isBetween(240L, 301L);
        assertThat(texts(claims(server, "?role=r&group=g"), "role")).containsExactly("r");
    }

    @Test
    void anEmptyUserIsNone() {
        assertThat(claims(server, "?userId=").has("sub")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "Default, /client/hubs/",
        "default, /client/hubs/",
        "MQTT, /clients/mqtt/hubs/",
        "mqtt, /clients/mqtt/hubs/",
        "SocketIO, /clients/socketio/hubs/",
        "socketio, /clients/socketio/hubs/",
    })
    void theKindOfClientChoosesTheEndpoint(String clientType, String path) {
        assertThat(claims(server, "?clientType=" + clientType).get("aud").asString())
                .isEqualTo("http://localhost" + path + "chat.1");
        // Also under versions that do not have it.
        assertThat(claims(server, "?clientType=" + clientType + "&api-version=2021-08-01-preview")
                        .get("aud")
                        .asString())
                .endsWith(path + "chat.1");
    }

    @Test
    void theAudienceIsThePublicEndpoint() {
        try (RestServer behind = RestServer.start("webpubsub.publicEndpoint=https://rt.example.com")) {
            assertThat(claims(behind, "").get("aud").asString()).isEqualTo("https://rt.example.com/client/hubs/chat.1");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "?minutesToExpire=0|Invalid minutesToExpire.",
                "?minutesToExpire=-5|Invalid minutesToExpire.",
                "?minutesToExpire=x|Invalid minutesToExpire.",
                "?minutesToExpire=|Invalid minutesToExpire.",
                "?clientType=Websocket|Invalid clientType. It is one of [Default, MQTT, SocketIO].",
                "?group=%20|Invalid group name.",
                "?userId=%20|Invalid user id.",
            })
    void whatNoClientCouldUseIsRefused(String query, String why) {
        assertBadRequest(token(server, query), why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"group", "role"})
    void aTokenThatIsTooLongIsRefused(String parameter) {
        var query = new StringBuilder("?x=y");
        for (int i = 0; i < 5; i++) {
            query.append('&').append(parameter).append('=').append("x".repeat(1000));
        }
        assertBadRequest(token(server, query.toString()), "4096");
    }

    @Test
    void aGroupHasItsLimit() {
        assertBadRequest(token(server, "?group=" + "x".repeat(1025)), "Invalid group name.");
    }
}
