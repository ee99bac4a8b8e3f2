package io.tidewire.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the project has set itself, judged by the medians of this run. */
final class Goals {
    private static final String FLOOR = "floor";
    private static final String SIGNALR = "tidewire";
    private static final String WEBPUBSUB = "tidewire-webpubsub";
    private static final String HALF_LOAD = "connection-5000";

    /** One of them; without a figure where the run has not measured it. */
    record Goal(String what, double bound, String unit, Optional<Double> figure) {
        String verdict() {
            return figure.map(value -> value <= bound ? "reached" : "**not reached**")
                    .orElse("not measured");
        }
    }

    private final Results results;
    private final List<Goal> goals = new ArrayList<>();

    private Goals(Results results) {
        this.results = results;
    }

    static List<Goal> of(Results results) {
        Goals goals = new Goals(results);
        goals.broadcasts();
        goals.calls();
        goals.connections();
        return goals.goals;
    }

    private void broadcasts() {
        Key small = new Key("broadcast", "128", SIGNALR);
        add("broadcast: CPU per delivery, of the floor's", 1.10, "×", ratio(small, small.by(FLOOR)));
        add("broadcast: of Bun's", 1.0, "×", ratio(small, small.by("bun")));
        add("broadcast: of nchan's", 0.75, "×", ratio(small, small.by("nchan")));
        add("broadcast: of NATS's", 0.42, "×", ratio(small, small.by("nats")));
        add("broadcast: user CPU per delivery", 0.8, "µs", results.user(small));
        add("broadcast: 2 KB, of 128 bytes", 1.25, "×", ratio(new Key("broadcast", "2048", SIGNALR), small));
        Key signalR = new Key("forms", "signalr", SIGNALR);
        Key webPubSub = new Key("forms", "webpubsub", WEBPUBSUB);
        add("broadcast: JSON and MessagePack mixed, of one", 1.03, "×", mixed(signalR));
        add("broadcast: reliable, of plain", 1.15, "×", ratio(webPubSub.by("tidewire-reliable"), webPubSub));
        Key burst = new Key("burst", "128", SIGNALR);
        add("burst: CPU per message, of the floor that writes once", 1.3, "×", ratio(burst, burst.by(FLOOR)));
        Key echo = new Key("echo", "10000", WEBPUBSUB);
        add("echo: CPU per round trip, of Bun's", 1.0, "×", ratio(echo, echo.by("bun")));
        Key groups = new Key("groups", "128", WEBPUBSUB);
        add("groups: CPU per delivery, of an own broadcast's", 1.25, "×", ratio(groups, webPubSub));
    }

    /** Against the mean of the two that are mixed. */
    private Optional<Double> mixed(Key json) {
        Optional<Double> mixed = results.median(json.by("tidewire-mixed"), Metric.CPU);
        Optional<Double> one = results.median(json, Metric.CPU);
        Optional<Double> other = results.median(json.by("tidewire-messagepack"), Metric.CPU);
        return mixed.flatMap(m -> one.flatMap(a -> other.map(b -> m / ((a + b) / 2))));
    }

    private void calls() {
        Key half = new Key("rest", HALF_LOAD, WEBPUBSUB);
        add("REST: CPU per call, 5,000 a second", 45, "µs", results.median(half, Metric.CPU));
        add("REST: p50, 5,000 a second", 0.3, "ms", results.median(half, Metric.P50));
        add("REST: p99", 2, "ms", results.median(half, Metric.P99));
        add("REST: p99.9", 10, "ms", results.median(half, Metric.P999));
    }

    private void connections() {
        for (String form : List.of(SIGNALR, WEBPUBSUB)) {
            Optional<Memory> memory =
                    results.only(new Key("idle", "idle", form)).map(Memory::of);
            add("idle, " + form + ": resident memory per connection", 5, "KiB", memory.map(Memory::residentKib));
            add("idle, " + form + ": live heap per connection", 2.5, "KiB", memory.flatMap(Memory::heapKib));
            add("idle, " + form + ": CPU of keep-alives", 1, "% of a core", memory.map(Memory::idlePercent));
        }
        add(
                "connect: bare upgrade, warm",
                70,
                "µs",
                results.median(new Key("connect", "bare", "tidewire-raw"), Metric.CPU));
        Key warm = new Key("connect", "negotiated", SIGNALR);
        add("connect: negotiate, token, upgrade and handshake, warm", 150, "µs", results.median(warm, Metric.CPU));
        Key cold = new Key("connect", "cold", SIGNALR);
        add(
                "connect: first thousand of a fresh server, of warm",
                3,
                "×",
                results.median(cold, Metric.CPU)
                        .flatMap(c -> results.median(warm, Metric.CPU).map(w -> c / w)));
        add(
                "start: to ready, with the start-up cache",
                300,
                "ms",
                results.median(new Key("start", "cache", SIGNALR), Metric.READY));
    }

    private Optional<Double> ratio(Key key, Key base) {
        return results.ratio(key, base, Metric.CPU).map(Spread::median);
    }

    private void add(String what, double bound, String unit, Optional<Double> figure) {
        goals.add(new Goal(what, bound, unit, figure));
    }
}
