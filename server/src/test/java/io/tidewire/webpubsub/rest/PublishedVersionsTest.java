package io.tidewire.webpubsub.rest;

import static io.tidewire.webpubsub.rest.RestServer.assertDone;
import static io.tidewire.webpubsub.rest.RestServer.assertError;
import static io.tidewire.webpubsub.rest.RestServer.assertMarked;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.http.RawHttp;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which versions there are, in what they differ, and what every answer carries (reference C.1, C.4). */
class PublishedVersionsTest {
    private static final List<String> OLD =
            List.of("2020-10-01", "2021-01-01-preview", "2021-05-01-preview", "2021-08-01-preview");
    private static final List<String> LATER = List.of(
            "2021-10-01",
            "2022-10-01-preview",
            "2022-11-01",
            "2023-07-01",
            "2024-01-01",
            "2024-12-01",
            "2024-12-01".toUpperCase(java.util.Locale.ROOT));

    private static RestServer server;

    @BeforeAll
    static void start() {
        server = RestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/hubs/h/connections/c",
                "/api/hubs/h/groups/g/connections/c",
                "/api/hubs/h/permissions/sendToGroup/connections/c",
                "/api/hubs/h/users/u/groups",
                "/api/hubs/h/users/u/groups/g",
            })
    void whatAnswers204DidAnswer200(String target) {
        OLD.forEach(version -> assertDone(server.call("DELETE", target + "?api-version=" + version), 200));
        LATER.forEach(version -> assertDone(server.call("DELETE", target + "?api-version=" + version), 204));
        assertDone(server.call("DELETE", target), 204);
    }

    /** An operation is there under every version, also under those that do not have it. */
    @ParameterizedTest
    @CsvSource({
        "POST, /api/hubs/h/:closeConnections, 204",
        "POST, /api/hubs/h/groups/g/:closeConnections, 204",
        "POST, /api/hubs/h/users/u/:closeConnections, 204",
        "DELETE, /api/hubs/h/connections/c/groups, 204",
        "POST, /api/hubs/h/:generateToken, 200",
        "GET, /api/hubs/h/groups/g/connections, 200",
        "HEAD, /api/hubs/h/users/u/groups/g, 404",
    })
    void thePathAloneChoosesTheOperation(String method, String target, int status) {
        for (List<String> versions : List.of(OLD, LATER)) {
            for (String version : versions) {
                RawHttp.Answer answer = server.call(method, target + "?api-version=" + version);
                assertThat(answer.status()).as(version + answer).isEqualTo(status);
                assertMarked(answer);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?api-version=2024-12-02",
                "?api-version=2020-09-30",
                "?api-version=2022-11-01-preview",
                "?api-version=2026-02-01-preview",
                "?api-version=",
                "?api-version",
                "?api-version=latest",
                "?api-version=2024-12-01&api-version=2024-12-01",
                "?api-version=2024-12-01&API-VERSION=2023-07-01",
            })
    void anotherVersionOrTwoAreRefused(String query) {
        for (String target : List.of("/api/hubs/h/:closeConnections", "/api/hubs/h/:generateToken")) {
            RawHttp.Answer answer = server.call("POST", target + query);
            assertError(answer, 400, "Error.BadRequest", "The specified API version is not supported.");
            assertThat(RestServer.read(answer).get("message").asString())
                    .isEqualTo("The specified API version is not supported.");
            assertThat(RestServer.read(answer).get("target").asString()).isEqualTo("api-version");
        }
        RawHttp.Answer health = server.callAsIs("HEAD", "/api/health" + query);
        assertThat(health.status()).isEqualTo(400);
        assertMarked(health);
    }

    @Test
    void theCallersIdComesBack() {
        RawHttp.Answer done = server.call("HEAD", "/api/health", "x-ms-client-request-id: a-b 1");
        assertThat(done.header("x-ms-client-request-id")).isEqualTo("a-b 1");
        assertThat(server.call("POST", "/api/hubs/1/:closeConnections", "X-MS-Client-Request-Id: bad")
                        .header("x-ms-client-request-id"))
                .isEqualTo("bad");
        assertThat(server.callAsIs("POST", "/api/hubs/h/:closeConnections", "x-ms-client-request-id: none")
                        .header("x-ms-client-request-id"))
                .isEqualTo("none");
        assertThat(server.call("HEAD", "/api/health").header("x-ms-client-request-id"))
                .isNull();
        assertThat(server.call("HEAD", "/api/health", "x-ms-client-request-id: " + "x".repeat(257))
                        .header("x-ms-client-request-id"))
                .isNull();
        assertThat(done.header("x-ms-request-id"))
                .isNotEqualTo(server.call("HEAD", "/api/health").header("x-ms-request-id"));
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /api/hubs/h/:send, 405, Error.MethodNotAllowed",
        "POST, /api/hubs/h/groups/%FF/:send, 400, Error.BadRequest",
        "POST, /api/hubs/h/groups/../:send, 400, Error.BadRequest",
    })
    void whatTheRouterRefusesIsAnErrorDocumentToo(String method, String target, int status, String code) {
        assertError(server.call(method, target), status, code, "");
    }

    @Test
    void whatIsNowhereIsNotFound() {
        for (String target : List.of("/api/hubs/h", "/api/hubs/h/:execute", "/api/v1/hubs/h", "/api/auth/accessKey")) {
            assertThat(server.call("POST", target).status()).as(target).isEqualTo(404);
        }
    }

    /** An empty body and a challenge, whatever is wrong. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Nothing: 1",
                "Authorization: Bearer x",
                "Authorization: Basic eDp5",
                "Authorization: Bearer eyJhbGciOiJub25lIn0.e30.",
            })
    void whoHasNoTokenIsChallenged(String header) {
        for (String target : List.of("/api/hubs/h/:closeConnections", "/api/hubs/h/:send", "/api/hubs/1/:send")) {
            RawHttp.Answer answer = server.callAsIs("POST", target, header);
            assertThat(answer.status()).as(answer.toString()).isEqualTo(401);
            assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer");
            assertThat(answer.body()).isEmpty();
            assertThat(answer.header("Content-Type")).isNull();
            assertThat(answer.header("x-ms-error-code")).isEqualTo("Error.Unauthorized");
            assertMarked(answer);
        }
    }

    /** What the vendor's SDKs sign is the whole URL, the query with it; what its documents say is the URL without it. */
    @ParameterizedTest
    @CsvSource({
        "http://localhost/api/hubs/h/:closeConnections?api-version=2024-12-01, 204",
        "http://localhost/api/hubs/h/:closeConnections, 204",
        "http://LOCALHOST:80/API/hubs/h/%3AcloseConnections, 204",
        "https://localhost/api/hubs/h/:closeConnections/, 204",
        "http://localhost/api/hubs/other/:closeConnections, 401",
        "http://localhost/client/hubs/h, 401",
    })
    void theAudienceIsTheUrlWithOrWithoutItsQuery(String audience, int status) {
        RawHttp.Answer answer = server.callAsIs(
                "POST",
                "/api/hubs/h/:closeConnections?api-version=2024-12-01",
                "Authorization: Bearer " + server.server().tokenFor(audience));
        assertThat(answer.status()).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2020-10-01", "2021-08-01-preview", "2023-07-01", "2024-12-01"})
    void eachVersionIsPublished(String version) {
        RawHttp.Answer answer = server.callAsIs("GET", "/openapi/" + version + ".json");
        assertThat(answer.status()).isEqualTo(200);
        var document = RestServer.read(answer);
        assertThat(document.at("/info/title").asString()).isEqualTo("Tidewire, Web PubSub REST API");
        assertThat(document.at("/info/version").asString()).isEqualTo(version);
        assertThat(document.at("/paths/~1api~1hubs~1{hub}~1:send/post/requestBody/content")
                        .propertyNames())
                .containsExactlyInAnyOrder(
                        "application/json", "application/octet-stream", "application/x-protobuf", "text/plain");
    }
}
