package io.tidewire.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code bench/run} says to a word that it does not know: at once, before anything is built or measured. */
class WordsTest {
    /** Of this module, or of the project where it runs from there. */
    private static final Path RUN = Stream.of("run", "bench/run")
            .map(Path::of)
            .filter(Files::isRegularFile)
            .findFirst()
            .orElseThrow();

    @ParameterizedTest
    @CsvSource({
        "brodcast, There is no workload brodcast; there are broadcast burst echo rest idle connect groups start",
        "rest --fast, There is no option --fast",
        "--quick micro, micro stands first",
        "echo --rounds, --rounds needs a value"
    })
    void aMistakeIsToldBeforeTheBuild(String arguments, String said) throws Exception {
        List<String> command = new ArrayList<>(List.of(RUN.toAbsolutePath().toString()));
        command.addAll(List.of(arguments.split(" ", -1)));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("TIDEWIRE_JAVA_HOME", System.getProperty("java.home"));
        Process run = builder.start();
        String output = new String(run.getInputStream().readAllBytes(), UTF_8);

        assertThat(run.waitFor()).isEqualTo(1);
        assertThat(output).startsWith("bench: " + said).hasLineCount(1);
    }
}
