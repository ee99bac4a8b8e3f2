package io.tidewire.signalr.client;

import static io.tidewire.signalr.client.HubClient.negotiate;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.app.TestTidewire;
import io.tidewire.auth.Claim;
import io.tidewire.auth.TokenSettings;
import io.tidewire.http.RawHttp;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What negotiate answers (reference D.1), and whom it lets in (B.3). */
class NegotiateTest {
    private static final String WEB_SOCKETS =
            "{\"transport\":\"WebSockets\",\"transferFormats\":[\"Text\",\"Binary\"]}";
    private static final String EVENTS = "{\"transport\":\"ServerSentEvents\",\"transferFormats\":[\"Text\"]}";
    private static final String POLLING = "{\"transport\":\"LongPolling\",\"transferFormats\":[\"Text\",\"Binary\"]}";
    private static final String TRANSPORTS = offered(WEB_SOCKETS, EVENTS, POLLING);

    private static String offered(String... transports) {
        return "\"availableTransports\":[" + String.join(",", transports) + "]}";
    }

    private static TestTidewire server;

    @BeforeAll
    static void start() {
        server = TestTidewire.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static RawHttp.Answer ask(String query) {
        return negotiate(server, query, server.bearer("chat"));
    }

    @Test
    void versionOneSeparatesIdAndToken() {
        RawHttp.Answer answer = ask("?hub=chat&negotiateVersion=1");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).startsWith("application/json");
        assertThat(answer.header("Content-Length")).isEqualTo(String.valueOf(answer.body().length));
        assertThat(answer.header("Transfer-Encoding")).isNull();
        assertThat(answer.text())
                .matches(
                        "\\{\"negotiateVersion\":1,\"connectionId\":\"[\\w-]{22}\",\"connectionToken\":\"[\\w-]{22,}\","
                                + Pattern.quote(TRANSPORTS));
        assertThat(ask("?hub=chat&negotiateVersion=1").text()).as("ids differ").isNotEqualTo(answer.text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"?hub=chat", "?hub=chat&negotiateVersion=0", "?hub=chat&negotiateVersion=-1"})
    void versionZeroHasOneIdThatIsTheToken(String query) {
        RawHttp.Answer answer = ask(query);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text())
                .matches("\\{\"negotiateVersion\":0,\"connectionId\":\"[\\w-]{22,}\"," + Pattern.quote(TRANSPORTS));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "99", "2147483647"})
    void laterVersionsGetVersionOne(String version) {
        assertThat(ask("?hub=chat&negotiateVersion=" + version).text()).startsWith("{\"negotiateVersion\":1,");
    }

    @ParameterizedTest
    @ValueSource(strings = {"one", "1.0", "", "2147483648"})
    void nonIntegerVersionIsRefusedInTheAnswer(String version) {
        RawHttp.Answer answer = ask("?hub=chat&negotiateVersion=" + version);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo("{\"error\":\"The client requested a non-integer protocol version.\"}");
    }

    @Test
    void queryNamesAreMatchedWithoutCase() {
        assertThat(ask("?HUB=chat&NegotiateVersion=1").text()).startsWith("{\"negotiateVersion\":1,");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?hub=", "?hub", "?hub=chat&hub=chat", "?hub=chat&Hub=news"})
    void hubMustBeNamedOnce(String query) {
        RawHttp.Answer answer = ask(query);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.header("Content-Type")).startsWith("text/plain");
        assertThat(answer.text()).contains("must name the hub, once");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1chat", "a%20b", "a/b", "_chat", "ch%C3%A4t", "%00"})
    void hubNameMustBeValid(String hub) {
        RawHttp.Answer answer = ask("?hub=" + hub);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).startsWith("Invalid hub name.");
    }

    @Test
    void hubIsMatchedWithoutCase() {
        assertThat(negotiate(server, "?hub=ChAt", server.bearer("CHAT")).status())
                .isEqualTo(200);
    }

    @Test
    void tokenIsNeeded() {
        double before = server.refused("Unauthorized");

        RawHttp.Answer answer = negotiate(server, "?hub=chat");

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer");
        assertThat(server.refused("Unauthorized")).isEqualTo(before + 1);
    }

    @Test
    void tokenOfAnotherKeyIsRefused() {
        String token = TestTidewire.issuer(TestTidewire.KEY + "!")
                .issue("http://localhost/client/?hub=chat", Duration.ofHours(1), List.of());

        RawHttp.Answer answer = negotiate(server, "?hub=chat", "Authorization: Bearer " + token);

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.header("WWW-Authenticate"))
                .isEqualTo("Bearer error=\"invalid_token\", error_description=\"The signature key was not found\"");
        assertThat(answer.text()).doesNotContain(token);
    }

    @Test
    void tokenMayNotStandInTheQuery() {
        String query = "?hub=chat&access_token=" + server.clientToken("chat");

        assertThat(negotiate(server, query).status()).isEqualTo(401);
    }

    @Test
    void headerWinsOverQuery() {
        String query = "?hub=chat&access_token=" + server.clientToken("chat");

        assertThat(negotiate(server, query, "Authorization: Bearer nonsense").status())
                .isEqualTo(401);
        assertThat(negotiate(server, "?hub=chat&access_token=nonsense", server.bearer("chat"))
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource(
            value = TokenSettings.Audience.class,
            names = {"STRICT", "LENIENT"})
    void audienceMustNameTheHub(TokenSettings.Audience mode) {
        try (var its = TestTidewire.with().audience(mode).start()) {
            assertThat(negotiate(its, "?hub=chat", its.bearer("chat")).status()).isEqualTo(200);

            RawHttp.Answer answer = negotiate(its, "?hub=chat", its.bearer("news"));
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.header("WWW-Authenticate"))
                    .isEqualTo("Bearer error=\"invalid_token\", error_description=\"The audience is invalid\"");

            String elsewhere = its.tokenFor("http://elsewhere/client/?hub=chat");
            assertThat(negotiate(its, "?hub=chat", "Authorization: Bearer " + elsewhere)
                            .status())
                    .as("another host")
                    .isEqualTo(mode == TokenSettings.Audience.STRICT ? 401 : 200);

            String rest = its.tokenFor("http://localhost/api/v1/hubs/chat");
            assertThat(negotiate(its, "?hub=chat", "Authorization: Bearer " + rest)
                            .status())
                    .as("a token for REST")
                    .isEqualTo(401);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE"})
    void otherMethodsAreNotAllowed(String method) {
        try (RawHttp http = RawHttp.connect(server.address())) {
            RawHttp.Answer answer = http.request(
                            method, "/client/negotiate?hub=chat&negotiateVersion=1", server.bearer("chat"))
                    .read();

            assertThat(answer.status()).isEqualTo(405);
            assertThat(answer.header("Content-Type")).startsWith("text/plain");
            assertThat(answer.header("Allow")).contains("POST");
        }
    }

    @Test
    void transportsThatTheTokenForbidsAreNotOffered() {
        for (var allowed : Map.of(
                        "1", offered(WEB_SOCKETS),
                        "2", offered(EVENTS),
                        "4", offered(POLLING),
                        "5", offered(WEB_SOCKETS, POLLING),
                        "6", offered(EVENTS, POLLING),
                        "7", TRANSPORTS,
                        "8", offered())
                .entrySet()) {
            String header = server.bearer("chat", Claim.of("asrs.s.htt", allowed.getKey()));
            RawHttp.Answer answer = negotiate(server, "?hub=chat&negotiateVersion=1", header);

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.text()).as(allowed.getKey()).endsWith(allowed.getValue());
        }
    }

    @Test
    void bodyIsIgnored() {
        try (RawHttp http = RawHttp.connect(server.address())) {
            RawHttp.Answer answer = http.body(
                            "POST",
                            "/client/negotiate?hub=chat",
                            "{\"anything\":1}",
                            "Content-Type: text/plain;charset=UTF-8",
                            server.bearer("chat"))
                    .read();

            assertThat(answer.status()).isEqualTo(200);
        }
    }
}
