package io.tidewire.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerRunTest {
    @Test
    void devPrintsLinesToCopy() {
        var service = new FakeService();
        var terminal = new Terminal("", (_, _, _) -> service);
        var code = terminal.start("dev", "--port", "0", "--set", "a.b=c", "--set", "d=e");
        await().until(() -> terminal.out().contains("Ready in"));

        var connection = service.connectionString();
        assertThat(terminal.out())
                .startsWith("SignalR  " + service.admin() + "\n")
                .contains("  " + connection + "\n")
                .contains("  tidewire client ann -h chat -c '" + connection + "'\n")
                .contains("  curl -i '" + service.admin() + "/api/v1/hubs/chat'")
                .contains("$(tidewire token --rest --raw -h chat -c '" + connection + "')");
        service.close();
        assertThat(code.join()).isZero();
        assertThat(terminal.launches).containsExactly("DEV - [signalr.listen=127.0.0.1:0, a.b=c, d=e]");
    }

    @Test
    void devPrintsAClientOfWebPubSubThatIsReadyToOpen() throws Exception {
        var service = new FakeService();
        service.webPubSub = Optional.of(ServiceKind.WEBPUBSUB.dev());
        var terminal = new Terminal("", (_, _, _) -> service);
        var code = terminal.start(
                "dev", "--webpubsub-port", "8080", "--event-handler", "http://localhost:7072/{event}?code=\"a,b\"");
        await().until(() -> terminal.out().contains("Ready in"));

        var url = terminal.out()
                .lines()
                .map(String::strip)
                .filter(line -> line.startsWith("ws://localhost:8080/client/hubs/chat?access_token="))
                .findFirst()
                .orElseThrow();
        assertThat(SignedJWT.parse(url.replaceFirst(".*=", ""))
                        .getJWTClaimsSet()
                        .getStringListClaim("role"))
                .containsExactly("webpubsub.joinLeaveGroup", "webpubsub.sendToGroup");
        assertThat(terminal.out())
                .contains("  " + ServiceKind.WEBPUBSUB.dev() + "\n")
                .contains("  tidewire client ann -h chat -s webpubsub\n")
                .contains("  curl -i 'http://localhost:8080/api/hubs/chat/:send?api-version=2024-12-01'")
                .contains("$(tidewire token --rest --raw -h chat -s webpubsub)");
        service.close();
        assertThat(code.join()).isZero();
        assertThat(terminal.launches)
                .containsExactly("DEV - [webpubsub.listen=127.0.0.1:8080,"
                        + " webpubsub.hubs={\"*\": {eventHandlers: [{url: \"http://localhost:7072/{event}?code=\\\"a,b\\\"\","
                        + " userEvents: \"*\", systemEvents: [connect, connected, disconnected]}]}}]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--upstream", "--event-handler"})
    void anApplicationWithoutAUrlIsAWrongCommandLine(String option) {
        var terminal = new Terminal();
        assertThat(terminal.run("dev", option, "localhost:7072")).isEqualTo(ExitCode.USAGE);
        assertThat(terminal.err()).contains("'" + option + "': 'localhost:7072' is no URL such as http://localhost:70");
    }

    @Test
    void devTakesTheUrlOfAnApplication() {
        var service = new FakeService();
        var terminal = new Terminal("", (_, _, _) -> service);
        var code = terminal.start("dev", "--upstream", "http://localhost:7071/{event}?code=a,b", "--set", "a.b=c");
        await().until(() -> terminal.out().contains("Ready in"));
        service.close();

        assertThat(code.join()).isZero();
        assertThat(terminal.launches)
                .containsExactly("DEV - [signalr.upstream=http://localhost:7071/{event}?code=a,b, a.b=c]");
    }

    @Test
    void serveTakesFileAndSetsAndShowsNoKey() {
        var service = new FakeService();
        var terminal = new Terminal("", (_, _, _) -> service);
        var code = terminal.start("serve", "--config", "a.yaml", "--set", "x=1");
        await().until(() -> terminal.out().contains("Ready in"));
        service.close();

        assertThat(code.join()).isZero();
        assertThat(terminal.launches).containsExactly("SERVE a.yaml [x=1]");
        assertThat(terminal.out()).doesNotContain(FakeService.KEY);
    }

    @Test
    void aBadConfigurationIsOneLinePerProblem() {
        var terminal = new Terminal("", (_, _, _) -> {
            throw new BadConfiguration(List.of("a.yaml:1: one", "a.yaml:2: two"));
        });
        assertThat(terminal.run("serve")).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(terminal.err()).isEqualTo("a.yaml:1: one\na.yaml:2: two\n");
    }

    @Test
    void aTakenPortIsTheConfigurations() {
        var terminal = new Terminal("", (_, _, _) -> {
            throw new CommandFailed("port 8888 is taken", new IOException(new BindException()));
        });
        assertThat(terminal.run("dev")).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(terminal.err()).isEqualTo("port 8888 is taken\n");
    }

    @Test
    void anUnexpectedEndShowsNoStackTrace() {
        var terminal = new Terminal("", (_, _, _) -> {
            throw new IllegalStateException("a defect");
        });
        assertThat(terminal.run("dev")).isEqualTo(ExitCode.FAILED);
        assertThat(terminal.err())
                .startsWith("internal error: ")
                .contains("a defect")
                .doesNotContain("\tat ");
    }

    /** With a process of its own: a signal to the test's would end the test. */
    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void aSignalStopsInOrderWithExitCodeZero(String signal) throws Exception {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        FakeMain.class.getName(),
                        "serve")
                .redirectErrorStream(true)
                .start();
        // Where the signal is ignored (INT is, for a process in the background of a shell), nothing would ever be read.
        var patience = CompletableFuture.delayedExecutor(30, TimeUnit.SECONDS);
        patience.execute(process::destroyForcibly);
        try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
            var line = lines.readLine();
            while (line != null && !line.startsWith("Ready in")) {
                line = lines.readLine();
            }
            assertThat(line).isNotNull();
            new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                    .start()
                    .waitFor();
            assertThat(lines.readLine()).isEqualTo("closing");
            assertThat(lines.readLine()).startsWith("Stopped in ");
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }
}
