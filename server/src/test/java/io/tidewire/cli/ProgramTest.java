package io.tidewire.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgramTest {
    private final Terminal terminal = new Terminal();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dev",
                "serve",
                "client",
                "server",
                "token",
                "health",
                "config check",
                "config reference",
                "selftest"
            })
    void everyCommandTeaches(String command) {
        assertThat(terminal.run((command + " --help").split(" ", -1))).isZero();
        assertThat(terminal.out())
                .contains("Usage: tidewire " + command)
                .contains("Example")
                .contains("  tidewire ");
    }

    @Test
    void withoutACommandItShowsThemAll() {
        assertThat(terminal.run()).isEqualTo(ExitCode.USAGE);
        assertThat(terminal.out())
                .contains("dev ", "serve ", "client ", "server ", "token ", "health ", "config ", "selftest ");
    }

    @Test
    void aMistypedCommandIsGuessed() {
        assertThat(terminal.run("clinet")).isEqualTo(ExitCode.USAGE);
        assertThat(terminal.err()).contains("Did you mean: tidewire client");
    }

    /** In the commands {@code -h} names the hub, so a typo in front of it must not turn it into a call for help. */
    @Test
    void aMistypedCommandIsNoCallForHelp() {
        assertThat(terminal.run("clinet", "ann", "-h", "chat")).isEqualTo(ExitCode.USAGE);
        assertThat(terminal.out()).isEmpty();
    }

    @Test
    void helpIsAWordToo() {
        assertThat(terminal.run("help")).isZero();
        assertThat(terminal.out()).contains("Usage: tidewire");
        assertThat(terminal.run("help", "token")).isZero();
        assertThat(terminal.out()).contains("Usage: tidewire token");
    }

    @Test
    void aClientWithoutANameOrForNoCallsIsRefused() {
        assertThat(terminal.run("client", " ", "-h", "chat")).isEqualTo(ExitCode.FAILED);
        assertThat(terminal.err()).contains("must not be blank");
        assertThat(terminal.run("client", "ann", "-h", "chat", "--count", "0")).isEqualTo(ExitCode.FAILED);
        assertThat(terminal.err()).contains("--count is 1 or more");
    }

    @Test
    void saysItsVersion() {
        assertThat(terminal.run("--version")).isZero();
        assertThat(terminal.out()).startsWith("tidewire ").contains("Java 25");
    }

    @Test
    void healthIsTheServersAnswer() {
        try (var service = new FakeService()) {
            assertThat(terminal.run("health", "--admin", service.admin() + "/")).isZero();
            assertThat(terminal.out()).isEqualTo("200 ready\n");
            service.script = _ -> FakeService.plain(503, "draining\n");
            assertThat(terminal.run("health", "--admin", service.admin().toString()))
                    .isEqualTo(ExitCode.FAILED);
            assertThat(terminal.out()).endsWith("503 draining\n");
            assertThat(terminal.err()).isEmpty();
            service.script = _ -> FakeService.plain(404, "nothing here");
            assertThat(terminal.run("health", "--admin", service.admin().toString()))
                    .isEqualTo(ExitCode.FAILED);
            assertThat(terminal.out()).endsWith("404 nothing here\n");
            assertThat(terminal.err())
                    .isEqualTo("is " + service.admin() + " the admin listener (setting admin.listen)?\n");
        }
        assertThat(terminal.run("health", "--admin", "http://127.0.0.1:1")).isEqualTo(ExitCode.FAILED);
        assertThat(terminal.run("health", "--admin", "nowhere")).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void configIsTheToolsAnswer() {
        assertThat(terminal.run("config", "check")).isZero();
        assertThat(terminal.run("config", "check", "--set", "a=b")).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(terminal.err()).isEqualTo("file.yaml:3: first\nfile.yaml:4: second\n");
        assertThat(terminal.run("config", "reference")).isZero();
        assertThat(terminal.out()).contains("signalr.listen  where it listens");
    }
}
