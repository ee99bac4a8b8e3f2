package io.tidewire.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The C programs: what they count, and that they see a lost and a repeated message. */
class LoadSideTest {
    /** Of this module, or of the project where it runs from there. */
    private static final Path SCRIPT = Stream.of("src/test/sh/load-test", "bench/src/test/sh/load-test")
            .map(Path::of)
            .filter(Files::exists)
            .findFirst()
            .orElseThrow();

    @Test
    void theLoadCountsWhatTheFloorSends(@TempDir Path directory) throws Exception {
        assumeTrue(
                runs("gcc", "--version"), "NOT TESTED: the load side of the benchmarks needs gcc, which is not here");
        Path output = directory.resolve("output");
        Process test = new ProcessBuilder(SCRIPT.toAbsolutePath().toString(), directory.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        int status = test.waitFor();
        assertThat(status).as(() -> text(output)).isZero();
    }

    private static boolean runs(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
