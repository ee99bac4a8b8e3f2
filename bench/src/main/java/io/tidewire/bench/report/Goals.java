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

    /**
     * One of them.
     *
     * @param floor what the floor itself has there, where it takes part in it: nobody gets below that in this run
     * @param figure empty where the run has not measured it
     */
    record Goal(String what, double bound, String unit, Optional<Double> floor, Optional<Double> figure) {
        String verdict() {
            if (figure.isEmpty()) {
                return "not measured";
            }
            if (figure.get() <= bound) {
                return "reached";
            }
            return floor.filter(least -> least > bound).isPresent() ? "below the floor" : "**not reached**";
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
        against("broadcast: of Bun's", 1.0, small, small.by("bun"));
        against("broadcast: of nchan's", 0.75, small, small.by("nchan"));
        against("broadcast: of NATS's", 0.42, small, small.by("nats"));
        add("broadcast: user CPU per delivery", 0.8, "µs", results.user(small));
        against("broadcast: 2 KB, of 128 bytes", 1.25, new Key("broadcast", "2048", SIGNALR), small);
        Key signalR = new Key("forms", "signalr", SIGNALR);
        Key webPubSub = new Key("forms", "webpubsub", WEBPUBSUB);
        add("broadcast: JSON and MessagePack mixed, of one", 1.03, "×", mixed(signalR));
        add("broadcast: reliable, of plain", 1.15, "×", ratio(webPubSub.by("tidewire-reliable"), webPubSub));
        Key burst = new Key("burst", "128", SIGNALR);
        add("burst: CPU per message, of the floor that writes once", 1.3, "×", ratio(burst, burst.by(FLOOR)));
        Key echo = new Key("echo", "10000", WEBPUBSUB);
        against("echo: CPU per round trip, of Bun's", 1.0, echo, echo.by("bun"));
        Key groups = new Key("groups", "128", WEBPUBSUB);
        against("groups: CPU per delivery, of an own broadcast's", 1.25, groups, webPubSub);
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
        measured("REST: CPU per call, 5,000 a second", 45, "µs", half, Metric.CPU);
        measured("REST: p50, 5,000 a second", 0.3, "ms", half, Metric.P50);
        measured("REST: p99", 2, "ms", half, Metric.P99);
        measured("REST: p99.9", 10, "ms", half, Metric.P999);
    }

    private void connections() {
        Optional<Memory> floor = results.only(new Key("idle", "idle", FLOOR)).map(Memory::of);
        for (String form : List.of(SIGNALR, WEBPUBSUB)) {
            Optional<Memory> memory =
                    results.only(new Key("idle", "idle", form)).map(Memory::of);
            add("idle, " + form + ": resident memory per connection", 5, "KiB", memory.map(Memory::residentKib));
            add("idle, " + form + ": live heap per connection", 2.5, "KiB", memory.flatMap(Memory::heapKib));
            goals.add(new Goal(
                    "idle, " + form + ": CPU of keep-alives",
                    1,
                    "% of a core",
                    floor.map(Memory::idlePercent),
                    memory.map(Memory::idlePercent)));
        }
        measured("connect: bare upgrade, warm", 70, "µs", new Key("connect", "bare", "tidewire-raw"), Metric.CPU);
        Key warm = new Key("connect", "negotiated", SIGNALR);
        measured("connect: negotiate, token, upgrade and handshake, warm", 150, "µs", warm, Metric.CPU);
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

    /** CPU against that of another, and what the floor's would be there. */
    private void against(String what, double bound, Key key, Key base) {
        // Where both are Tidewire's, both are the floor's.
        Key itsBase = base.contestant().equals(key.contestant()) ? base.by(FLOOR) : base;
        goals.add(new Goal(what, bound, "×", ratio(key.by(FLOOR), itsBase), ratio(key, base)));
    }

    private void measured(String what, double bound, String unit, Key key, Metric metric) {
        goals.add(new Goal(what, bound, unit, results.median(key.by(FLOOR), metric), results.median(key, metric)));
    }

    private void add(String what, double bound, String unit, Optional<Double> figure) {
        goals.add(new Goal(what, bound, unit, Optional.empty(), figure));
    }
}
