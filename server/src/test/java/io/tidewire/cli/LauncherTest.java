package io.tidewire.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher script, with scripts in place of Java and Maven that tell how they were called. */
class LauncherTest {
    private static final String JAVA = """
            #!/bin/sh
            for arg in "$@"; do
              case $arg in
                -XX:AOTCacheOutput=*) echo trained >>"$CALLS"; [ -n "$NO_TRAINING" ] && exit 1; echo cache >"${arg#*=}"; exit 0 ;;
              esac
            done
            echo "java $*"
            exit 7
            """;
    private static final String MAVEN = """
            #!/bin/sh
            echo built >>"$CALLS"
            [ -n "$NO_BUILD" ] && { echo "a compiler error"; exit 1; }
            mkdir -p server/target/tidewire/lib server/target/tidewire/native
            echo jar >server/target/tidewire/lib/tidewire-server-1.jar
            echo jar >server/target/tidewire/lib/b.jar
            echo jar >server/target/tidewire/lib/a.jar
            """;

    @TempDir
    Path dir;

    private Path root = Path.of("");
    private final Map<String, String> environment = new HashMap<>();

    /** What the launcher and what it started said. */
    private record Run(int code, String out, String err) {}

    @BeforeEach
    void tree() throws IOException {
        var launcher = Path.of("..", "tidewire");
        assumeThat(Path.of("/bin/bash")).exists();
        root = Files.createDirectories(dir.resolve("a tree"));
        Files.copy(launcher, root.resolve("tidewire"));
        write("pom.xml", "pom");
        write("server/pom.xml", "pom");
        write("server/src/main/A.java", "class");
        jdk("jdk25", "25.0.1");
        script(dir.resolve("bin/mvn"), MAVEN);
        environment.put("PATH", dir.resolve("bin") + ":/usr/bin:/bin");
        environment.put("CALLS", dir.resolve("calls").toString());
        environment.put("TIDEWIRE_JAVA_HOME", dir.resolve("jdk25").toString());
    }

    private void jdk(String name, String version) throws IOException {
        script(dir.resolve(name).resolve("bin/java"), JAVA);
        Files.writeString(
                dir.resolve(name).resolve("release"), "IMPLEMENTOR=\"X\"\nJAVA_VERSION=\"" + version + "\"\n");
    }

    private Path write(String path, String text) throws IOException {
        var file = root.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private static void script(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private Run run(String... args) throws IOException, InterruptedException {
        return run(root.resolve("tidewire"), args);
    }

    private Run run(Path launcher, String... args) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("/bin/bash", launcher.toString()));
        command.addAll(List.of(args));
        var out = dir.resolve("out").toFile();
        var err = dir.resolve("err").toFile();
        var builder = new ProcessBuilder(command).redirectOutput(out).redirectError(err);
        builder.environment().clear();
        builder.environment().putAll(environment);
        var process = builder.start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Run(
                process.exitValue(),
                Files.readString(out.toPath(), StandardCharsets.UTF_8),
                Files.readString(err.toPath(), StandardCharsets.UTF_8));
    }

    private List<String> calls() throws IOException {
        var calls = dir.resolve("calls");
        return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
    }

    @Test
    void buildsOnceAndBecomesJava() throws Exception {
        environment.put("TIDEWIRE_JAVA_OPTS", "-Xmx1g -Da=b");
        var first = run("token", "--user", "a b");
        var lib = root.toRealPath().resolve("server/target/tidewire/lib");

        assertThat(first.code()).isEqualTo(7);
        assertThat(first.out())
                .startsWith("java -XX:+UseCompactObjectHeaders ")
                .contains(" -Xmx1g -Da=b ")
                .contains(" -XX:AOTCache=")
                .contains(" -Djava.library.path=" + lib.resolveSibling("native") + " ")
                .endsWith(" -cp " + lib.resolve("a.jar") + ":" + lib.resolve("b.jar") + ":"
                        + lib.resolve("tidewire-server-1.jar") + " io.tidewire.cli.Main token --user a b\n");
        assertThat(first.err()).contains("building ...").contains("built in ");
        assertThat(run("token").err()).isEmpty();
        assertThat(calls()).containsExactly("built", "trained");
    }

    /** A server of 20 MB works; the JVM does not start with a heap that is to begin larger than it may be, or smaller. */
    @Test
    void theHeapBeginsSmallUnlessToldOtherwise() throws Exception {
        assertThat(run("serve").out()).contains(" -XX:InitialHeapSize=32m ");
        environment.put("TIDEWIRE_JAVA_OPTS", "-Xmx512m");
        assertThat(run("serve").out()).contains(" -XX:InitialHeapSize=32m ");
        for (var own : List.of("-Xmx24m", "-Xms64m", "-XX:MaxHeapSize=24m")) {
            environment.put("TIDEWIRE_JAVA_OPTS", own);
            assertThat(run("serve").out()).doesNotContain("InitialHeapSize");
        }
        environment.remove("TIDEWIRE_JAVA_OPTS");
        environment.put("JAVA_TOOL_OPTIONS", "-Xms64m -Xmx256m");
        assertThat(run("serve").out()).doesNotContain("InitialHeapSize");
    }

    @Test
    void buildsAgainWhenASourceIsNewerUnlessToldNotTo() throws Exception {
        run();
        Files.setLastModifiedTime(
                root.resolve("server/src/main/A.java"),
                FileTime.from(Instant.now().plusSeconds(60)));
        environment.put("TIDEWIRE_NO_BUILD", "1");
        assertThat(run().code()).isEqualTo(7);
        assertThat(calls()).containsExactly("built", "trained");
        environment.remove("TIDEWIRE_NO_BUILD");
        run();
        assertThat(calls()).startsWith("built", "trained", "built");
    }

    @Test
    void aFailedBuildShowsWhatMavenSaid() throws Exception {
        environment.put("NO_BUILD", "1");
        var run = run("dev");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("a compiler error").contains("the build failed");
        assertThat(run.out()).isEmpty();
        assertThat(root.resolve("server/target/.tidewire-lock")).doesNotExist();
    }

    @Test
    void aCacheThatCannotBeMadeIsNotTriedAgain() throws Exception {
        environment.put("NO_TRAINING", "1");
        var first = run();
        assertThat(first.code()).isEqualTo(7);
        assertThat(first.out()).doesNotContain("AOTCache");
        assertThat(first.err()).contains("no start-up cache");
        assertThat(run().err()).isEmpty();
        assertThat(calls()).containsExactly("built", "trained");
    }

    @Test
    void anotherJdkGetsACacheOfItsOwn() throws Exception {
        run();
        jdk("jdk26", "26");
        environment.put("TIDEWIRE_JAVA_HOME", dir.resolve("jdk26").toString());
        assertThat(run().out()).contains("-XX:AOTCache=");
        assertThat(calls()).containsExactly("built", "trained", "trained");
    }

    /** The JVM would pass over a cache that does not fit, and starts would be slow from then on. */
    @Test
    void aJarThatWasReplacedMakesTheCacheAgain() throws Exception {
        run();
        Files.setLastModifiedTime(
                root.resolve("server/target/tidewire/lib/a.jar"),
                FileTime.from(Instant.now().minusSeconds(600)));
        run();
        assertThat(run().out()).contains("-XX:AOTCache=");
        assertThat(calls()).containsExactly("built", "trained", "trained");
    }

    @Test
    void aLockLeftByAKilledBuildIsNotWaitedFor() throws Exception {
        Files.createDirectories(root.resolve("server/target"));
        var gone = new ProcessBuilder("/bin/true").start();
        gone.waitFor();
        Files.createSymbolicLink(root.resolve("server/target/.tidewire-lock"), Path.of(Long.toString(gone.pid())));
        assertThat(run().code()).isEqualTo(7);
        assertThat(calls()).containsExactly("built", "trained");
    }

    @Test
    void takesTheJavaOfThePathWhenItIsNewEnoughAndRefusesAnOldOneThatWasNamed() throws Exception {
        environment.remove("TIDEWIRE_JAVA_HOME");
        jdk("jdk17", "17.0.2");
        environment.put("JAVA_HOME", dir.resolve("jdk17").toString());
        Files.createSymbolicLink(dir.resolve("bin/java"), dir.resolve("jdk25/bin/java"));
        assertThat(run().out()).startsWith("java -XX:");

        environment.put("TIDEWIRE_JAVA_HOME", dir.resolve("jdk17").toString());
        var refused = run();
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("is no JDK 25 or newer").hasLineCount(1);
    }

    @Test
    void anUnpackedReleaseThroughALinkNeverBuilds() throws Exception {
        var release = dir.resolve("release");
        Files.createDirectories(release.resolve("lib"));
        Files.copy(root.resolve("tidewire"), release.resolve("tidewire"));
        Files.writeString(release.resolve("lib/tidewire-server-1.jar"), "jar");
        var link = Files.createSymbolicLink(dir.resolve("bin/tw"), Path.of("../release/tidewire"));
        var run = run(link, "--version");
        assertThat(run.code()).isEqualTo(7);
        assertThat(run.out())
                .contains(" -Dtidewire.program=" + link + " ")
                .contains("release/lib/tidewire-server-1.jar")
                .doesNotContain("java.library.path");
        assertThat(calls()).containsExactly("trained");
    }
}
