package io.tidewire.signalr.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.app.TestTidewire;
import io.tidewire.auth.Claim;
import io.tidewire.signalr.upstream.Application.Answer;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client that waits gets out of an answer (reference E.5, J 12). */
class UpstreamAnswersTest {
    private static volatile Supplier<Answer> answer = () -> Answer.of(200);
    private static Application application;
    private static TestTidewire server;

    @BeforeAll
    static void start() {
        application = Application.that(request -> request.event().equals("ask") ? answer.get() : Answer.of(200));
        server = UpstreamCallsTest.serverFor(application, "upstream.circuit.failures=0");
    }

    @AfterAll
    static void stop() {
        server.close();
        application.close();
    }

    private static String ask(Answer with) {
        answer = () -> with;
        try (var client = Client.json(server, "chat")) {
            String heard = client.ask("ask");
            // Whatever it was, the stream of this client is whole.
            assertThat(client.ask("again")).isEqualTo(Client.VOID);
            return heard;
        }
    }

    private static String askPacked(Answer with) {
        answer = () -> with;
        try (var client = Client.messagePack(server, "chat")) {
            String heard = client.sendPacked("0a" + "950180a137a361736b90").nextPacked();
            assertThat(client.sendPacked("0c" + "950180a137a5616761696e90").nextPacked())
                    .isEqualTo("06940380a13702");
            return heard;
        }
    }

    @Test
    void nothingIsAnEmptyCompletion() {
        assertThat(ask(Answer.of(200))).isEqualTo(Client.VOID);
        assertThat(ask(Answer.of(204))).isEqualTo(Client.VOID);
        assertThat(askPacked(Answer.of(204))).isEqualTo("06940380a13702");
    }

    @Test
    void aFramedCompletionIsVerbatim() {
        String completion = "{ \"result\":[1.50] ,\"type\":3,\"invocationId\":\"7\" }";
        assertThat(ask(Answer.json(completion + "\36"))).isEqualTo(completion);
        assertThat(ask(Answer.json("{\"type\":3,\"invocationId\":\"7\",\"error\":\"no\"}\36")))
                .isEqualTo(Client.error("no"));
    }

    @Test
    void aPackedCompletionIsVerbatim() {
        var framed = new byte[] {8, (byte) 0x95, 3, (byte) 0x80, (byte) 0xA1, '7', 3, (byte) 0xCC, 1};
        assertThat(askPacked(new Answer(200, "application/x-msgpack", framed, Map.of())))
                .isEqualTo("08950380a13703cc01");
    }

    @Test
    void whatIsNotFramedIsTheResult() {
        assertThat(ask(Answer.json("{\"type\":3,\"invocationId\":\"7\",\"result\":1}")))
                .isEqualTo(Client.result("1"));
        assertThat(ask(Answer.json("{\"a\":[true]}"))).isEqualTo(Client.result("{\"a\":[true]}"));
        assertThat(ask(Answer.of(200, "text/plain", "hello \"you\"")))
                .isEqualTo(Client.result("\"hello \\\"you\\\"\""));
        assertThat(ask(Answer.of(200, null, "[1]"))).isEqualTo(Client.result("[1]"));
        assertThat(askPacked(Answer.json("[1]"))).isEqualTo("08950380a137039101");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":7,\"error\":\"bye\"}\36",
                "{\"type\":1,\"target\":\"evil\",\"arguments\":[]}\36",
                "{\"type\":3,\"invocationId\":\"8\",\"result\":1}\36",
                "{\"type\":3,\"invocationId\":\"7\"}\36{\"type\":7}\36",
                "<html>\36"
            })
    void nothingElseReachesTheClient(String body) {
        assertThat(ask(Answer.json(body)))
                .isEqualTo(Client.error(
                        "Invocation failed, error: the answer is framed as a hub message, but is no completion"
                                + " of this call."));
    }

    @Test
    void garbageIsAnError() {
        assertThat(ask(Answer.json("<html>")))
                .isEqualTo(Client.error("Invocation failed, error: JSON: expected a value but found '<' at byte 0."));
        assertThat(ask(new Answer(200, null, new byte[] {(byte) 0xFF}, Map.of())))
                .isEqualTo(Client.error("Invocation failed, error: the answer is neither JSON nor text."));
        assertThat(askPacked(new Answer(200, "application/x-msgpack", new byte[] {(byte) 0xC1}, Map.of())))
                .contains(hex("Invocation failed, error: MessagePack: the unused code 0xC1"));
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 202, 302, 400, 401, 404, 500, 503})
    void everyOtherStatusIsAnError(int status) {
        assertThat(ask(new Answer(
                        status,
                        "text/plain",
                        "{\"secret\":1}".getBytes(UTF_8),
                        Map.of("Location", "http://127.0.0.1:1/"))))
                .isEqualTo(Client.error("Invocation failed, status code " + status));
        assertThat(askPacked(Answer.of(status))).contains(hex("Invocation failed, status code " + status));
    }

    /** Checked elsewhere than on the loop of the client, and still in its turn. */
    @Test
    void longAnswersToo() {
        String result = "\"" + "x".repeat(1_000_000) + "\"";
        assertThat(ask(Answer.json("{\"type\":3,\"invocationId\":\"7\",\"result\":" + result + "}\36")))
                .isEqualTo(Client.result(result));
        assertThat(ask(Answer.json(result + "}")))
                .isEqualTo(Client.error("Invocation failed, error: JSON: expected the end but found '}' at byte "
                        + result.length() + "."));
    }

    @Test
    void aLongAnswerForAClientThatHasGone() {
        var gate = new CountDownLatch(1);
        try (var slow = Application.that(request -> {
                    if (!request.event().equals("ask")) {
                        return Answer.of(200);
                    }
                    try {
                        gate.await(10, TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    return Answer.json("\"" + "x".repeat(1_000_000) + "\"");
                });
                var its = UpstreamCallsTest.serverFor(slow)) {
            try (var client = Client.json(its, "chat")) {
                slow.next("connected");
                client.send("{\"type\":1,\"invocationId\":\"7\",\"target\":\"ask\",\"arguments\":[]}")
                        .leave();
            }
            slow.next("ask");
            gate.countDown();
            slow.next("disconnected");
        }
    }

    @Test
    void detailedErrorsSayTheSameOfAStatus() {
        answer = () -> Answer.of(404);
        try (var client = Client.json(server, "chat", Claim.of("asrs.s.derror", "True"))) {
            assertThat(client.ask("ask")).isEqualTo(Client.error("Invocation failed, status code 404"));
        }
    }

    @Test
    void whoDoesNotWaitHearsNothing() {
        answer = () -> Answer.json("{\"type\":7}\36");
        try (var client = Client.json(server, "chat")) {
            client.say("ask");
            assertThat(client.ask("again")).isEqualTo(Client.VOID);
        }
    }

    private static String hex(String text) {
        return java.util.HexFormat.of().formatHex(text.getBytes(UTF_8));
    }
}
