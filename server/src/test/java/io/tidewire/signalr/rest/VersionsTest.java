package io.tidewire.signalr.rest;

import static io.tidewire.signalr.rest.RestServer.assertDone;
import static io.tidewire.signalr.rest.RestServer.assertErrorDetail;
import static io.tidewire.signalr.rest.RestServer.assertTextError;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.http.RawHttp;
import java.util.Locale;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a version is chosen, where each is served, and the published documents. */
@Timeout(60)
class VersionsTest {
    private static final String REFUSAL =
            "The query parameter api-version must be one of: 2022-06-01, 2022-11-01, 2023-07-01, 2024-12-01.";

    private static RestServer server;
    private static RestServer strict;

    @BeforeAll
    static void startServers() {
        server = RestServer.start();
        strict = RestServer.setup().strictApiVersion().start();
    }

    @AfterAll
    static void stopServers() {
        server.close();
        strict.close();
    }

    private static RawHttp.Answer close(RestServer to, String query) {
        return to.call("POST", "/api/hubs/nobody/:closeConnections" + query);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "?api-version=2022-06-01",
                "?API-Version=2022-06-01",
                "?api-version=2022-06-02",
                "?api-version=2022-11-01",
                "?api-version=2024-12-01",
                "?api-version=2099-12-31-preview",
            })
    void theVersionOrANewerOneOrNoneIsServed(String query) {
        assertDone(close(server, query), 204);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?api-version=2022-05-31",
                "?api-version=2021-10-01",
                "?api-version=",
                "?api-version",
                "?api-version=1.0",
                "?api-version=v1",
                "?api-version=latest",
                "?api-version=2022-6-1",
                "?api-version=2022-13-01",
                "?api-version=2022-06-01x",
                "?api-version=%202022-06-01",
                "?api-version=2022-06-01&api-version=2022-06-01",
                "?api-version=2024-12-01-PREVIEW-2",
            })
    void anOlderOneOrNoDateIsRefused(String query) {
        assertErrorDetail(close(server, query), 400, "InvalidApiVersion", REFUSAL);
        assertErrorDetail(close(strict, query), 400, "InvalidApiVersion", REFUSAL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?api-version=2024-12-02", "?api-version=2022-06-01-preview"})
    void strictlyOnlyTheVersionsThemselvesAreServed(String query) {
        assertErrorDetail(close(strict, query), 400, "InvalidApiVersion", REFUSAL);
        assertErrorDetail(strict.call("GET", "/api/health" + query), 400, "InvalidApiVersion", REFUSAL);
        for (String version : RestApi.apiVersions()) {
            assertDone(close(strict, "?api-version=" + version), 204);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?api-version=2022-06-01", "?api-version=nonsense", "?api-version=1&api-version=2"})
    void version1IsChosenByItsPathAlone(String query) {
        for (RestServer each : new RestServer[] {server, strict}) {
            assertDone(each.post("/api/v1/hubs/nobody" + query, "{\"target\":\"t\"}"), 202);
            assertDone(each.post("/api/v1-preview/hub/nobody" + query, "{\"target\":\"t\"}"), 202);
            assertDone(each.call("HEAD", "/api/v1/health" + query), 200);
        }
    }

    /** An operation is there from its version on, and for callers who name no version or a newer one. */
    @ParameterizedTest
    @CsvSource({
        "POST, /api/hubs/h/:generateToken, 2022-11-01",
        "POST, /api/hubs/h/:execute, 2023-07-01",
        "POST, /api/hubs/h/connections/c/:invoke, 2024-12-01",
        "POST, /api/hubs/h/connections/c/streams/s/:send, 2024-12-01",
        "POST, /api/hubs/h/connections/c/streams/s/:complete, 2024-12-01",
        "GET, /api/hubs/h/groups/g/connections, 2024-12-01",
        "GET, /api/auth/accessKey, 2024-12-01",
    })
    void anOperationIsThereFromItsVersionOn(String method, String path, String since) {
        var having = RestApi.apiVersions().stream()
                .filter(version -> version.compareTo(since) >= 0)
                .toList();
        for (String version : RestApi.apiVersions()) {
            RawHttp.Answer answer = server.call(method, path + "?api-version=" + version);
            if (having.contains(version)) {
                assertThat(answer.header("x-ms-error-code")).isNotEqualTo("InvalidApiVersion");
            } else {
                assertErrorDetail(
                        answer,
                        400,
                        "InvalidApiVersion",
                        "The query parameter api-version must be one of: " + String.join(", ", having) + ".");
            }
        }
        assertThat(server.call(method, path).header("x-ms-error-code")).isNotEqualTo("InvalidApiVersion");
    }

    @Test
    void thePreviewDoorServesThePreview() {
        String hub = RestServer.newHub();
        try (HubClient client = server.json(hub, "U");
                RawHttp http = RawHttp.connect(server.previewAddress())) {
            byte[] body = "{\"target\":\"t\"}".getBytes(UTF_8);
            for (String target : new String[] {"", "/user/U", "/users/X,U"}) {
                http.send(server.request(
                        "POST", "/api/v1-preview/hub/" + hub + target, "application/json; charset=utf-8", body));
                assertDone(http.read(), 202);
                assertThat(client.received()).containsExactly("{\"type\":1,\"target\":\"t\",\"arguments\":[]};");
            }
            http.body("POST", "/api/v1-preview/hub/" + hub, "{}", "Content-Type: application/json");
            assertTextError(http.read(), 401, "Error.Request.Unauthorized", "The access token is missing");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2022-06-01.json, 2022-06-01, /api/hubs/{hub}/:send",
        "2022-11-01.json, 2022-11-01, /api/hubs/{hub}/:send",
        "2023-07-01.json, 2023-07-01, /api/hubs/{hub}/:send",
        "2024-12-01.json, 2024-12-01, /api/hubs/{hub}/:send",
        "v1.json, v1, /api/v1/hubs/{hub}",
        "1.0.json, v1, /api/v1/hubs/{hub}",
        "v1-preview.json, v1-preview, /api/v1-preview/hub/{hub}",
        "1.0-preview.json, v1-preview, /api/v1-preview/hub/{hub}",
    })
    void eachVersionIsPublished(String file, String version, String path) {
        RawHttp.Answer answer = server.callAsIs("GET", "/openapi/" + file);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json; charset=utf-8");

        var document = Json.read(answer.text());
        assertThat(document.at("/openapi").asString()).startsWith("3.");
        assertThat(document.at("/info/version").asString()).isEqualTo(version);
        assertThat(document.at("/paths").has(path)).isTrue();
        var send = document.at("/paths").get(path).get("post");
        assertThat(send.at("/responses").has("202")).isTrue();
        assertThat(send.at("/requestBody/content").has("application/json")).isTrue();
    }

    /** Of what is published, with names in place of the parameters, everything answers. */
    @ParameterizedTest
    @ValueSource(strings = {"2022-06-01.json", "2024-12-01.json", "v1.json", "v1-preview.json"})
    void whatIsPublishedIsServed(String file) {
        var served = new TreeSet<Integer>();
        Json.read(server.callAsIs("GET", "/openapi/" + file).text())
                .get("paths")
                .forEachEntry((path, operations) -> operations.forEachEntry((method, operation) -> {
                    String target = path.replaceAll("\\{[a-zA-Z]+}", "x");
                    boolean hasBody = operation.has("requestBody");
                    RawHttp.Answer answer = hasBody
                            ? server.post(target, path.endsWith("/:execute") ? "[]" : "{\"target\":\"t\"}")
                            : server.call(method.toUpperCase(Locale.ROOT), target);
                    assertThat(operation.get("responses").has(Integer.toString(answer.status()))
                                    || operation.get("responses").has("default"))
                            .as("%s %s answers %s", method, path, answer)
                            .isTrue();
                    if (!path.equals("/api/auth/accessKey")) {
                        assertThat(answer.status()).as("%s %s", method, path).isNotIn(401, 405, 415, 500);
                        // An item of a stream is any JSON, which the document says of no body.
                        assertThat(answer.status() == 400).isEqualTo(path.endsWith("/streams/{streamId}/:send"));
                    }
                    served.add(answer.status());
                }));
        assertThat(served).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"v2.json", "2022-06-01", "2024-12-02.json", "..%2Fv1.json", "V1.JSON"})
    void anUnknownDocumentIsToldWhichThereAre(String file) {
        RawHttp.Answer answer = server.callAsIs("GET", "/openapi/" + file);
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.text())
                .isEqualTo("There is no such document; these are:"
                        + " [1.0-preview.json, 1.0.json, 2022-06-01.json, 2022-11-01.json, 2023-07-01.json,"
                        + " 2024-12-01.json, v1-preview.json, v1.json]");
    }
}
