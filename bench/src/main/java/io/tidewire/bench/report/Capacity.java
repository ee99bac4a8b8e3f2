package io.tidewire.bench.report;

import java.util.Locale;
import java.util.Optional;

/** What a core and a GiB are good for by the figures of a run, next to what a unit of the cloud services is sold for. */
final class Capacity {
    /** Of a core: the rest is for what comes unevenly. The vendor's guides call this the line below which latency stays low. */
    private static final double LOAD = 0.7;

    private static final double MICROS = 1_000_000;
    private static final double KIB_PER_GIB = 1024 * 1024;

    private static final String SIGNALR = "tidewire";
    private static final String WEBPUBSUB = "tidewire-webpubsub";

    private Capacity() {}

    static Table table(Results results) {
        Table table = new Table(
                "what one core does at 70 % load", "per second", "a unit is sold for", "units", "from, in this run");
        perCore(table, results, "broadcast out, 2 KB messages", new Key("broadcast", "2048", SIGNALR), 2_000);
        perCore(table, results, "broadcast out, 128-byte messages", new Key("broadcast", "128", SIGNALR), 2_000);
        perCore(table, results, "Web PubSub broadcast out, 128 bytes", new Key("forms", "webpubsub", WEBPUBSUB), 3_000);
        perCore(table, results, "groups of ten, out, by REST", new Key("groups", "128", WEBPUBSUB), 2_000);
        perCore(table, results, "echo through a group, in = out", new Key("echo", "10000", WEBPUBSUB), 1_000);
        perCore(table, results, "REST to one connection", new Key("rest", "connection-5000", WEBPUBSUB), 200);
        perCore(table, results, "REST to one user", new Key("rest", "user-5000", WEBPUBSUB), 180);
        perCore(table, results, "connects with negotiate and token", new Key("connect", "negotiated", SIGNALR), 0);
        for (String form : new String[] {SIGNALR, WEBPUBSUB}) {
            results.only(new Key("idle", "idle", form)).map(Memory::of).ifPresent(memory -> {
                double perGib = KIB_PER_GIB / Math.max(0.1, memory.residentKib());
                table.row(
                        "idle connections in a GiB, " + form,
                        round(perGib) + " in all",
                        "1,000",
                        round(perGib / 1_000),
                        Spread.number(memory.residentKib(), 1) + " KiB each, the kernel's sockets apart");
            });
        }
        return table;
    }

    private static void perCore(Table table, Results results, String what, Key key, double unit) {
        Optional<Double> cpu = results.median(key, Metric.CPU);
        if (cpu.isEmpty()) {
            return;
        }
        double perSecond = LOAD * MICROS / cpu.get();
        table.row(
                what,
                round(perSecond),
                unit == 0 ? "–" : round(unit),
                unit == 0 ? "–" : round(perSecond / unit),
                Spread.number(cpu.get(), cpu.get() < 20 ? 2 : 0) + " µs each");
    }

    private static String round(double value) {
        // Two figures are what such arithmetic is worth.
        double power = Math.pow(10, Math.max(0, Math.floor(Math.log10(Math.max(1, value))) - 1));
        return String.format(Locale.ROOT, "%,.0f", Math.round(value / power) * power);
    }
}
