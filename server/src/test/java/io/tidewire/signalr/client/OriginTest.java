package io.tidewire.signalr.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidewire.app.TestTidewire;
import io.tidewire.http.RawHttp;
import io.tidewire.transport.RawWebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Row B16: pages of the allow-list, of none, of another one, and of no origin that can be named ({@code null}: sandboxed frames,
 * files), on every way into the client endpoint. All of them hold a good token.
 */
class OriginTest {
    private static final String PAGE = "https://app.example.com";

    /** Every way in, each with what it answers when nobody minds where it comes from. */
    enum Way {
        NEGOTIATE(200),
        WEB_SOCKET(101),
        SERVER_SENT_EVENTS(200),
        LONG_POLLING(200),
        SEND(404),
        TERMINATE(404);

        private final int letIn;

        Way(int letIn) {
            this.letIn = letIn;
        }

        int status(TestTidewire server, @Nullable String origin) {
            var headers = new ArrayList<>(List.of(server.bearer("chat")));
            if (origin != null) {
                headers.add("Origin: " + origin);
            }
            String[] all = headers.toArray(String[]::new);
            return switch (this) {
                case NEGOTIATE -> http(server, http -> http.body("POST", "/client/negotiate?hub=chat", "", all));
                case WEB_SOCKET -> {
                    try (RawWebSocket socket = RawWebSocket.open(server.port())) {
                        yield socket.request("GET /client/?hub=chat HTTP/1.1", RawWebSocket.goodHeaders(all))
                                .status();
                    }
                }
                case SERVER_SENT_EVENTS -> {
                    headers.add("Accept: text/event-stream");
                    yield http(server, http -> http.get(negotiated(server), headers.toArray(String[]::new)));
                }
                case LONG_POLLING -> http(server, http -> http.get(negotiated(server), all));
                case SEND -> http(server, http -> http.body("POST", negotiated(server), "x", all));
                case TERMINATE -> http(server, http -> http.request("DELETE", negotiated(server), all));
            };
        }

        private static String negotiated(TestTidewire server) {
            return HubClient.target("chat") + "&id="
                    + HubClient.negotiated(server, "chat").token();
        }

        private static int http(TestTidewire server, Consumer<RawHttp> request) {
            try (RawHttp http = RawHttp.connect(server.address())) {
                request.accept(http);
                return http.readHead().status();
            }
        }
    }

    private static TestTidewire listed;
    private static TestTidewire open;

    @BeforeAll
    static void start() {
        listed = TestTidewire.with().origins(PAGE).start();
        open = TestTidewire.start();
    }

    @AfterAll
    static void stop() {
        listed.close();
        open.close();
    }

    @ParameterizedTest
    @EnumSource
    void b16TheListedPageComesIn(Way way) {
        assertThat(way.status(listed, PAGE)).isEqualTo(way.letIn);
    }

    @ParameterizedTest
    @EnumSource
    void b16WhoIsNoPageComesIn(Way way) {
        assertThat(way.status(listed, null)).isEqualTo(way.letIn);
    }

    @ParameterizedTest
    @EnumSource
    void b16AnotherPageIsRefusedWhateverItsToken(Way way) {
        assertThat(way.status(listed, "https://evil.example.com")).isEqualTo(403);
        assertThat(way.status(listed, PAGE + ".evil.example.com")).isEqualTo(403);
        assertThat(way.status(listed, "http://app.example.com")).isEqualTo(403);
        assertThat(way.status(listed, PAGE + ":8443")).isEqualTo(403);
    }

    @ParameterizedTest
    @EnumSource
    void b16ThePageWithoutANameIsRefusedWhereThereIsAList(Way way) {
        assertThat(way.status(listed, "null")).isEqualTo(403);
        assertThat(way.status(listed, "")).isEqualTo(403);
    }

    @ParameterizedTest
    @EnumSource
    void b16WithoutAListEveryPageComesIn(Way way) {
        assertThat(way.status(open, "https://evil.example.com")).isEqualTo(way.letIn);
        assertThat(way.status(open, "null")).isEqualTo(way.letIn);
    }

    @Test
    void b16TheRefusalNamesTheSettingIsCountedAndCannotBeRead() {
        double before = listed.refused("OriginNotAllowed");
        RawHttp.Answer answer =
                HubClient.negotiate(listed, "?hub=chat", "Origin: https://evil.example.com", listed.bearer("chat"));
        assertThat(answer.status()).isEqualTo(403);
        assertThat(new String(answer.body(), UTF_8)).contains("signalr.client.allowedOrigins");
        assertThat(answer.headers()).noneMatch(header -> header.getKey().startsWith("Access-Control"));
        await().untilAsserted(
                        () -> assertThat(listed.refused("OriginNotAllowed")).isEqualTo(before + 1));
    }
}
