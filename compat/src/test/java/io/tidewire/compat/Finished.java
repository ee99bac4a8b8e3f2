package io.tidewire.compat;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A command that ran to its end, or was ended at its limit.
 *
 * @param exitCode its own, or {@link #TIMED_OUT}
 * @param output standard output and error together
 */
record Finished(int exitCode, String output) {
    /** No process ends with it. */
    static final int TIMED_OUT = -1;

    /**
     * Runs a command in a folder with more environment variables; its processes are ended when the limit is over.
     *
     * @throws IOException when there is no such command
     */
    static Finished run(Path folder, Duration limit, Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile("tidewire-compat", ".out");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            process.getOutputStream().close();
            boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
            return new Finished(ended ? process.exitValue() : TIMED_OUT, Files.readString(output, UTF_8));
        } finally {
            Files.delete(output);
        }
    }

    String lastLines(int count) {
        List<String> lines = output.strip().lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - count), lines.size()));
    }
}
