package io.tidewire.bench.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.bench.line.Line;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    private final List<Line> lines = new ArrayList<>();

    @Test
    void aTableHasMediansRangesAndRatios() {
        broadcast("floor", 6.0, 6.2, 5.9, 6.1, 6.0);
        broadcast("tidewire", 6.6, 6.3, 6.5, 6.4, 6.9);
        broadcast("bun", 6.5, 6.6, 6.7, 6.8, 6.9);

        Report report = Report.of(lines);

        assertThat(report.text())
                .contains(
                        "| tidewire | 6.50 (6.30–6.90) | 1.00 | 1.08 (1.02–1.15) | 9.00 (9.00–9.00) | 12.00 | 15.00 | 132 | 1.00 |")
                .contains("| broadcast: CPU per delivery, of the floor's | 1.10 × | – | 1.08 × | reached |")
                .contains("| broadcast: user CPU per delivery | 0.80 µs | – | 1.00 µs | **not reached** |")
                .contains("charts/broadcast-128.svg")
                .doesNotContain("Fewer than five rounds");
        assertThat(report.disqualified()).isEmpty();
    }

    @Test
    void oneWindowThatLostAMessageDisqualifies() {
        broadcast("floor", 6, 6, 6, 6, 6);
        broadcast("tidewire", 6, 6, 6, 6, 6);
        lines.add(window("broadcast", "tidewire", 6, 5.0).and(Line.of("exact", "no", "delivered", "239999")));

        Report report = Report.of(lines);

        assertThat(report.disqualified()).containsExactly("tidewire in broadcast 128");
        assertThat(report.text())
                .contains(
                        "| tidewire | **DISQUALIFIED**: 1 of 6 windows lost, repeated or refused messages; 1439999/1440000")
                .doesNotContain("of the floor's");
        assertThat(report.charts().get("broadcast-128.svg")).doesNotContain(">tidewire<");
    }

    @Test
    void onlyAWholeRunMayBePublished() {
        broadcast("floor", 6.0, 6.2, 6.1, 6.0, 6.0);
        assertThat(Report.of(lines).mayBePublished()).isFalse();
        assertThat(Report.of(lines).text()).contains("A run that was stopped");

        lines.add(Line.of("workload", "end"));
        assertThat(Report.of(lines).mayBePublished()).isTrue();
        assertThat(Report.of(lines).text()).doesNotContain("A run that was stopped");

        lines.add(Line.of("workload", "machine", "quick", "true", "text", "a machine"));
        assertThat(Report.of(lines).mayBePublished()).isFalse();
    }

    @Test
    void aGoalBelowTheFloorIsToldApart() {
        broadcast("floor", 6.0);
        broadcast("tidewire", 6.3);
        broadcast("bun", 6.2);
        broadcast("nchan", 7.5);

        assertThat(Report.of(lines).text())
                .contains("| broadcast: of Bun's | 1.00 × | 0.97 × | 1.02 × | **not reached** |")
                .contains("| broadcast: of nchan's | 0.75 × | 0.80 × | 0.84 × | below the floor |");
    }

    @Test
    void aWindowThatLostSomethingOnABusyMachineDoesNotCount() {
        broadcast("floor", 6, 6, 6, 6, 6);
        broadcast("tidewire", 6, 6, 6, 6, 6);
        lines.add(window("broadcast", "tidewire", 6, 5.0).and(Line.of("exact", "no", "late_max", "900000")));

        Report report = Report.of(lines);

        assertThat(report.disqualified()).isEmpty();
        assertThat(report.text())
                .contains("was not quiet and something was lost in them**: tidewire in broadcast 128")
                .contains("Not to quote from this run: it was stopped, the machine was not quiet.");
    }

    @Test
    void withoutTheFloorOrAnybodyThereIsNoMeasurement() {
        assertThat(Report.of(lines).nothing())
                .hasValueSatisfying(why -> assertThat(why).contains("every contestant"));

        broadcast("floor", 6.0);
        assertThat(Report.of(lines).nothing()).isEmpty();

        lines.add(Line.of("workload", "out", "variant", "peers", "contestant", "floor", "text", "floor has ended"));
        assertThat(Report.of(lines).nothing())
                .hasValueSatisfying(why -> assertThat(why).contains("the floor is out"));
    }

    @Test
    void fewRoundsAreNoFigureToQuote() {
        broadcast("floor", 6.0, 6.2);

        assertThat(Report.of(lines).text()).contains("Fewer than five rounds");
    }

    @Test
    void aMachineThatIsNotQuietIsTold() {
        broadcast("floor", 6, 6, 6, 6, 6);
        assertThat(Report.of(lines).text()).doesNotContain("Not a quiet machine");

        lines.add(window("broadcast", "floor", 6, 6.0).and("cpu_busy", 2_400_000));

        assertThat(Report.of(lines).text()).contains("**Not a quiet machine**: other work took up to 23 %");
    }

    @Test
    void whoFallsBehindIsNamed() {
        broadcast("floor", 6, 6, 6, 6, 6);
        for (int round = 1; round <= 5; round++) {
            lines.add(window("broadcast", "ws", round, 12).and("took", 6_500_000));
        }

        assertThat(Report.of(lines).text()).contains("at its limit: ws.");
    }

    @Test
    void whoIsMissingOrDroppedOutIsNamed() {
        lines.add(Line.of("workload", "missing", "contestant", "bun", "text", "not installed: bench/peers"));
        lines.add(Line.of("workload", "out", "variant", "peers", "contestant", "ws", "text", "ws has ended: no"));

        assertThat(Report.of(lines).text())
                .contains("- bun did not take part: not installed: bench/peers")
                .contains("- **ws dropped out of peers**: ws has ended: no");
    }

    @Test
    void memoryIsPerConnection() {
        lines.add(Line.parse("workload=idle variant=idle contestant=tidewire round=1 clients=1000 rss_before=100000000"
                + " rss_end=104096000 rss_collected=103072000 heap_before=20000000 heap_after=22048000"
                + " cpu_begin=1000000 cpu_end=1050000 at_begin=5000000 at_end=15000000"));

        lines.add(Line.parse("workload=idle variant=idle contestant=floor round=1 clients=1000 rss_before=1000000"
                + " rss_end=1000000 cpu_begin=0 cpu_end=20000 at_begin=5000000 at_end=15000000"));

        assertThat(Report.of(lines).text())
                .contains(
                        "| idle, tidewire: CPU of keep-alives | 1.00 % of a core | 0.20 % of a core | 0.50 % of a core | reached |")
                .contains("| tidewire | 4.0 | 3.0 | 2.00 | 0.50 | 1000 |")
                .contains("| idle, tidewire: live heap per connection | 2.50 KiB | – | 2.00 KiB | reached |")
                .contains("| idle connections in a GiB, tidewire | 260,000 in all | 1,000 | 260 |");
    }

    @Test
    void clientsThatFailedDisqualify() {
        lines.add(
                Line.parse(
                        "workload=connect variant=bare contestant=bun round=1 wanted=10 done=9 failed=1 cpu=200 user=100 system=100"));

        assertThat(Report.of(lines).text()).contains("| bare upgrade | bun | **DISQUALIFIED**");
    }

    @Test
    void chartsAreXmlAndHaveARangeAndTheFloor() throws Exception {
        broadcast("floor", 6.0, 6.2, 5.9, 6.1, 6.0);
        broadcast("tidewire", 6.6, 6.3, 6.5, 6.4, 6.9);

        String svg = String.valueOf(Report.of(lines).charts().get("broadcast-128.svg"));

        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream(svg.getBytes(UTF_8)));
        assertThat(svg.split("class=\"whisker\"", -1)).hasSize(3);
        assertThat(svg).contains("class=\"line\"").contains("prefers-color-scheme: dark");
    }

    @Test
    void stepsOfAnAxisAreRound() {
        assertThat(Chart.step(0.7)).isEqualTo(1);
        assertThat(Chart.step(1.3)).isEqualTo(2);
        assertThat(Chart.step(23)).isEqualTo(50);
        assertThat(Chart.step(0.03)).isEqualTo(0.05);
    }

    @Test
    void chartsOfAnEarlierRunGo(@TempDir Path directory) throws Exception {
        Path old = Files.createDirectories(directory.resolve("charts")).resolve("old.svg");
        Files.writeString(old, "<svg/>");
        broadcast("floor", 6.0);

        Report.of(lines).write(directory);

        assertThat(old).doesNotExist();
        assertThat(directory.resolve("charts/broadcast-128.svg")).exists();
        assertThat(directory.resolve("report.md")).content().startsWith("# What Tidewire costs");
    }

    private void broadcast(String contestant, double... micros) {
        for (int round = 1; round <= micros.length; round++) {
            lines.add(window("broadcast", contestant, round, micros[round - 1]));
        }
    }

    /** As the load answers: 4,000 clients, 60 messages, a microsecond of each delivery outside the kernel. */
    private static Line window(String workload, String contestant, int round, double micros) {
        long deliveries = 240_000;
        return Line.parse(
                ("workload=%s variant=128 contestant=%s round=%d clients=4000 rate=15 seconds=4.0 published=60 accepted=60"
                                + " expected=%d delivered=%d exact=yes bytes=%d reads=%d took=4010000 cpu=%d user=%d system=%d elapsed=4200000"
                                + " cpu_busy=%d load_cpu=900000 late_max=900 latency_p50=9000 latency_p99=12000 latency_p999=15000")
                        .formatted(
                                workload,
                                contestant,
                                round,
                                deliveries,
                                deliveries,
                                132 * deliveries,
                                deliveries,
                                Math.round(deliveries * micros),
                                deliveries,
                                Math.round(deliveries * (micros - 1)),
                                Math.round(deliveries * micros)));
    }
}
