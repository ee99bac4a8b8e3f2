package io.tidewire.bench.report;

import io.tidewire.bench.line.Line;
import java.util.Optional;

/**
 * What an idle connection takes.
 *
 * @param residentKib growth of the server's resident memory, no collection asked for
 * @param collectedKib the same after a full collection; only of a JVM
 * @param heapKib growth of the live heap; only of a JVM
 * @param idlePercent of a core, for everybody's keep-alives
 */
record Memory(double residentKib, Optional<Double> collectedKib, Optional<Double> heapKib, double idlePercent) {
    static Memory of(Line line) {
        double clients = line.number("clients");
        double before = line.number("rss_before");
        return new Memory(
                (line.number("rss_end") - before) / 1024 / clients,
                line.has("rss_collected")
                        ? Optional.of((line.number("rss_collected") - before) / 1024 / clients)
                        : Optional.empty(),
                line.has("heap_after")
                        ? Optional.of((line.number("heap_after") - line.number("heap_before")) / 1024 / clients)
                        : Optional.empty(),
                100
                        * (line.number("cpu_end") - line.number("cpu_begin"))
                        / (line.number("at_end") - line.number("at_begin")));
    }
}
