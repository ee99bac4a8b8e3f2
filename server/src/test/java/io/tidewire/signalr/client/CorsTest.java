package io.tidewire.signalr.client;

import static io.tidewire.signalr.client.HubClient.negotiate;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.app.TestTidewire;
import io.tidewire.http.RawHttp;
import io.tidewire.transport.RawWebSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which web pages may read what the client endpoint answers (reference D.1). */
class CorsTest {
    private static final String PAGE = "https://app.example.com";
    private static final String ORIGIN = "Origin: " + PAGE;
    private static final String EVIL = "Origin: https://evil.example.com";

    private static TestTidewire server;

    @BeforeAll
    static void start() {
        server = TestTidewire.with().origins(PAGE).start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void assertReadable(RawHttp.Answer answer) {
        assertThat(answer.header("Access-Control-Allow-Origin"))
                .as("%s", answer)
                .isEqualTo(PAGE);
        assertThat(answer.header("Access-Control-Allow-Credentials")).isEqualTo("true");
        assertThat(answer.header("Vary")).isEqualTo("Origin");
    }

    private static RawHttp.Answer ask(String method, String target, String... headers) {
        try (RawHttp http = RawHttp.connect(server.address())) {
            return http.request(method, target, headers).read();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/client/negotiate?hub=chat", "/client/?hub=chat", "/client?hub=chat"})
    void preflightNeedsNoToken(String target) {
        RawHttp.Answer answer = ask(
                "OPTIONS",
                target,
                ORIGIN,
                "Access-Control-Request-Method: POST",
                "Access-Control-Request-Headers: authorization,x-custom");

        assertThat(answer.status()).isEqualTo(204);
        assertReadable(answer);
        assertThat(answer.header("Access-Control-Allow-Methods")).contains("GET", "POST", "DELETE");
        assertThat(answer.header("Access-Control-Allow-Headers")).isEqualTo("authorization,x-custom");
    }

    @Test
    void preflightOfAnotherPageAllowsNothing() {
        RawHttp.Answer answer =
                ask("OPTIONS", "/client/negotiate?hub=chat", EVIL, "Access-Control-Request-Method: POST");

        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.headers()).noneMatch(header -> header.getKey().startsWith("Access-Control"));
    }

    /** A browser sends one origin. Two come from somebody who hopes that only the first is looked at. */
    @Test
    void twoOriginsAreNoAllowedPage() {
        RawHttp.Answer answer = negotiate(server, "?hub=chat", ORIGIN, EVIL, server.bearer("chat"));
        assertThat(answer.headers()).noneMatch(header -> header.getKey().startsWith("Access-Control"));

        try (RawWebSocket client = RawWebSocket.open(server.port())) {
            RawWebSocket.Reply reply = client.request(
                    "GET /client/?hub=chat HTTP/1.1", RawWebSocket.goodHeaders(ORIGIN, EVIL, server.bearer("chat")));
            assertThat(reply.status()).isEqualTo(403);
        }
    }

    @Test
    void pageMayReadTheAnswer() {
        RawHttp.Answer answer = negotiate(server, "?hub=chat", ORIGIN, server.bearer("chat"));

        assertThat(answer.status()).isEqualTo(200);
        assertReadable(answer);
    }

    @Test
    void originIsComparedWithoutCaseAndEchoedAsSent() {
        RawHttp.Answer answer =
                negotiate(server, "?hub=chat", "Origin: HTTPS://APP.example.com", server.bearer("chat"));

        assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo("HTTPS://APP.example.com");
    }

    @Test
    void pageMayReadErrors() {
        RawHttp.Answer unauthorized = negotiate(server, "?hub=chat", ORIGIN);
        assertThat(unauthorized.status()).isEqualTo(401);
        assertReadable(unauthorized);

        RawHttp.Answer bad = negotiate(server, "", ORIGIN, server.bearer("chat"));
        assertThat(bad.status()).isEqualTo(400);
        assertReadable(bad);
    }

    /** These are answered only after the hub was asked. */
    @Test
    void pageMayReadLateErrors() {
        String token = HubClient.negotiated(server, "chat").token();
        RawHttp.Answer gone = ask("POST", "/client/?hub=chat&id=" + token, ORIGIN, server.bearer("chat"));
        assertThat(gone.status()).isEqualTo(404);
        assertReadable(gone);

        RawHttp.Answer goneToo = ask("DELETE", "/client/?hub=chat&id=" + token, ORIGIN, server.bearer("chat"));
        assertThat(goneToo.status()).isEqualTo(404);
        assertReadable(goneToo);
    }

    @Test
    void anotherPageGetsNoHeaders() {
        RawHttp.Answer answer = negotiate(server, "?hub=chat", EVIL, server.bearer("chat"));

        assertThat(answer.headers()).noneMatch(header -> header.getKey().startsWith("Access-Control"));
    }

    @Test
    void anyOriginIsEchoedAndNeverAStar() {
        try (var open = TestTidewire.start()) {
            RawHttp.Answer answer = negotiate(open, "?hub=chat", ORIGIN, open.bearer("chat"));
            assertReadable(answer);
        }
    }

    /** Browsers do not apply CORS to WebSockets, so this must not be left to them. */
    @Test
    void webSocketOfAnotherPageIsRefused() {
        try (RawWebSocket socket = RawWebSocket.open(server.port())) {
            RawWebSocket.Reply reply = socket.request(
                    "GET /client/?hub=chat HTTP/1.1", RawWebSocket.goodHeaders(EVIL, server.bearer("chat")));

            assertThat(reply.status()).isEqualTo(403);
            assertThat(new String(reply.body(), UTF_8)).contains("signalr.client.allowedOrigins");
        }
    }

    @Test
    void webSocketOfThePageAndOfNoPageAreAccepted() {
        RawWebSocket.connect(server.port(), "/client/?hub=chat", ORIGIN, server.bearer("chat"))
                .close();
        RawWebSocket.connect(server.port(), "/client/?hub=chat", server.bearer("chat"))
                .close();
    }
}
