package io.tidewire.bench.report;

import io.tidewire.bench.line.Line;
import java.util.OptionalDouble;

/** A figure of one window. */
@FunctionalInterface
interface Metric {
    /** Empty where the window has no such figure. */
    OptionalDouble of(Line line);

    /** Microseconds of all threads of the server, for a delivery or whatever the window is about. */
    Metric CPU = line -> per(line, line.number("cpu"));

    /** Milliseconds. */
    Metric P50 = line -> millis(line, "latency_p50");

    Metric P99 = line -> millis(line, "latency_p99");
    Metric P999 = line -> millis(line, "latency_p999");

    /** Bytes of frames for a delivery. */
    Metric BYTES = line -> per(line, line.number("bytes"));

    /** Deliveries that one read of a client got: more than one where the server joined them. */
    Metric READ = line -> OptionalDouble.of(line.number("delivered") / Math.max(1, line.number("reads")));

    /** Percent of its CPU that the server was at work. */
    Metric BUSY = line -> share(line, line.number("cpu"));

    /** Percent of the server's CPU that others took. */
    Metric OTHERS = line -> share(line, Math.max(0, line.number("cpu_busy") - line.number("cpu")));

    /** Percent of its CPU that the load was at work. */
    Metric LOAD = line -> share(line, line.number("load_cpu"));

    /** Milliseconds that a message left after its time, at most. */
    Metric LATE = line -> millis(line, "late_max");

    /** Seconds until the last delivery. */
    Metric TOOK = line -> OptionalDouble.of(line.number("took") / 1e6);

    /** Milliseconds from the command to the first answer. */
    Metric READY = line -> line.find("ready_ms");

    /** What a window is about: deliveries, or clients that came and went. */
    static double count(Line line) {
        return line.find("done").orElseGet(() -> line.number("delivered"));
    }

    private static OptionalDouble per(Line line, double total) {
        double count = count(line);
        return count > 0 ? OptionalDouble.of(total / count) : OptionalDouble.empty();
    }

    private static OptionalDouble share(Line line, double micros) {
        return OptionalDouble.of(100 * micros / line.number("elapsed"));
    }

    private static OptionalDouble millis(Line line, String key) {
        OptionalDouble micros = line.find(key);
        return micros.isPresent() ? OptionalDouble.of(micros.getAsDouble() / 1000) : micros;
    }
}
