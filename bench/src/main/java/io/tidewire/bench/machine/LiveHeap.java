package io.tidewire.bench.machine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a JVM's heap holds after a full collection. */
public final class LiveHeap {
    /** The last line of a histogram: {@code Total  1234567  89012345}. */
    private static final Pattern TOTAL = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)");

    private LiveHeap() {}

    public static long bytes(Site site, Program jvm) {
        // A histogram collects first, and counts objects: the heap's own figures have fillers in them.
        String histogram = run(site.java().resolve("jcmd").toString(), Long.toString(jvm.pid()), "GC.class_histogram");
        Matcher total = TOTAL.matcher(histogram);
        if (!total.find()) {
            throw jvm.failed(
                    "did not tell its heap: " + histogram.lines().findFirst().orElse("nothing"));
        }
        return Long.parseLong(total.group(1));
    }

    private static String run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("Could not run " + command[0], e);
        }
    }
}
