package io.tidewire.signalr.rest;

import static io.tidewire.signalr.protocol.WireText.bytes;
import static io.tidewire.signalr.protocol.WireText.hex;
import static io.tidewire.signalr.protocol.WireText.prefixed;
import static io.tidewire.signalr.rest.RestServer.assertDone;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Connections that are closed over REST, and what they are told. */
@Timeout(60)
class CloseTest {
    private static RestServer server;

    private String hub;
    private Map<String, HubClient> clients;

    @BeforeAll
    static void startServer() {
        server = RestServer.start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void connect() {
        hub = RestServer.newHub();
        clients = Map.of("a", server.json(hub, "U"), "b", server.json(hub, "V"), "c", server.json(hub, "U"));
        for (String member : List.of("a", "b")) {
            String target = "/api/v1/hubs/" + hub + "/groups/G/connections/"
                    + client(member).id();
            assertDone(server.call("PUT", target), 200);
        }
    }

    @AfterEach
    void disconnect() {
        clients.values().forEach(HubClient::close);
    }

    private HubClient client(String name) {
        return Objects.requireNonNull(clients.get(name));
    }

    private String fill(String target) {
        return target.replace("{hub}", hub)
                .replace("{a}", client("a").id())
                .replace("{b}", client("b").id())
                .replace("{c}", client("c").id());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "DELETE | /api/v1/hubs/{hub}/connections/{a} | 202 | a | -",
                "DELETE | /api/v1/hubs/{hub}/connections/{a}?reason=go | 202 | a | go",
                "DELETE | /api/hubs/{hub}/connections/{b}?reason= | 200 | b | -",
                "DELETE | /api/hubs/{hub}/connections/{b}?Reason=a+b%2Bc%22%C3%A9&api-version=2022-06-01 | 200 | b"
                        + " | a b+c\\\"é",
                "POST | /api/hubs/{hub}/:closeConnections | 204 | abc | -",
                "POST | /api/hubs/{hub}/:closeConnections?excluded={b}&reason=x | 204 | ac | x",
                "POST | /api/v1/hubs/{hub}/:closeConnections | 204 | abc | -",
                "POST | /api/v1/hubs/{hub}/groups/G/:closeConnections | 204 | ab | -",
                "POST | /api/v1/hubs/{hub}/users/U/:closeConnections | 204 | ac | -",
                "POST | /api/hubs/{hub}/groups/G/:closeConnections | 204 | ab | -",
                "POST | /api/hubs/{hub}/groups/G/:closeConnections?excluded=X&excluded={a}&reason=x | 204 | b" + " | x",
                "POST | /api/hubs/{hub}/users/U/:closeConnections | 204 | ac | -",
                "POST | /api/hubs/{hub}/users/U/:closeConnections?reason=x&excluded={c}&excluded={b} | 204 | a"
                        + " | x",
                "POST | /api/hubs/{hub}/users/U/:closeConnections?excluded={c}&excluded={a} | 204 | '' | -",
                "POST | /api/hubs/{hub}/users/u/:closeConnections | 204 | '' | -",
            })
    void theAudienceIsToldWhyAndNobodyElseIsClosed(
            String method, String target, int status, String closed, @Nullable String error) {
        String told = error == null
                ? "{\"type\":7,\"allowReconnect\":true};"
                : "{\"type\":7,\"error\":\"" + error + "\",\"allowReconnect\":true};";
        assertDone(server.call(method, fill(target)), status);
        clients.forEach((name, client) -> {
            if (closed.contains(name)) {
                assertThat(client.goodbye()).isEqualTo(told);
                await().until(() -> !client.isMember());
            } else {
                assertThat(client.received()).isEmpty();
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"'', 93 07 C0 C3", "?reason=go, 93 07 A2 67 6F C3"})
    void messagePackClientsAreToldAsWell(String query, String told) {
        try (HubClient client = server.messagePack(hub, "M")) {
            assertDone(server.call("DELETE", "/api/hubs/" + hub + "/connections/" + client.id() + query), 200);
            assertThat(client.goodbye()).isEqualTo(hex(prefixed(bytes(told))));
        }
    }
}
