package io.tidewire.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.config.Profile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SelftestTest {
    @Test
    void passesAgainstAServiceThatKeepsTheRules() {
        var service = new FakeService();
        var terminal = new Terminal("", (_, _, _) -> service);

        int code = terminal.run("selftest");

        assertThat(service.badTokens).isEmpty();
        assertThat(terminal.err()).isEmpty();
        assertThat(code).isEqualTo(ExitCode.OK);
        assertThat(terminal.out()).contains("300 messages arrive in order").contains("All is well");
        assertThat(terminal.launches)
                .containsExactly(
                        "DEV - [signalr.listen=127.0.0.1:0, webpubsub.listen=127.0.0.1:0, admin.listen=127.0.0.1:0]");
    }

    @Test
    void triesBothServicesOfTheServerItself() {
        var terminal = new Terminal("", LocalServer::start);

        assertThat(terminal.run("selftest")).isEqualTo(ExitCode.OK);
        assertThat(terminal.err()).isEmpty();
        assertThat(terminal.out())
                .contains("ok      300 messages arrive in order")
                .contains("ok      what ann sends to her group reaches her")
                .contains("ok      300 messages over REST arrive in order");
    }

    /** What is wrong with them is not told: they are read to train the start-up cache, which would go without. */
    @Test
    void rehearsesWithSettingsThatAreGood(@TempDir Path dir) throws Exception {
        var file = Files.writeString(dir.resolve("settings.yaml"), SelftestCommand.SETTINGS);

        var loaded = LocalServer.judge(Profile.SERVE, Optional.of(file), List.of());

        assertThat(loaded.settings().served()).hasSize(2);
    }

    @Test
    void failsAtTheStepThatGoesWrong() {
        var service = new FakeService();
        service.script = request -> request.method().equals("PUT") ? FakeService.plain(500, "out of order") : null;
        var terminal = new Terminal("", (_, _, _) -> service);

        assertThat(terminal.run("selftest")).isEqualTo(ExitCode.FAILED);

        assertThat(terminal.out())
                .contains("FAILED  a group message reaches its member alone")
                .doesNotContain("All is well");
        assertThat(terminal.err()).contains("answered 500 out of order");
    }
}
