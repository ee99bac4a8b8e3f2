package io.tidewire.app.cost;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.management.JMException;
import javax.management.ObjectName;

/** Counts of all live objects by class, one after the other. Where they are kept does not change what the next one counts. */
final class HeapCensus {
    /** What the collector closes holes with. */
    private static final String FILLER = "[Ljdk.internal.vm.FillerElement;";

    private final byte[][] counts;
    private int taken;

    /** With room for so many. */
    HeapCensus(int room) {
        counts = new byte[room][1 << 20];
    }

    /** Objects of one class. */
    record Count(double objects, double bytes) {
        private static final Count NONE = new Count(0, 0);

        private Count plus(Count other) {
            return new Count(objects + other.objects, bytes + other.bytes);
        }

        private Count minus(Count other) {
            return new Count(objects - other.objects, bytes - other.bytes);
        }

        private Count dividedBy(int parts) {
            return new Count(objects / parts, bytes / parts);
        }
    }

    /** What one more of something has brought, by class. */
    record Growth(Map<String, Count> classes) {
        private static final int SHOWN = 40;

        /** Halves are of what happened besides, or of tables that have grown for many. */
        long objects() {
            return classes.values().stream()
                    .mapToLong(count -> Math.round(count.objects))
                    .sum();
        }

        long bytes() {
            return Math.round(
                    classes.values().stream().mapToDouble(Count::bytes).sum());
        }

        Growth without(Growth other) {
            return new Growth(merge(classes, other.classes, Count::minus));
        }

        @Override
        public String toString() {
            return objects() + " objects, " + bytes() + " bytes, most of them:\n"
                    + classes.entrySet().stream()
                            .sorted(Comparator.comparingDouble(entry -> -entry.getValue().bytes))
                            .limit(SHOWN)
                            .map(entry -> "%7.2f %8.1f  %s"
                                    .formatted(entry.getValue().objects, entry.getValue().bytes, entry.getKey()))
                            .collect(Collectors.joining("\n"));
        }
    }

    /** Collects all garbage and counts the rest. */
    @SuppressWarnings("deprecation") // names of classes are ASCII
    void take() {
        String text = histogram();
        text.getBytes(0, text.length(), counts[taken++], 0);
    }

    private static String histogram() {
        try {
            return (String) ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "gcClassHistogram",
                            new Object[] {new String[0]},
                            new String[] {String[].class.getName()});
        } catch (JMException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /**
     * What each of so many things brought that came between one count and the next: of each class the median of all steps. What happens
     * besides happens once, and may add or, where something of a test before this one is collected at last, take away.
     */
    Growth growth(int each) {
        Map<String, List<Count>> steps = new TreeMap<>();
        for (int i = 1; i < taken; i++) {
            step(i, each)
                    .forEach((name, count) ->
                            steps.computeIfAbsent(name, _ -> new ArrayList<>()).add(count));
        }
        Map<String, Count> growth = new TreeMap<>();
        steps.forEach((name, counts) -> {
            while (counts.size() < taken - 1) {
                counts.add(Count.NONE); // a class that only some counts have seen
            }
            counts.sort(Comparator.comparingDouble(Count::bytes));
            growth.put(name, counts.get((counts.size() - 1) / 2));
        });
        return new Growth(growth);
    }

    private Map<String, Count> step(int to, int each) {
        Map<String, Count> step = merge(parse(counts[to]), parse(counts[to - 1]), Count::minus);
        step.replaceAll((_, count) -> count.dividedBy(each));
        return step;
    }

    private interface Both {
        Count of(Count a, Count b);
    }

    private static Map<String, Count> merge(Map<String, Count> a, Map<String, Count> b, Both what) {
        var merged = new TreeMap<String, Count>();
        a.forEach((name, count) -> merged.put(name, what.of(count, b.getOrDefault(name, Count.NONE))));
        b.forEach((name, count) -> merged.putIfAbsent(name, what.of(Count.NONE, count)));
        return merged;
    }

    /** Lines of a number with a colon, objects, bytes, the name of the class, and perhaps its module. */
    private static Map<String, Count> parse(byte[] histogram) {
        return new String(histogram, US_ASCII)
                .lines()
                .map(line -> line.trim().split("\\s+", 5))
                .filter(words -> words.length > 3 && words[0].endsWith(":") && !words[3].equals(FILLER))
                .collect(Collectors.toMap(
                        words -> words[3],
                        words -> new Count(Double.parseDouble(words[1]), Double.parseDouble(words[2])),
                        Count::plus));
    }
}
