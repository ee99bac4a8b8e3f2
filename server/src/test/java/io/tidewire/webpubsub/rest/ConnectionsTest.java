package io.tidewire.webpubsub.rest;

import static io.tidewire.webpubsub.rest.RestServer.assertDone;
import static io.tidewire.webpubsub.rest.RestServer.assertMarked;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.http.RawHttp;
import io.tidewire.hub.Disconnect;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is there, and who is not any more (reference C.2 #4, #7, #8, #11, #12, #20, #21). */
class ConnectionsTest {
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

    private void assertMissing(String target) {
        RawHttp.Answer answer = server.call("HEAD", target);
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.header("x-ms-error-code")).isEqualTo("Error.NotFound");
        assertMarked(answer);
    }

    @Test
    void whatHasAConnectionExists() {
        Receiver receiver = server.member(name, "c", "u");
        assertDone(server.call("PUT", path + "/groups/g/connections/c"), 200);
        for (String there : new String[] {"/connections/c", "/users/u", "/groups/g"}) {
            assertDone(server.call("HEAD", path + there), 200);
            assertMissing("/api/hubs/" + RestServer.newHub() + there);
        }
        for (String otherCase : new String[] {"/connections/C", "/users/U", "/groups/G"}) {
            assertMissing(path + otherCase);
        }
        assertDone(server.call("DELETE", path + "/connections/c"), 204);
        receiver.end();
        for (String gone : new String[] {"/connections/c", "/users/u", "/groups/g"}) {
            assertMissing(path + gone);
        }
    }

    @Test
    void aHubHasOneNameInWhateverCase() {
        server.member(name, "c", "u");
        assertDone(server.call("HEAD", "/API/Hubs/" + name.toUpperCase(java.util.Locale.ROOT) + "/Connections/c"), 200);
    }

    @ParameterizedTest
    @CsvSource({
        "DELETE, /connections/c",
        "POST, /:closeConnections",
        "POST, /groups/g/:closeConnections",
        "POST, /users/u/:closeConnections"
    })
    void whoIsClosedIsToldTheReason(String method, String target) {
        Receiver receiver = server.member(name, "c", "u");
        assertDone(server.call("PUT", path + "/groups/g/connections/c"), 200);
        assertDone(server.call(method, path + target + "?reason=Too%20late%21"), 204);
        assertThat(receiver.end()).isEqualTo(Disconnect.byApplication("Too late!"));

        Receiver again = server.member(name, "c", "u");
        assertDone(server.call("PUT", path + "/groups/g/connections/c"), 200);
        assertDone(server.call(method, path + target + "?reason="), 204);
        assertThat(again.end()).isEqualTo(Disconnect.BY_REST);
        assertThat(again.end().message()).isEqualTo("Closed by REST API.");
    }

    @ParameterizedTest
    @CsvSource({"/:closeConnections", "/groups/g/:closeConnections", "/users/u/:closeConnections"})
    void theExcludedStay(String target) {
        Receiver stays = server.member(name, "stays", "u");
        Receiver stays2 = server.member(name, "stays2", "u");
        Receiver goes = server.member(name, "goes", "u");
        for (String id : new String[] {"stays", "stays2", "goes"}) {
            assertDone(server.call("PUT", path + "/groups/g/connections/" + id), 200);
        }
        assertDone(server.call("POST", path + target + "?excluded=stays&excluded=stays2"), 204);
        goes.end();
        assertThat(stays.isThere()).isTrue();
        assertThat(stays2.isThere()).isTrue();
    }

    @Test
    void othersAreNotClosed() {
        Receiver user = server.member(name, "c", "u");
        Receiver other = server.member(name, "d", "v");
        Receiver elsewhere = server.member(RestServer.newHub(), "c", "u");
        assertDone(server.call("POST", path + "/users/u/:closeConnections"), 204);
        user.end();
        assertThat(other.isThere()).isTrue();
        assertThat(elsewhere.isThere()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "DELETE, /connections/c",
        "POST, /:closeConnections",
        "POST, /groups/g/:closeConnections",
        "POST, /users/u/:closeConnections"
    })
    void closingNobodyIsNoError(String method, String target) {
        assertDone(server.call(method, path + target), 204);
    }

    @Test
    void healthIsForEverybody() {
        RawHttp.Answer answer = server.callAsIs("HEAD", "/api/health");
        assertThat(answer.status()).isEqualTo(200);
        assertMarked(answer);
    }
}
