package io.tidewire.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class StartLineTest {
    /** What picocli makes of a command line; empty when it refuses. */
    private static List<StartLine> parsed(String... args) {
        var started = new ArrayList<StartLine>();
        ServerLauncher launcher = (profile, file, sets) -> {
            started.add(new StartLine(profile, file, sets));
            throw new CommandFailed("seen enough");
        };
        var nowhere = new PrintStream(PrintStream.nullOutputStream());
        var io = new Stdio(InputStream.nullInputStream(), nowhere, nowhere, () -> false);
        Callable<Integer> command =
                args[0].equals("dev") ? new DevCommand(launcher, io) : new ServeCommand(launcher, io);
        new CommandLine(command)
                .setErr(new PrintWriter(Writer.nullWriter()))
                .setExecutionExceptionHandler((_, _, _) -> 1)
                .execute(Arrays.copyOfRange(args, 1, args.length));
        return started;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dev",
                "dev --port 9999 --webpubsub-port 0",
                "dev -p 0",
                "dev -p 99999",
                "dev --set ",
                "dev --config ",
                "dev --set help --set dev --set version",
                "dev --set \"a=b\"",
                "dev --set a=${sys:user.home}",
                "serve --set a=b,c=d|e",
                "serve --set #x",
                "serve --set !x",
                "dev --set a.b=c --port 1 --set d=",
                "dev --config some/file.yaml --set x=y=z",
                "serve",
                "serve --config /etc/tidewire.yaml --set signalr.listen=0.0.0.0:9000 --set a=b"
            })
    void readsWhatPicocliReads(String line) {
        String[] args = line.split(" ", -1);
        assertThat(parsed(args)).containsExactly(StartLine.read(args));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "client ann",
                "dev --help",
                "serve -h",
                "dev --set",
                "dev --set -x",
                "dev --set @file",
                "dev --set=a=b",
                "dev --port",
                "dev --port x",
                "dev --port 0x10",
                "dev --port -1",
                "dev --port 1 --port 2",
                "dev --port 1 -p 2",
                "dev --webpubsub-port 1 --webpubsub-port 2",
                "dev --config a --config b",
                "dev -p9999",
                "dev --upstream http://localhost:7071/api",
                "dev --event-handler http://localhost:7071/api",
                "dev extra",
                "dev extra words",
                "serve --port 1",
                "serve --webpubsub-port 1"
            })
    void leavesTheRestToPicocli(String line) {
        assertThat(StartLine.read(line.split(" ", -1))).isNull();
    }
}
