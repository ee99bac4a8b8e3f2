package io.tidewire.bench.report;

import io.tidewire.bench.line.Line;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Writes the page: what was measured, a section for each workload that was, goals and capacity. */
final class Page {
    private static final String FLOOR = "floor";
    private static final int QUOTABLE_ROUNDS = 5;

    private final Results results;
    private final Map<String, String> charts;
    private final StringBuilder text = new StringBuilder();

    /**
     * Nothing written yet.
     *
     * @param charts gets the charts that the page shows
     */
    Page(Results results, Map<String, String> charts) {
        this.results = results;
        this.charts = charts;
    }

    String text() {
        head();
        goals();
        deliveries(
                "broadcast",
                "128",
                "Broadcast, 128 bytes",
                "A message by REST to all clients, each in a write of its own.");
        deliveries(
                "broadcast",
                "128-node",
                "Broadcast, 128 bytes, beside servers on Node.js",
                "In turns of their own, as more servers at once are dearer for all.");
        deliveries(
                "forms",
                "signalr",
                "Broadcast, 128 bytes, to each form of SignalR client",
                "The same message to clients of each protocol.");
        deliveries(
                "forms",
                "webpubsub",
                "Broadcast, 128 bytes, to each form of Web PubSub client",
                "The same message to clients of each protocol.");
        deliveries("broadcast", "2048", "Broadcast, 2 KB", "The same with 2,048 bytes.");
        deliveries(
                "burst",
                "128",
                "Bursts of sixteen",
                "Sixteen requests at once. The floor knows that they come, and writes once.");
        for (String variant : results.variants("echo")) {
            deliveries(
                    "echo",
                    variant,
                    "Echo, " + variant + " a second",
                    "A client sends to a group of its own and gets it back. CPU is for the round trip.");
        }
        deliveries(
                "groups",
                "128",
                "Groups of ten",
                "A message by REST for one group of ten; the call's own cost is in its deliveries.");
        calls();
        connects();
        idle();
        start();
        capacity();
        foot();
        return text.toString();
    }

    private void head() {
        text.append("# What Tidewire costs\n\n");
        for (Line line : results.notes("machine")) {
            text.append(line.word("text")).append('\n');
            if (line.word("quick").equals("true")) {
                text.append("\n**A quick run: to check a change, not to quote.**\n");
            }
        }
        if (!results.whole()) {
            text.append("\n**A run that was stopped before its end.**\n");
        }
        text.append(
                "\nServers on CPU 0, load on CPU 1, loopback, no TLS, no compression. CPU is user and system time of all the server's"
                        + " threads. Medians of the rounds, in brackets their range; compare within a table, where contestants took"
                        + " turns, and never across runs. [How it is measured](README.md).\n\n");
        for (Line line : results.notes("about")) {
            if (!results.tookPart(line.word("contestant"))) {
                continue;
            }
            text.append("- **")
                    .append(line.word("contestant"))
                    .append("**: ")
                    .append(line.word("text"))
                    .append('\n');
        }
        for (Line line : results.notes("missing")) {
            text.append("- ")
                    .append(line.word("contestant"))
                    .append(" did not take part: ")
                    .append(line.word("text"))
                    .append('\n');
        }
        for (Line line : results.notes("out")) {
            text.append("- **%s dropped out of %s**: %s\n"
                    .formatted(line.word("contestant"), line.word("variant"), line.word("text")));
        }
        if (!results.setAside().isEmpty()) {
            text.append(
                    "- **Windows that do not count, as the machine was not quiet and something was lost in them**: %s\n"
                            .formatted(String.join(", ", results.setAside())));
        }
        double crowd = results.most(Metric.OTHERS);
        double late = results.most(Metric.LATE);
        if (!results.quiet()) {
            text.append(String.format(
                    Locale.ROOT,
                    "\n**Not a quiet machine**: other work took up to %.0f %% of the servers' CPU in a window, and a message left up to"
                            + " %.0f ms late. Believe no single window, and the medians with care.\n",
                    crowd,
                    late));
        }
        text.append('\n');
    }

    private void goals() {
        Table table = new Table("goal", "at most", "the floor", "this run", "");
        List<Goals.Goal> measured = Goals.of(results).stream()
                .filter(goal -> goal.figure().isPresent())
                .toList();
        for (Goals.Goal goal : measured) {
            double figure = goal.figure().orElseThrow();
            table.row(
                    goal.what(),
                    Spread.number(goal.bound(), decimals(goal.bound())) + " " + goal.unit(),
                    goal.floor()
                            .map(floor -> Spread.number(floor, decimals(floor)) + " " + goal.unit())
                            .orElse("–"),
                    Spread.number(figure, decimals(figure)) + " " + goal.unit(),
                    goal.verdict());
        }
        section("Goals", distrust(), table);
        long reached = measured.stream()
                .filter(goal -> goal.verdict().equals("reached"))
                .count();
        if (!measured.isEmpty()) {
            text.append(
                    "%d of %d reached. *Below the floor*: the floor itself misses it in this run, so that nobody could reach it.\n\n"
                            .formatted(reached, measured.size()));
        }
    }

    private static int decimals(double value) {
        return value >= 20 ? 0 : 2;
    }

    private void deliveries(String workload, String variant, String title, String about) {
        List<Key> keys = results.keys(workload, variant);
        if (keys.isEmpty()) {
            return;
        }
        Key floor = new Key(workload, variant, FLOOR);
        Table table = new Table(
                "contestant",
                workload.equals("echo") ? "CPU µs per round trip" : "CPU µs per delivery",
                "user µs",
                "× floor",
                "p50 ms",
                "p99 ms",
                "p99.9 ms",
                "frame bytes",
                "messages per read",
                "server CPU %",
                "rounds");
        for (Key key : keys) {
            if (results.disqualified(key)) {
                disqualified(table, key);
                continue;
            }
            table.row(
                    key.contestant(),
                    shown(key, Metric.CPU, 2),
                    user(key, 2),
                    results.ratio(key, floor, Metric.CPU)
                            .map(ratio -> ratio.text(2))
                            .orElse("–"),
                    shown(key, Metric.P50, 2),
                    median(key, Metric.P99, 2),
                    median(key, Metric.P999, 2),
                    median(key, Metric.BYTES, 0),
                    median(key, Metric.READ, 2),
                    median(key, Metric.BUSY, 0),
                    Integer.toString(results.rounds(key)));
        }
        section(title, table);
        Line one = results.windows(keys.getFirst()).getFirst();
        text.append(about)
                .append(String.format(
                        Locale.ROOT,
                        " %s clients, %s a second, windows of %s s.%n",
                        one.word("clients"),
                        Spread.number(one.number("rate"), 0),
                        one.word("seconds")));
        rounds(keys);
        behind(keys);
        chart(workload + "-" + variant, title + ": CPU per delivery", keys, floor);
    }

    private void disqualified(Table table, Key key) {
        List<Line> windows = results.windows(key);
        long bad = windows.stream().filter(Results::inexact).count();
        double delivered = windows.stream()
                .mapToDouble(line -> line.find("delivered").orElse(0))
                .sum();
        double expected = windows.stream()
                .mapToDouble(line -> line.find("expected").orElse(0))
                .sum();
        table.row(
                key.contestant(),
                String.format(
                        Locale.ROOT,
                        "**DISQUALIFIED**: %d of %d windows lost, repeated or refused messages; %.0f/%.0f delivered",
                        bad,
                        windows.size(),
                        delivered,
                        expected));
    }

    private void rounds(List<Key> keys) {
        int rounds = keys.stream().mapToInt(results::rounds).min().orElse(0);
        if (rounds < QUOTABLE_ROUNDS) {
            text.append("Fewer than five rounds: an indication, not a figure to quote.\n");
        }
    }

    /** With a backlog, a server may put several messages into one write: its CPU is then not that of single messages. */
    private void behind(List<Key> keys) {
        List<String> names = keys.stream()
                .filter(key -> results.median(key, Metric.TOOK).orElse(0.0)
                        > results.windows(key).getFirst().number("seconds") * 1.05 + 0.1)
                .map(Key::contestant)
                .toList();
        if (!names.isEmpty()) {
            text.append("Behind, as the server or the load was at its limit: ")
                    .append(String.join(", ", names))
                    .append(".\n");
        }
    }

    private void calls() {
        List<String> variants = results.variants("rest");
        if (variants.isEmpty()) {
            return;
        }
        Table table = new Table(
                "to, a second",
                "contestant",
                "CPU µs per call",
                "user µs",
                "× floor",
                "p50 ms",
                "p99 ms",
                "p99.9 ms",
                "server CPU %",
                "rounds");
        List<LatencyChart.Row> rows = new ArrayList<>();
        List<Key> all = new ArrayList<>();
        for (String variant : variants) {
            Key floor = new Key("rest", variant, FLOOR);
            for (Key key : results.keys("rest", variant)) {
                all.add(key);
                String shown = variant.replace('-', ' ');
                if (results.disqualified(key)) {
                    table.row(shown, key.contestant(), "**DISQUALIFIED**: lost, repeated or refused messages");
                    continue;
                }
                table.row(
                        shown,
                        key.contestant(),
                        shown(key, Metric.CPU, 1),
                        user(key, 1),
                        results.ratio(key, floor, Metric.CPU)
                                .map(ratio -> ratio.text(1))
                                .orElse("–"),
                        shown(key, Metric.P50, 3),
                        median(key, Metric.P99, 2),
                        median(key, Metric.P999, 2),
                        median(key, Metric.BUSY, 0),
                        Integer.toString(results.rounds(key)));
                results.median(key, Metric.P50)
                        .ifPresent(p50 -> rows.add(new LatencyChart.Row(
                                key.contestant() + ", " + shown,
                                p50,
                                results.median(key, Metric.P99).orElse(p50),
                                results.median(key, Metric.P999).orElse(p50))));
            }
        }
        section("REST: a message for one", table);
        text.append(
                "HTTP requests on kept connections with a checked token, each causing one delivery of 128 bytes; latency from the intended"
                        + " time of the request to the delivery.\n");
        rounds(all);
        picture(
                "rest-latency",
                "REST: from the intended time to the delivery",
                new LatencyChart("REST to one client: latency", rows).svg());
    }

    private void connects() {
        List<String> variants = results.variants("connect");
        if (variants.isEmpty()) {
            return;
        }
        Table table = new Table("way", "contestant", "CPU µs per client", "user µs", "p50 ms", "p99 ms", "rounds");
        List<Chart.Bar> bars = new ArrayList<>();
        List<Key> all = new ArrayList<>();
        for (String variant : variants) {
            for (Key key : results.keys("connect", variant)) {
                all.add(key);
                if (results.disqualified(key)) {
                    table.row(way(variant), key.contestant(), "**DISQUALIFIED**: clients were refused or lost");
                    continue;
                }
                table.row(
                        way(variant),
                        key.contestant(),
                        shown(key, Metric.CPU, 0),
                        user(key, 0),
                        median(key, Metric.P50, 2),
                        median(key, Metric.P99, 2),
                        Integer.toString(results.rounds(key)));
                bar(key).ifPresent(bar ->
                        bars.add(new Chart.Bar(key.contestant() + ", " + variant, bar.value(), bar.part())));
            }
        }
        section("Coming and going", table);
        text.append(
                "A client comes, is there, and goes with a close frame; its CPU is for all of it. Storms have 64 on their way at a time.\n");
        rounds(all);
        picture(
                "connect",
                "CPU per client that comes and goes",
                new Chart(
                                "Coming and going: CPU per client",
                                "µs",
                                bars,
                                OptionalDouble.empty(),
                                "dark: the server itself, pale: the kernel for it")
                        .svg());
    }

    private static String way(String variant) {
        return switch (variant) {
            case "bare" -> "bare upgrade";
            case "token" -> "upgrade with a token";
            case "negotiated" -> "negotiate, token, upgrade, handshake";
            case "cold" -> "the same, first thousand of a fresh server";
            case "churn" -> "the same, 500 a second";
            default -> variant;
        };
    }

    private void idle() {
        List<Key> keys = results.keys("idle", "idle");
        if (keys.isEmpty()) {
            return;
        }
        Table table = new Table(
                "contestant",
                "RSS KiB per connection",
                "after a collection",
                "live heap KiB",
                "idle CPU %",
                "connections");
        List<Chart.Bar> bars = new ArrayList<>();
        for (Key key : keys) {
            Line line = results.windows(key).getFirst();
            Memory memory = Memory.of(line);
            table.row(
                    key.contestant(),
                    Spread.number(memory.residentKib(), 1),
                    memory.collectedKib().map(kib -> Spread.number(kib, 1)).orElse("–"),
                    memory.heapKib().map(kib -> Spread.number(kib, 2)).orElse("–"),
                    Spread.number(memory.idlePercent(), 2),
                    line.word("clients"));
            bars.add(new Chart.Bar(
                    key.contestant(),
                    Spread.of(memory.residentKib()),
                    memory.heapKib().map(OptionalDouble::of).orElse(OptionalDouble.empty())));
        }
        section("Idle connections", table);
        text.append(
                "RSS is the growth of resident memory from a server that has had its first thousand clients to one that has kept all of"
                        + " these for some seconds; what the kernel keeps for a socket is not in it. One measurement each.\n");
        picture(
                "idle",
                "Memory per idle connection",
                new Chart(
                                "Memory per idle connection",
                                "KiB of resident memory",
                                bars,
                                OptionalDouble.empty(),
                                "dark: live heap")
                        .svg());
    }

    private void start() {
        List<String> variants = results.variants("start");
        if (variants.isEmpty()) {
            return;
        }
        Table table = new Table("./tidewire serve", "ms to ready", "rounds");
        for (String variant : variants) {
            Key key = new Key("start", variant, "tidewire");
            table.row(
                    variant.equals("cache") ? "with the start-up cache" : "without",
                    shown(key, Metric.READY, 0),
                    Integer.toString(results.rounds(key)));
        }
        section("Start", table);
        text.append("From the command, through the launcher, on all CPUs, to the first answer of /readyz.\n");
    }

    private void capacity() {
        Table table = Capacity.table(results);
        section("What that is good for", distrust(), table);
        if (!table.isEmpty()) {
            text.append(
                    "Units are those of the cloud services' performance guides (messages of 2 KB; up to 1,000 connections each). Loopback"
                            + " makes a server pay for its receivers' half of TCP, which a network does not; a network has costs of its own. Many"
                            + " cores are not measured here: a core more is no more than a core more.\n");
        }
    }

    private void foot() {
        Table table = new Table("stage", "planned s", "took s");
        for (Line line : results.notes("run")) {
            table.row(line.word("stage"), line.word("estimate"), line.word("took"));
        }
        section("The run", table);
        text.append(String.format(
                Locale.ROOT,
                "The load was at most %.0f %% busy; other work took at most %.1f %% of the servers' CPU in a window; a message left at most"
                        + " %.1f ms late.%n",
                results.most(Metric.LOAD),
                results.most(Metric.OTHERS),
                results.most(Metric.LATE)));
    }

    private void section(String title, Table table) {
        section(title, "", table);
    }

    private void section(String title, String before, Table table) {
        if (!table.isEmpty()) {
            text.append("\n## ")
                    .append(title)
                    .append("\n\n")
                    .append(before)
                    .append(table)
                    .append('\n');
        }
    }

    /** Above what others might quote. */
    private String distrust() {
        List<String> why = new ArrayList<>();
        if (results.quick()) {
            why.add("it was a quick one");
        }
        if (!results.whole()) {
            why.add("it was stopped");
        }
        if (!results.quiet()) {
            why.add("the machine was not quiet");
        }
        return why.isEmpty() ? "" : "**Not to quote from this run: " + String.join(", ", why) + ".**\n\n";
    }

    private void chart(String name, String title, List<Key> keys, Key floor) {
        List<Chart.Bar> bars = keys.stream().flatMap(key -> bar(key).stream()).toList();
        OptionalDouble line =
                results.median(floor, Metric.CPU).map(OptionalDouble::of).orElse(OptionalDouble.empty());
        picture(
                name,
                title,
                new Chart(
                                title,
                                "µs",
                                bars,
                                line,
                                "dark: the server itself, pale: the kernel for it; dashed: the floor")
                        .svg());
    }

    private Optional<Chart.Bar> bar(Key key) {
        OptionalDouble user = results.user(key).map(OptionalDouble::of).orElse(OptionalDouble.empty());
        return results.spread(key, Metric.CPU).map(cpu -> new Chart.Bar(key.contestant(), cpu, user));
    }

    private void picture(String name, String title, String svg) {
        charts.put(name + ".svg", svg);
        text.append("\n![%s](charts/%s.svg)\n".formatted(title, name));
    }

    private String shown(Key key, Metric metric, int decimals) {
        return results.spread(key, metric).map(spread -> spread.text(decimals)).orElse("–");
    }

    private String user(Key key, int decimals) {
        return results.user(key).map(value -> Spread.number(value, decimals)).orElse("–");
    }

    private String median(Key key, Metric metric, int decimals) {
        return results.median(key, metric)
                .map(value -> Spread.number(value, decimals))
                .orElse("–");
    }
}
