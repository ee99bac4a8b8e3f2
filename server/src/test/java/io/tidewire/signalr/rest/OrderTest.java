package io.tidewire.signalr.rest;

import static io.tidewire.signalr.rest.RestServer.assertDone;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.http.RawHttp;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What one caller does over one connection takes effect in that order, also when nothing is waited for. */
@Timeout(60)
class OrderTest {
    private static RestServer server;

    @BeforeAll
    static void startServer() {
        server = RestServer.start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    private static byte[] send(String target, int number) {
        byte[] body = ("{\"target\":\"t\",\"arguments\":[" + number + "]}").getBytes(UTF_8);
        return server.request("POST", target, "application/json", body);
    }

    private static String message(int number) {
        return "{\"type\":1,\"target\":\"t\",\"arguments\":[" + number + "]};";
    }

    @Test
    void pipelinedSendsArriveInOrder() {
        String hub = RestServer.newHub();
        // Four connections, so that the caller's event loop has receivers of its own and others have, too.
        try (HubClient ann = server.json(hub, "U");
                HubClient bob = server.json(hub, "U");
                HubClient cat = server.json(hub, "U");
                HubClient dan = server.json(hub, "U");
                RawHttp http = RawHttp.connect(server.address())) {
            var requests = new ByteArrayOutputStream();
            List<HubClient> all = List.of(ann, bob, cat, dan);
            for (int i = 0; i < 500; i++) {
                requests.writeBytes(
                        switch (i % 3) {
                            case 0 -> send("/api/v1/hubs/" + hub, i);
                            case 1 -> send("/api/hubs/" + hub + "/users/U/:send", i);
                            default -> send("/api/v1-preview/hub/" + hub, i);
                        });
            }
            http.send(requests.toByteArray());
            for (int i = 0; i < 500; i++) {
                assertDone(http.read(), 202);
            }
            for (HubClient client : all) {
                for (int i = 0; i < 500; i++) {
                    assertThat(client.next()).isEqualTo(message(i));
                }
            }
        }
    }

    @RepeatedTest(20)
    void whoJoinedBeforeASendGetsItAndWhoLeftBeforeDoesNot() {
        String hub = RestServer.newHub();
        String groups = "/api/v1/hubs/" + hub + "/groups/";
        try (HubClient ann = server.json(hub, "U");
                HubClient bob = server.json(hub, "V");
                RawHttp http = RawHttp.connect(server.address())) {
            var requests = new ByteArrayOutputStream();
            requests.writeBytes(put("PUT", groups + "G/connections/" + ann.id()));
            requests.writeBytes(put("PUT", groups + "G/users/V"));
            requests.writeBytes(send(groups + "G", 1));
            requests.writeBytes(put("DELETE", groups + "G/connections/" + ann.id()));
            requests.writeBytes(send(groups + "G", 2));
            requests.writeBytes(put("DELETE", groups + "G/users/V"));
            requests.writeBytes(send(groups + "G", 3));
            http.send(requests.toByteArray());
            for (int status : new int[] {200, 202, 202, 200, 202, 202, 202}) {
                assertDone(http.read(), status);
            }
            assertThat(ann.received()).containsExactly(message(1));
            assertThat(bob.received()).containsExactly(message(1), message(2));
        }
    }

    private static byte[] put(String method, String target) {
        return server.request(method, target, "application/json", new byte[0]);
    }
}
