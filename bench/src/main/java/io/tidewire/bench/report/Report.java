package io.tidewire.bench.report;

import io.tidewire.bench.line.Line;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A run as a page of Markdown and its charts.
 *
 * @param charts SVG by file name
 * @param disqualified who lost, repeated or refused messages, and where
 * @param mayBePublished whether the run was not a quick one and came to its end
 * @param nothing why this is no measurement at all, where it is none
 */
public record Report(
        String text,
        Map<String, String> charts,
        Set<String> disqualified,
        boolean mayBePublished,
        Optional<String> nothing) {
    public Report {
        charts = Map.copyOf(charts);
        disqualified = Set.copyOf(disqualified);
    }

    /** From the lines of a run, whole or not. */
    public static Report of(List<Line> lines) {
        Results results = new Results(lines);
        Map<String, String> charts = new LinkedHashMap<>();
        String text = new Page(results, charts).text();
        return new Report(text, charts, results.disqualified(), !results.quick() && results.whole(), results.nothing());
    }

    /** To {@code report.md} and {@code charts/} there; charts of earlier runs go. */
    public void write(Path directory) throws IOException {
        Path folder = Files.createDirectories(directory.resolve("charts"));
        try (var old = Files.newDirectoryStream(folder, "*.svg")) {
            for (Path chart : old) {
                Files.delete(chart);
            }
        }
        Files.writeString(directory.resolve("report.md"), text);
        for (Map.Entry<String, String> chart : charts.entrySet()) {
            Files.writeString(folder.resolve(chart.getKey()), chart.getValue());
        }
    }
}
