package io.tidewire.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ServerCommandTest {
    private final FakeService service = new FakeService();
    private Terminal terminal = new Terminal();

    @AfterEach
    void stop() {
        service.close();
    }

    private int script(String lines) {
        terminal = new Terminal(lines, (_, _, _) -> service);
        return terminal.run("server", "-h", "Chat", "-c", service.connectionString());
    }

    private List<String> calls() {
        return service.requests.stream()
                .map(request -> (request.method() + " " + request.target() + " " + request.body()).strip())
                .toList();
    }

    @Test
    void everyCommandIsTheCallOfItsVersion() {
        int code = script("""
                # a comment, and an empty line

                send user ann Hi
                send users a b,c
                send groups g/1,g2 x
                send connection c1 x
                broadcast x
                join g user ann
                leave g connection c1
                close connection c1 go away
                close user "a b" bye
                close group g
                close all
                exists connection c1
                exists user ann in g
                quit
                broadcast never
                """);

        assertThat(terminal.err()).isEmpty();
        assertThat(code).isZero();
        assertThat(service.badTokens).isEmpty();
        assertThat(calls())
                .containsExactly(
                        "POST /api/v1/hubs/chat/users/ann {\"target\":\"SendMessage\",\"arguments\":[\"server\",\"Hi\"]}",
                        "POST /api/v1/hubs/chat/users/a {\"target\":\"SendMessage\",\"arguments\":[\"server\",\"b,c\"]}",
                        "POST /api/v1/hubs/chat/groups/g%2F1 {\"target\":\"SendMessage\",\"arguments\":[\"server\",\"x\"]}",
                        "POST /api/v1/hubs/chat/groups/g2 {\"target\":\"SendMessage\",\"arguments\":[\"server\",\"x\"]}",
                        "POST /api/v1/hubs/chat/connections/c1 {\"target\":\"SendMessage\",\"arguments\":[\"server\",\"x\"]}",
                        "POST /api/v1/hubs/chat {\"target\":\"SendMessage\",\"arguments\":[\"server\",\"x\"]}",
                        "PUT /api/v1/hubs/chat/groups/g/users/ann",
                        "DELETE /api/v1/hubs/chat/groups/g/connections/c1",
                        "DELETE /api/v1/hubs/chat/connections/c1?reason=go%20away",
                        "POST /api/hubs/chat/users/a%20b/:closeConnections?api-version=2022-06-01&reason=bye",
                        "POST /api/hubs/chat/groups/g/:closeConnections?api-version=2022-06-01",
                        "POST /api/hubs/chat/:closeConnections?api-version=2022-06-01",
                        "HEAD /api/v1/hubs/chat/connections/c1",
                        "HEAD /api/hubs/chat/users/ann/groups/g?api-version=2022-06-01");
    }

    @Test
    void withoutAMessageItMakesOneUp() {
        script("send user ann\nbroadcast\ntarget move\nbroadcast\n");
        assertThat(service.requests)
                .extracting(HttpWire.Request::body)
                .containsExactly(
                        "{\"target\":\"SendMessage\",\"arguments\":[\"server\",\"Hello 1 from server\"]}",
                        "{\"target\":\"SendMessage\",\"arguments\":[\"server\",\"Hello 2 from server\"]}",
                        "{\"target\":\"move\",\"arguments\":[\"server\",\"Hello 3 from server\"]}");
    }

    @Test
    void showsStatusAndTimeAndAnswersQuestions() {
        assertThat(script("broadcast x\nexists user nobody\nexists group g\n")).isZero();
        assertThat(terminal.out().lines().map(line -> line.replaceFirst("\\d+\\.\\d ms", "# ms")))
                .containsExactly("202  # ms", "no: 404  # ms  Warning.User.NotExisted", "yes: 200  # ms");
    }

    @Test
    void goesOnAfterAFailureAndTellsInTheEnd() {
        service.script = request -> request.path().endsWith("/users/ann")
                ? new FakeService.Scripted(
                        400, Map.of("x-ms-error-code", "Error.User.Invalid"), "{\"message\":\n\"no\"}")
                : null;

        assertThat(script("send user ann x\nnonsense\nbroadcast x\n")).isEqualTo(ExitCode.FAILED);

        assertThat(terminal.err().lines().map(line -> line.replaceFirst("\\d+\\.\\d ms", "# ms")))
                .containsExactly(
                        "400  # ms  Error.User.Invalid  {\"message\":\\n\"no\"}",
                        "line 2: there is no command 'nonsense'; 'help' lists them");
        assertThat(terminal.out()).startsWith("202  ");
    }

    @Test
    void aSendThatIsNot202IsAFailure() {
        service.script = _ -> FakeService.plain(200, "hello from some web server");
        assertThat(script("broadcast x\n")).isEqualTo(ExitCode.FAILED);
        assertThat(terminal.err()).contains("200").contains("hello from some web server");
    }

    @Test
    void saysThatItDoesNotSpeakWebPubSub() {
        assertThat(terminal.run("server", "-h", "chat", "-s", "webpubsub")).isEqualTo(ExitCode.USAGE);
        assertThat(terminal.err()).contains("the REST API of SignalR alone");
    }

    @Test
    void aServerThatIsNotThereIsAFailure() {
        service.close();
        assertThat(script("broadcast x\n")).isEqualTo(ExitCode.FAILED);
        assertThat(terminal.err()).contains("connection refused").doesNotContain(FakeService.KEY);
    }
}
