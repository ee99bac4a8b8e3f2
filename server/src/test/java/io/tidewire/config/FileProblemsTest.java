package io.tidewire.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FileProblemsTest {
    /** Processor time that only work growing faster than its input takes, on a slow machine before it is warm. */
    private static final Duration QUICK = Duration.ofSeconds(20);

    @Test
    void aTransportThatWasTakenOutSaysWhatToDo() {
        assertThat(problems("network: { transport: io-uring }"))
                .containsExactly(
                        "tidewire.yaml:1: 'network.transport' is 'io-uring', but Tidewire has no io_uring any more: "
                                + "clients that read at once were closed as slow. Leave network.transport out, or set it to auto");
    }

    @Test
    void allProblemsAtOnceOneLineEach() {
        assertThat(problems("""
                        # the first line
                        signalr:
                          lisen: 0.0.0.0:8888
                          mode: classic
                          keys:
                            primary: too-short
                        http:
                          requestTimeout: 15 parsecs
                          maxBodyBytes: 5
                          maxConnections: many
                        cluster:
                          listen: 0.0.0.0:8080
                        """))
                .containsExactly(
                        "tidewire.yaml:3: unknown setting 'signalr.lisen'; did you mean 'signalr.listen'?",
                        "tidewire.yaml:4: 'signalr.mode' is 'classic', but only serverless is served so far",
                        "tidewire.yaml:6: 'signalr.keys.primary' must be at least 32 bytes long, but has 9; "
                                + "make a key with: openssl rand -base64 32",
                        "tidewire.yaml:8: 'http.requestTimeout' must be a duration such as 500ms, 15s, 2m or 1h, "
                                + "but is '15 parsecs'",
                        "tidewire.yaml:9: 'http.maxBodyBytes' must be between 1KiB and 1GiB, but is '5'",
                        "tidewire.yaml:10: 'http.maxConnections' must be a whole number, but is 'many'",
                        "tidewire.yaml:11: unknown setting 'cluster'; 'tidewire config reference' prints all settings");
    }

    @Test
    void unknownNames() {
        assertThat(problems("signalrr: { listen: x }"))
                .containsExactly("tidewire.yaml:1: unknown setting 'signalrr'; did you mean 'signalr'?");
        assertThat(problems("http:\n  max-body-bytes: 1MiB"))
                .containsExactly(
                        "tidewire.yaml:2: unknown setting 'http.max-body-bytes'; did you mean 'http.maxBodyBytes'?");
        assertThat(
                        problems(
                                "{ \"UpstreamSettings\": { \"Templates\": [{ \"UrlTemplate\": \"http://localhost:7071/x\" }] } }"))
                .containsExactly(
                        "tidewire.yaml:1: unknown setting 'UpstreamSettings'; in a settings.json of the vendor's emulator"
                                + " each template is what an item of 'signalr.upstream' is here: url, hubs, categories, events");
        assertThat(problems("<<: { a: b }"))
                .containsExactly(
                        "tidewire.yaml:1: unknown setting '<<'; 'tidewire config reference' prints all settings");
        assertThat(problems("\"a\\nb\\e[31m" + "x".repeat(100) + "\": 1"))
                .containsExactly("tidewire.yaml:1: unknown setting 'a?b?[31m" + "x".repeat(52)
                        + "...'; 'tidewire config reference' prints all settings");
    }

    @Test
    void duplicates() {
        assertThat(problems("""
                        http:
                          idleTimeout: 1s
                          idleTimeout: 2s
                        network: { threads: 1 }
                        http:
                          maxBodyBytes: 1
                        http.idleTimeout: 3s
                        """))
                .containsExactly(
                        "tidewire.yaml:3: 'http.idleTimeout' is given twice, first in line 2",
                        "tidewire.yaml:5: 'http' is given twice, first in line 1",
                        "tidewire.yaml:7: 'http.idleTimeout' is given twice, first in line 2");
    }

    @Test
    void wrongShapes() {
        assertThat(problems("""
                        signalr: 8888
                        http: [1, 2]
                        auth:
                          leeway: { seconds: 5 }
                          audience: [off]
                          maxTokenBytes:
                        ? [a, b]
                        : c
                        """))
                .containsExactly(
                        "tidewire.yaml:1: 'signalr' is a section; its settings belong below it, further to the right",
                        "tidewire.yaml:2: 'http' is a section; its settings belong below it, further to the right",
                        "tidewire.yaml:4: 'auth.leeway' takes a value (duration), not settings below it",
                        "tidewire.yaml:5: 'auth.audience' must be one value, but is a list of 1",
                        "tidewire.yaml:6: 'auth.maxTokenBytes' has no value; leave the line out for the default",
                        "tidewire.yaml:7: the name of a setting must be plain text");
        assertThat(problems("signalr.client:\n  allowedOrigins:\n    - [https://a.example]"))
                .containsExactly("tidewire.yaml:2: 'signalr.client.allowedOrigins' must be a plain list");
        assertThat(problems("- signalr"))
                .containsExactly("tidewire.yaml:1: settings are lines of the form 'key: value'");
        assertThat(problems("signalr")).containsExactly("tidewire.yaml:1: settings are lines of the form 'key: value'");
    }

    @Test
    void notYaml() {
        assertThat(problems("http:\n  idleTimeout: 1s\n bad: 2s\n"))
                .singleElement()
                .asString()
                .startsWith("tidewire.yaml:3: not YAML: ")
                .doesNotContain("\n");
        assertThat(problems("http:\n\tidleTimeout: 1s\n"))
                .singleElement()
                .asString()
                .startsWith("tidewire.yaml:2: not YAML: ");
        assertThat(problems("http: {}\n\u0007\n")).containsExactly("tidewire.yaml:2: not YAML: a control character");
        assertThat(Loading.dev().file(new byte[] {'a', ':', (byte) 0xFF}).problems())
                .containsExactly("tidewire.yaml: is not UTF-8");
        assertThat(problems("http: {}\n---\nhttp: {}\n"))
                .containsExactly("tidewire.yaml:2: a second document; settings are one document");
        assertThat(Loading.dev().file(new byte[1024 * 1024 + 1]).problems())
                .containsExactly("tidewire.yaml: is longer than 1 MiB");
    }

    @Test
    void placeholders() {
        assertThat(problems("""
                        signalr:
                          keys:
                            primary: ${NO_SUCH_KEY}
                          listen: ${not-a-name}
                          publicEndpoint: https://${HOST
                        """))
                .containsExactly(
                        "tidewire.yaml:3: 'signalr.keys.primary' names ${NO_SUCH_KEY}, which is not set in the environment",
                        "tidewire.yaml:4: 'signalr.listen' holds '${not-a-name}', which is not of the form ${NAME}",
                        "tidewire.yaml:5: 'signalr.publicEndpoint' holds '${HOST', which is not of the form ${NAME}");
        assertThat(problems("signalr:\n  keys: { primary: ${KEY} }"))
                .singleElement()
                .asString()
                .startsWith("tidewire.yaml:2: not YAML: ")
                .endsWith("; put '${...}' into quotes");
    }

    @Test
    void aliasesAndTagsAreRefused() {
        assertThat(problems("""
                        http:
                          idleTimeout: &long 1h
                          requestTimeout: *long
                          maxConnections: !!int "5"
                        """))
                .containsExactly(
                        "tidewire.yaml:2: YAML anchors (&name) are not read; write the value out",
                        "tidewire.yaml:3: YAML aliases (*name) are not read; write the value out",
                        "tidewire.yaml:4: YAML tags (!name) are not read; write the value out");
    }

    /** Nine levels of nine aliases each are 9^9 values for a parser that builds them. */
    @Test
    void anAliasBombIsQuick() {
        var bomb = new StringBuilder("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
        for (int i = 1; i < 10; i++) {
            bomb.append("a%d: &a%d [%s]\n".formatted(i, i, String.join(", ", Collections.nCopies(9, "*a" + (i - 1)))));
        }
        bomb.append("network: *a9\n");
        long start = processorTime();
        List<String> problems = problems(bomb.toString());
        assertThat(Duration.ofNanos(processorTime() - start)).isLessThan(QUICK);

        assertThat(problems)
                .hasSize(22)
                .contains("tidewire.yaml:1: YAML anchors (&name) are not read; write the value out")
                .contains("tidewire.yaml:10: unknown setting 'a9'; 'tidewire config reference' prints all settings")
                .contains("tidewire.yaml:11: YAML aliases (*name) are not read; write the value out")
                .allSatisfy(problem -> assertThat(problem).matches("tidewire\\.yaml:\\d+: [^\\n]+"));
    }

    @Test
    void deepAndLongFilesAreQuick() {
        long start = processorTime();
        assertThat(problems("x: " + "[".repeat(200_000)))
                .last()
                .isEqualTo("tidewire.yaml:1: not YAML: nested deeper than 32 levels");
        assertThat(problems("x: " + "{a: ".repeat(100_000)))
                .last()
                .isEqualTo("tidewire.yaml:1: not YAML: nested deeper than 32 levels");
        assertThat(problems("? " + "k".repeat(900_000) + "\n: 1\n")).hasSize(1);
        var many = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            many.append("signalr.lisen").append(i).append(": 1\n");
        }
        assertThat(problems(many.toString())).hasSize(101).last().isEqualTo("... and 19900 more");
        assertThat(Duration.ofNanos(processorTime() - start)).isLessThan(QUICK);
    }

    @Test
    void filesThatCannotBeRead(@TempDir Path directory) {
        assertThat(problems(directory.resolve("absent.yaml")))
                .containsExactly(directory.resolve("absent.yaml") + ": there is no such file");
        assertThat(problems(directory)).containsExactly(directory + ": cannot be read");
    }

    /** Of this thread, so that a busy machine does not fail the test. */
    private static long processorTime() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static List<String> problems(String yaml) {
        return Loading.dev().yaml(yaml).problems();
    }

    private static List<String> problems(Path file) {
        try {
            SettingsLoader.load(Profile.DEV, Optional.of(file), Map.of(), List.of());
            return List.of();
        } catch (InvalidSettings e) {
            return e.problems();
        }
    }
}
