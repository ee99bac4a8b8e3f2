package io.tidewire.bench.report;

import io.tidewire.bench.line.Line;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;

/** The recorded windows of a run, by what they are about. */
final class Results {
    /** Above these the machine was not quiet: percent of the servers' CPU that others took, and milliseconds that a message left late. */
    private static final double CROWD = 10;

    private static final double LATE = 10;

    /** Percent of its CPU: beyond that it is the load that cannot keep up. */
    private static final double LOADED = 97;

    private final List<Line> lines;
    private final Map<Key, List<Line>> windows = new LinkedHashMap<>();
    private final List<String> setAside = new ArrayList<>();

    Results(List<Line> lines) {
        this.lines = List.copyOf(lines);
        for (Line line : lines) {
            if (line.has("round") && inexact(line) && !quiet(line)) {
                setAside.add(
                        "%s in %s %s".formatted(line.word("contestant"), line.word("workload"), line.word("variant")));
            } else if (line.has("round")) {
                windows.computeIfAbsent(Key.of(line), key -> new ArrayList<>()).add(line);
            }
        }
    }

    /** Lines that are no windows, such as {@code about}. */
    List<Line> notes(String kind) {
        return lines.stream().filter(line -> line.word("workload").equals(kind)).toList();
    }

    /** Whether anything was measured of it. */
    boolean tookPart(String contestant) {
        return windows.keySet().stream().anyMatch(key -> key.contestant().equals(contestant));
    }

    /** Why there is nothing to compare, where that is so. */
    Optional<String> nothing() {
        if (windows.isEmpty()) {
            return Optional.of("nothing was measured: every contestant is out");
        }
        boolean floorIsOut =
                notes("out").stream().anyMatch(line -> line.word("contestant").equals("floor"));
        return floorIsOut ? Optional.of("the floor is out, so there is nothing to measure by") : Optional.empty();
    }

    /** In the order in which they were measured. */
    List<String> variants(String workload) {
        Set<String> variants = new LinkedHashSet<>();
        for (Key key : windows.keySet()) {
            if (key.workload().equals(workload)) {
                variants.add(key.variant());
            }
        }
        return List.copyOf(variants);
    }

    List<Key> keys(String workload, String variant) {
        return windows.keySet().stream()
                .filter(key -> key.workload().equals(workload) && key.variant().equals(variant))
                .toList();
    }

    List<Line> windows(Key key) {
        return windows.getOrDefault(key, List.of());
    }

    int rounds(Key key) {
        return windows(key).size();
    }

    /** Whether one of its windows lost, repeated or refused something. It is not fast then: it did less. */
    boolean disqualified(Key key) {
        return windows(key).stream().anyMatch(Results::inexact);
    }

    /** Windows in which something was lost while the machine was not quiet: whose fault that was they do not tell, so they do not count. */
    List<String> setAside() {
        return List.copyOf(setAside);
    }

    boolean quiet() {
        return setAside.isEmpty() && most(Metric.OTHERS) <= CROWD && most(Metric.LATE) <= LATE;
    }

    boolean quick() {
        return notes("machine").stream().anyMatch(line -> line.word("quick").equals("true"));
    }

    /** Whether the run came to its end. */
    boolean whole() {
        return !notes("end").isEmpty();
    }

    private static boolean quiet(Line window) {
        return !window.has("cpu_busy")
                || (Metric.OTHERS.of(window).orElse(0) <= CROWD
                        && Metric.LATE.of(window).orElse(0) <= LATE
                        && Metric.LOAD.of(window).orElse(0) <= LOADED);
    }

    static boolean inexact(Line window) {
        boolean counted = window.has("exact") && !window.word("exact").equals("yes");
        boolean missed = window.has("failed") && window.number("failed") > 0;
        return counted || missed;
    }

    Set<String> disqualified() {
        Set<String> names = new TreeSet<>();
        windows.keySet().stream()
                .filter(this::disqualified)
                .forEach(key -> names.add(key.contestant() + " in " + key.workload() + " " + key.variant()));
        return names;
    }

    /** Over the rounds of what is not disqualified. */
    Optional<Spread> spread(Key key, Metric metric) {
        if (disqualified(key)) {
            return Optional.empty();
        }
        double[] values = windows(key).stream()
                .map(metric::of)
                .filter(OptionalDouble::isPresent)
                .mapToDouble(OptionalDouble::getAsDouble)
                .toArray();
        return values.length == 0 ? Optional.empty() : Optional.of(Spread.of(values));
    }

    Optional<Double> median(Key key, Metric metric) {
        return spread(key, metric).map(Spread::median);
    }

    /**
     * Microseconds outside the kernel, for what the windows are about: all rounds together, as the kernel tells this part in steps of ten
     * milliseconds.
     */
    Optional<Double> user(Key key) {
        if (disqualified(key)) {
            return Optional.empty();
        }
        double user =
                windows(key).stream().mapToDouble(line -> line.number("user")).sum();
        double count = windows(key).stream().mapToDouble(Metric::count).sum();
        return count > 0 ? Optional.of(user / count) : Optional.empty();
    }

    /** One to the other: the ratio of the medians, and how far those of the single rounds lie apart. */
    Optional<Spread> ratio(Key key, Key base, Metric metric) {
        Optional<Double> mine = median(key, metric);
        Optional<Double> its = median(base, metric);
        if (mine.isEmpty() || its.isEmpty() || its.get() <= 0) {
            return Optional.empty();
        }
        double median = mine.get() / its.get();
        double[] byRound = byRound(key, base, metric);
        return byRound.length == 0
                ? Optional.of(new Spread(median, median, median, 1))
                : Optional.of(new Spread(
                        median, Spread.of(byRound).least(), Spread.of(byRound).most(), byRound.length));
    }

    private double[] byRound(Key key, Key base, Metric metric) {
        Map<String, Double> bases = new HashMap<>();
        for (Line line : windows(base)) {
            metric.of(line).ifPresent(value -> bases.put(line.word("round"), value));
        }
        return windows(key).stream()
                .filter(line -> bases.getOrDefault(line.word("round"), 0.0) > 0)
                .mapToDouble(line -> metric.of(line).orElse(Double.NaN) / bases.getOrDefault(line.word("round"), 1.0))
                .filter(value -> !Double.isNaN(value))
                .toArray();
    }

    /** The worst of all windows. */
    double most(Metric metric) {
        return windows.values().stream()
                .flatMap(List::stream)
                .filter(line -> line.has("cpu_busy"))
                .map(metric::of)
                .filter(OptionalDouble::isPresent)
                .map(OptionalDouble::getAsDouble)
                .max(Comparator.naturalOrder())
                .orElse(0.0);
    }

    Optional<Line> only(Key key) {
        return windows(key).stream().findFirst();
    }
}
