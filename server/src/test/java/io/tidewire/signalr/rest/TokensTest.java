package io.tidewire.signalr.rest;

import static io.tidewire.signalr.rest.RestServer.assertError;
import static io.tidewire.signalr.rest.RestServer.assertErrorDetail;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.auth.TokenSettings;
import io.tidewire.http.RawHttp;
import java.net.URLEncoder;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What {@code :generateToken} makes, judged by the client endpoint where it must name its audience exactly. */
@Timeout(60)
class TokensTest {
    private static RestServer server;
    private static RestServer named;

    @BeforeAll
    static void startServers() {
        server = RestServer.setup().audience(TokenSettings.Audience.STRICT).start();
        named = RestServer.setup()
                .audience(TokenSettings.Audience.STRICT)
                .publicEndpoint("https://rt.example.com")
                .start();
    }

    @AfterAll
    static void stopServers() {
        server.close();
        named.close();
    }

    private static String generate(RestServer from, String target) {
        RawHttp.Answer answer = from.call("POST", target);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json; charset=utf-8");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        JsonNode body = Json.read(answer.text());
        assertThat(body.propertyNames()).containsExactly("token");
        return body.get("token").asString();
    }

    private static int negotiate(RestServer with, String hub, String token) {
        return with.callAsIs(
                        "POST",
                        "/client/negotiate?negotiateVersion=1&hub=" + URLEncoder.encode(hub, UTF_8),
                        "Authorization: Bearer " + token,
                        "Content-Length: 0")
                .status();
    }

    private static JsonNode claims(String token) {
        return Json.read(new String(Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]), UTF_8));
    }

    @ParameterizedTest
    @CsvSource({
        "/api/hubs/Chat/:generateToken, chat",
        "/api/hubs/chat/:generateToken?api-version=2022-11-01&userId=ann, chat",
        "/api/hubs/chat/:generateToken?application=App&api-version=2024-12-01, app_chat",
        "/api/hubs/a%60%2C.%5B%5D_1/:generateToken, 'a`,.[]_1'",
    })
    void theTokenOpensItsHubAndNoOther(String target, String hub) {
        for (RestServer each : List.of(server, named)) {
            String token = generate(each, target);
            assertThat(negotiate(each, hub, token)).isEqualTo(200);
            assertThat(negotiate(each, "other", token)).isEqualTo(401);
        }
    }

    @Test
    void theAudienceIsThePublicEndpointOrTheHostThatWasCalled() {
        assertThat(claims(generate(named, "/api/hubs/chat/:generateToken"))
                        .get("aud")
                        .asString())
                .isEqualTo("https://rt.example.com/client/?hub=chat");
        assertThat(claims(generate(server, "/api/hubs/chat/:generateToken"))
                        .get("aud")
                        .asString())
                .isEqualTo("http://localhost/client/?hub=chat");
    }

    @Test
    void theClientIsTheUserThatWasNamed() {
        String hub = RestServer.newHub();
        String token = generate(server, "/api/hubs/" + hub + "/:generateToken?userId=J%C3%BCrgen+%2F%20'1'");
        try (HubClient client = new HubClient(server, hub, token, false)) {
            assertThat(server.call("HEAD", "/api/hubs/" + hub + "/users/J%C3%BCrgen%20%2F%20'1'")
                            .status())
                    .isEqualTo(200);
            assertThat(client.received()).isEmpty();
        }
        assertThat(claims(generate(server, "/api/hubs/chat/:generateToken")).has("nameid"))
                .isFalse();
        assertThat(claims(generate(server, "/api/hubs/chat/:generateToken?userId="))
                        .has("nameid"))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "'', 60",
        "?minutesToExpire=1, 1",
        "?minutesToExpire=525600, 525600",
        "?minutesToExpire=2147483647, 2147483647"
    })
    void itLivesForAnHourOrAsLongAsAsked(String query, long minutes) {
        long before = Instant.now().getEpochSecond();
        long expires = claims(generate(server, "/api/hubs/chat/:generateToken" + query))
                .get("exp")
                .asLong();
        long after = Instant.now().getEpochSecond();
        assertThat(expires).isBetween(before + minutes * 60, after + minutes * 60);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "", "abc", "1.5", "1e3", "0x10", "%201", "2147483648", "99999999999999999999"})
    void minutesAreAWholeNumberFromOne(String minutes) {
        assertErrorDetail(
                server.call("POST", "/api/hubs/chat/:generateToken?minutesToExpire=" + minutes),
                400,
                "Error.Request.Invalid",
                "Invalid minutesToExpire. It is a whole number between 1 and 2147483647.");
    }

    @Test
    void aUserIdIsANameAndFitsTheToken() {
        String invalid = "Invalid user id. A valid user id is between 1 and 1024 characters long";
        for (String user : List.of("u".repeat(1025), "%20", "%C2%A0%09")) {
            assertErrorDetail(
                    server.call("POST", "/api/hubs/chat/:generateToken?userId=" + user),
                    400,
                    "Error.Request.Invalid",
                    invalid);
        }
        assertErrorDetail(
                server.call("POST", "/api/hubs/chat/:generateToken?userId=" + "%01".repeat(1000)),
                400,
                "Error.Request.Invalid",
                "at most 4096 are allowed");
        generate(server, "/api/hubs/chat/:generateToken?userId=" + "u".repeat(1024));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/hubs/1/:generateToken", "/api/hubs/chat/:generateToken?application=a%20b"})
    void hubAndApplicationAreChecked(String target) {
        assertErrorDetail(server.call("POST", target), 400, "Error.Request.Invalid", "name. A valid ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/api/auth/accessKey", "/api/auth/accessKey?api-version=2024-12-01", "/api/v1/auth/accessKey"})
    void temporaryKeysAreNotGivenOutAndTheErrorSaysWhatToUse(String target) {
        for (RawHttp.Answer answer : List.of(server.callAsIs("GET", target), server.call("GET", target))) {
            assertError(target, answer, 401, "Error.Request.Unauthorized", "Use an access key: put AccessKey=");
            assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer");
        }
    }
}
