package io.tidewire.signalr.rest;

import static io.tidewire.signalr.rest.RestServer.assertDone;
import static io.tidewire.signalr.rest.RestServer.assertError;
import static io.tidewire.signalr.rest.RestServer.assertErrorDetail;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.auth.AccessKeys;
import io.tidewire.auth.KeySettings;
import io.tidewire.auth.TokenIssuer;
import io.tidewire.auth.TokenSettings;
import io.tidewire.http.RawHttp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which callers are let in, and what the others are told. */
@Timeout(60)
class CallersTest {
    private static final String DATED = "/api/hubs/chat/users/U/:send";
    private static final String V1 = "/api/v1/hubs/chat/users/U";
    private static final String REFUSED = "The access token is missing or not valid for this request.";

    private static RestServer lenient;
    private static RestServer strict;
    private static RestServer off;

    @BeforeAll
    static void startServers() {
        lenient = RestServer.start();
        strict = RestServer.setup()
                .audience(TokenSettings.Audience.STRICT)
                .publicEndpoint("https://rt.example.com")
                .start();
        off = RestServer.setup().audience(TokenSettings.Audience.OFF).start();
    }

    @AfterAll
    static void stopServers() {
        lenient.close();
        strict.close();
        off.close();
    }

    private static RawHttp.Answer post(RestServer server, String target, String... headers) {
        try (RawHttp http = RawHttp.connect(server.address())) {
            http.body("POST", target, "{\"target\":\"t\"}", headers);
            return http.read();
        }
    }

    private static RawHttp.Answer postWith(RestServer server, String target, String token) {
        return post(server, target, "Authorization: Bearer " + token);
    }

    private static String token(String key, String audience) {
        return RestServer.issuer(key).issue(audience, Duration.ofMinutes(5), List.of());
    }

    private static String tokenOf(Instant time, String audience) {
        InstantSource clock = Clock.fixed(time, ZoneOffset.UTC);
        return new TokenIssuer(new AccessKeys("signalr.keys", new KeySettings(RestServer.PRIMARY, null)), clock)
                .issue(audience, Duration.ofSeconds(1), List.of());
    }

    private static String unsigned(String token, String header) {
        String encoded = Base64.getUrlEncoder().withoutPadding().encodeToString(header.getBytes(UTF_8));
        return encoded + token.substring(token.indexOf('.'));
    }

    static Stream<Arguments> refusedTokens() {
        String invalid = "Bearer error=\"invalid_token\", error_description=";
        String audience = "http://localhost" + DATED;
        String good = token(RestServer.PRIMARY, audience);
        String other = token(RestServer.PRIMARY, audience + "/other");
        return Stream.of(
                Arguments.of(
                        "another key",
                        token("x".repeat(40), audience),
                        invalid + "\"The signature key was not found\""),
                Arguments.of(
                        "the signature of another",
                        good.substring(0, good.lastIndexOf('.')) + other.substring(other.lastIndexOf('.')),
                        invalid + "\"The signature key was not found\""),
                Arguments.of("no JWT", "abc", invalid + "\"The token is malformed\""),
                Arguments.of("two tokens", good + ", " + good, invalid + "\"The token is malformed\""),
                Arguments.of(
                        "alg none",
                        unsigned(good, "{\"alg\":\"none\"}"),
                        invalid + "\"The signature algorithm is not supported\""),
                Arguments.of(
                        "alg RS256",
                        unsigned(good, "{\"alg\":\"RS256\"}"),
                        invalid + "\"The signature algorithm is not supported\""),
                Arguments.of("too long", "x".repeat(8 * 1024 + 1), invalid + "\"The token is too long\""),
                Arguments.of(
                        "expired",
                        tokenOf(Instant.now().minusSeconds(3600), audience),
                        invalid + "\"The token is expired\""),
                Arguments.of(
                        "another path",
                        token(RestServer.PRIMARY, "http://localhost/api/hubs/chat/users/V/:send"),
                        invalid + "\"The audience is invalid\""),
                Arguments.of(
                        "another hub",
                        token(RestServer.PRIMARY, "http://localhost/api/hubs/chat2"),
                        invalid + "\"The audience is invalid\""),
                Arguments.of(
                        "a longer path",
                        token(RestServer.PRIMARY, audience + "/more"),
                        invalid + "\"The audience is invalid\""),
                Arguments.of(
                        "a client's token",
                        token(RestServer.PRIMARY, "http://localhost/client/?hub=chat"),
                        invalid + "\"The audience is invalid\""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusedTokens")
    void aBadTokenIsRefusedWithItsReasonInTheChallengeOnly(String what, String token, String challenge) {
        for (String target : List.of(DATED, V1)) {
            RawHttp.Answer answer = postWith(lenient, target, token);
            assertError(target, answer, 401, "Error.Request.Unauthorized", REFUSED);
            if (target.equals(DATED)) {
                assertThat(answer.header("WWW-Authenticate")).as(what).isEqualTo(challenge);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-Nothing: here", "Authorization: Basic dTpw", "Authorization: Bearer", "Authorization:"})
    void withoutATokenNobodyIsLetIn(String header) {
        RawHttp.Answer answer = post(lenient, DATED, header);
        assertErrorDetail(answer, 401, "Error.Request.Unauthorized", REFUSED);
        assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer");
        assertErrorDetail(post(off, DATED, header), 401, "Error.Request.Unauthorized", REFUSED);
    }

    @Test
    void aTokenInTheQueryIsNoneForRest() {
        String token = token(RestServer.PRIMARY, "http://localhost/api");
        for (String target : List.of(DATED, V1)) {
            RawHttp.Answer answer = post(lenient, target + "?access_token=" + token);
            assertError(target, answer, 401, "Error.Request.Unauthorized", REFUSED);
            assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer");
            assertThat(answer.toString()).doesNotContain(token);
        }
    }

    @Test
    void twoAuthorizationHeadersAreNoChoice() {
        String good = "Authorization: Bearer " + token(RestServer.PRIMARY, "http://localhost/api");
        assertErrorDetail(post(lenient, DATED, good, good), 401, "Error.Request.Unauthorized", REFUSED);
    }

    @Test
    void bothKeysOpenEveryVersion() {
        for (String key : List.of(RestServer.PRIMARY, RestServer.SECONDARY)) {
            for (String target : List.of(DATED, V1, "/api/v1-preview/hub/chat/user/U")) {
                assertDone(postWith(lenient, target, token(key, "http://localhost" + target)), 202);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        // audience, lenient, strict
        "http://localhost/api/hubs/chat/users/U/:send, 202, 202",
        "http://localhost/api/hubs/chat/users/U/:send?api-version=2022-06-01, 202, 202",
        "https://LOCALHOST:8888/API/Hubs/Chat/users/U/:send/, 202, 202",
        "https://rt.example.com/api/hubs/chat/users/U/:send, 202, 202",
        "https://RT.example.com:443/api/hubs/chat, 202, 202",
        "http://elsewhere.example.com/api/hubs/chat/users/U/:send, 202, 401",
        "http://localhost/api/hubs/chat/users/U, 202, 202",
        "http://localhost/api/hubs/chat, 202, 202",
        "http://localhost/api, 202, 202",
        "http://localhost/, 202, 401",
        "http://localhost, 202, 401",
        "http://localhost/api/hubs/cha, 401, 401",
        "http://localhost/api/hubs/chat/users, 202, 202",
        "http://localhost/api/hubs/chat/users/%55/:send, 202, 202",
        "http://localhost/api/hubs%2Fchat, 401, 401",
        "ftp://localhost/api/hubs/chat, 401, 401",
        "/api/hubs/chat, 401, 401",
        "'', 401, 401",
    })
    void theAudienceNamesTheCallOrWhatIsAboveIt(String audience, int leniently, int strictly) {
        String token = token(RestServer.PRIMARY, audience);
        assertThat(postWith(lenient, DATED, token).status()).isEqualTo(leniently);
        assertThat(postWith(strict, DATED, token).status()).isEqualTo(strictly);
        assertThat(postWith(off, DATED, token).status()).isEqualTo(202);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/health", "/api/v1/health", "/openapi/v1.json"})
    void healthAndDocumentsAreForEverybody(String target) {
        for (RestServer server : List.of(lenient, strict, off)) {
            assertThat(server.callAsIs("GET", target).status()).isEqualTo(200);
            assertThat(server.callAsIs("GET", target, "Authorization: Bearer nonsense")
                            .status())
                    .isEqualTo(200);
        }
        assertThat(lenient.callAsIs("HEAD", "/api/health?api-version=2022-06-01")
                        .status())
                .isEqualTo(200);
        assertThat(lenient.callAsIs("HEAD", "/api/v1/health").status()).isEqualTo(200);
    }

    /** What the vendor's SDKs tell apart: nobody may learn from a 404 what is connected. */
    @ParameterizedTest
    @CsvSource({
        "GET, /api/v1/hubs/chat/users/U",
        "HEAD, /api/hubs/chat/connections/c",
        "PUT, /api/v1/hubs/chat/groups/g/users/u",
        "DELETE, /api/v1/hubs/chat/users/u/groups",
        "POST, /api/hubs/chat/:closeConnections",
        "GET, /api/hubs/1invalid/users/u",
    })
    void everyOperationAsksForATokenBeforeAnythingElse(String method, String target) {
        RawHttp.Answer answer = lenient.callAsIs(method, target);
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.header("x-ms-error-code")).isEqualTo("Error.Request.Unauthorized");
        assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer");
    }
}
