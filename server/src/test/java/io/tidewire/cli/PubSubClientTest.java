package io.tidewire.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidewire.app.TestTidewire;
import io.tidewire.http.RawHttp;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code tidewire client --service webpubsub} with the server itself. */
class PubSubClientTest {
    private final TestTidewire server = TestTidewire.start();
    private Terminal terminal = new Terminal();

    @AfterEach
    void stop() {
        server.close();
    }

    private CompletableFuture<Integer> client(Terminal at, String name, String... options) {
        var args = new ArrayList<>(List.of("client", name, "-s", "webpubsub", "-h", "Chat"));
        args.addAll(List.of(options));
        if (!args.contains("-c")) {
            args.addAll(List.of("-c", server.webPubSub().connectionString()));
        }
        return at.start(args.toArray(String[]::new));
    }

    private static Terminal typing(String lines) {
        return new Terminal(lines, (_, _, _) -> {
            throw new CommandFailed("no server in this test");
        });
    }

    private static List<String> withoutTimes(String lines) {
        return lines.lines()
                .map(line -> line.replaceFirst("^\\d\\d:\\d\\d:\\d\\d\\.\\d{3}  ", ""))
                .toList();
    }

    private int rest(String method, String path, String body) {
        try (var http = RawHttp.connect(server.webPubSubAddress())) {
            return http.body(
                            method,
                            "/api/hubs/chat" + path + "?api-version=2024-12-01",
                            body,
                            "Authorization: Bearer " + server.tokenFor("http://localhost/api/hubs/chat" + path),
                            "Content-Type: text/plain")
                    .read()
                    .status();
        }
    }

    private String connectionId(Terminal of) {
        await().until(() -> of.err().contains("connected to "));
        return of.err()
                .lines()
                .filter(line -> line.startsWith("connection "))
                .map(line -> line.substring("connection ".length()))
                .reduce((_, last) -> last)
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "json.reliable"})
    void joinsSendsAndShowsWhatComes(String protocol) {
        terminal = typing("# a comment\njoin lobby\nsend lobby Hi there\nsend lobby {\"a\" : 1.0}\n");
        var code = client(terminal, "ann", "--protocol", protocol, "--count", "3");
        await().until(() -> withoutTimes(terminal.out()).size() == 2);
        assertThat(rest("POST", "/users/ann/:send", "from\nafar")).isEqualTo(202);

        assertThat(code.join()).isZero();
        assertThat(withoutTimes(terminal.out()))
                .containsExactly("group lobby  ann  Hi there", "group lobby  ann  {\"a\":1.0}", "server  from\\nafar");
        assertThat(terminal.err())
                .contains("connected to " + server.webPubSub().url() + ", hub chat\n")
                .contains("done: join lobby\n")
                .contains("done: send lobby\n");
    }

    @Test
    void leavesWhenEveryOrderIsDone() {
        terminal = typing("join lobby\nleave lobby\nping\n");
        assertThat(client(terminal, "ann").join()).isZero();
        assertThat(terminal.err()).contains("done: leave lobby\n").contains("pong\n");
        assertThat(server.connections("webpubsub", "chat")).isZero();
    }

    @Test
    void anOrderThatFailsIsToldAndMakesItFail() {
        terminal = typing("join \"\"\nnonsense\nevent login x\njoin lobby\n");
        assertThat(client(terminal, "ann").join()).isEqualTo(ExitCode.FAILED);
        assertThat(terminal.err())
                .contains("line 1: expected a group")
                .contains("line 2: there is no command 'nonsense'")
                .containsPattern("failed: event login: .*; is there an event handler for it\\?")
                .contains("done: join lobby\n");
    }

    @Test
    void aSimpleClientShowsPlainMessages() {
        terminal = typing("join lobby\n");
        var code = client(terminal, "ann", "--protocol", "simple", "--count", "1");
        await().until(() -> server.connections("webpubsub", "chat") == 1);
        assertThat(rest("POST", "/:send", "plain")).isEqualTo(202);

        assertThat(code.join()).isEqualTo(ExitCode.FAILED);
        assertThat(withoutTimes(terminal.out())).containsExactly("server  plain");
        assertThat(terminal.err()).contains("line 1: a simple client can only send 'raw'");
    }

    @Test
    void recoversAfterALossWithNothingLostAndNothingTwice() {
        try (var cable = new Cable(server.webPubSubAddress())) {
            var through =
                    "Endpoint=http://localhost:" + cable.port() + ";AccessKey=" + TestTidewire.KEY + ";Version=1.0;";
            var code = client(terminal, "ann", "-c", through, "--count", "4", "--timeout", "30s");
            var id = connectionId(terminal);
            for (int i = 0; i < 4; i++) {
                assertThat(rest("POST", "/users/ann/:send", "m" + i)).isEqualTo(202);
                if (i == 1) {
                    await().until(() -> withoutTimes(terminal.out()).size() == 2);
                    cable.cut();
                }
            }

            assertThat(code.join()).isZero();
            assertThat(withoutTimes(terminal.out()))
                    .containsExactly("server  m0", "server  m1", "server  m2", "server  m3");
            assertThat(terminal.err()).contains("; coming back\nrecovered, with nothing lost\n");
            assertThat(connectionId(terminal)).isEqualTo(id);
        }
    }

    @Test
    void connectsAnewAndJoinsAgainWhereNothingCanBeRecovered() {
        try (var cable = new Cable(server.webPubSubAddress())) {
            var through =
                    "Endpoint=http://localhost:" + cable.port() + ";AccessKey=" + TestTidewire.KEY + ";Version=1.0;";
            terminal = typing("join lobby\n");
            var code = client(terminal, "ann", "--protocol", "json", "-c", through, "--count", "1", "--timeout", "30s");
            await().until(() -> terminal.err().contains("done: join lobby\n"));
            cable.cut();
            await().until(() -> terminal.err().split("done: join lobby\n", -1).length == 3);
            assertThat(rest("POST", "/groups/lobby/:send", "back")).isEqualTo(202);

            assertThat(code.join()).isZero();
            assertThat(withoutTimes(terminal.out())).containsExactly("group lobby  back");
        }
    }

    @Test
    void staysAwayWhenTheServerClosesIt() {
        var code = client(terminal, "ann");
        var id = connectionId(terminal);
        assertThat(rest("DELETE", "/connections/" + id, "")).isEqualTo(204);
        assertThat(code.join()).isEqualTo(ExitCode.FAILED);
        assertThat(terminal.err()).contains("ended: ");
    }

    @Test
    void whatTheServerRefusesIsNotTriedAgain() {
        var wrong = "Endpoint=" + server.webPubSub().url() + ";AccessKey=" + FakeService.KEY + ";Version=1.0;";
        assertThat(terminal.run("client", "ann", "-s", "webpubsub", "-h", "chat", "-c", wrong))
                .isEqualTo(ExitCode.FAILED);
        assertThat(terminal.err())
                .contains("the WebSocket was refused with 401: the token is not accepted; is the AccessKey");
    }

    @Test
    void aServerOfTheOtherServiceIsTold() {
        var other = server.signalr().connectionString();
        assertThat(terminal.run("client", "ann", "-s", "webpubsub", "-h", "chat", "-c", other))
                .isEqualTo(ExitCode.FAILED);
        assertThat(terminal.err()).contains("refused with 404: there is nothing at that address");
    }

    @Test
    void aProtocolIsForWebPubSubAlone() {
        assertThat(terminal.run("client", "ann", "-h", "chat", "--protocol", "json"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(terminal.run("client", "ann", "-s", "webpubsub", "-h", "chat", "--protocol", "mqtt"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(terminal.err()).contains("there are json.reliable, json and simple");
    }
}
