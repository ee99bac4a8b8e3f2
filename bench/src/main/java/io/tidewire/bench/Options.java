package io.tidewire.bench;

import io.tidewire.bench.contestant.Contestants;
import io.tidewire.bench.stage.Workload;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * The command line.
 *
 * @param workloads all where there are none
 * @param contestants by name; all where there are none
 * @param publish whether the report becomes the one in the repository
 * @param reportOnly write the report again from the lines of the last run
 */
record Options(
        Set<Workload> workloads,
        boolean quick,
        Set<String> contestants,
        OptionalInt rounds,
        OptionalDouble seconds,
        OptionalInt clients,
        boolean publish,
        boolean reportOnly) {
    static final String HELP = """
            usage: bench/run [workload...] [options]

            Measures Tidewire beside a floor (a bare send() loop in C) and its peers, in turns, and writes bench/target/report.md.
            Without a workload all are measured, in at most 15 minutes; with --quick fewer contestants, in at most 3.

            workloads
            %s
              micro [args...]       JMH benchmarks of single loops; args are JMH's (-h lists them)

            options
              --quick               shorter, with the floor, Tidewire and Bun: to check a change, not to quote
              --contestants A,B     who takes part beside the floor: %s
              --rounds N            windows of each thing (5; fewer than 5 are no figure to quote)
              --seconds S           of a window, instead of as many as the time allows
              --clients N           of broadcast, burst (4000) and idle (19000)
              --publish             write the report to bench/report.md and bench/charts, too
              --report              measure nothing: write the report of the last run again
              --help

            What you need: Linux, two CPUs that nobody else uses, gcc, a JDK 25, Maven. Peers come with bench/peers; those that are
            not there are left out, and the report says so. TIDEWIRE_JAVA_OPTS reaches the server's JVM.

            examples
              bench/run broadcast --quick                         after a change to the way out
              bench/run rest --contestants tidewire-webpubsub     without peers
              bench/run --publish                                 everything, for the repository
              TIDEWIRE_JAVA_OPTS=-Dio.netty.allocator.type=pooled bench/run broadcast --contestants tidewire
            """.formatted(
            list(),
            String.join(" ", Contestants.all().stream().map(c -> c.name()).toList()));

    Options {
        workloads = Set.copyOf(workloads);
        contestants = Set.copyOf(contestants);
    }

    private static String list() {
        StringBuilder list = new StringBuilder();
        for (Workload workload : Workload.values()) {
            list.append(list.isEmpty() ? "" : "\n").append("  %-12s          %s".formatted(workload, workload.about()));
        }
        return list.toString();
    }

    /**
     * Reads what was typed.
     *
     * @throws IllegalArgumentException with a line that says what is wrong
     */
    static Options parse(List<String> arguments) {
        Set<Workload> workloads = EnumSet.noneOf(Workload.class);
        Set<String> contestants = new TreeSet<>();
        boolean quick = false;
        boolean publish = false;
        boolean reportOnly = false;
        OptionalInt rounds = OptionalInt.empty();
        OptionalInt clients = OptionalInt.empty();
        OptionalDouble seconds = OptionalDouble.empty();
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String argument = rest.next();
            switch (argument) {
                case "--quick" -> quick = true;
                case "--publish" -> publish = true;
                case "--report" -> reportOnly = true;
                case "--rounds" -> rounds = OptionalInt.of(whole(argument, rest, 1, 100));
                case "--clients" -> clients = OptionalInt.of(whole(argument, rest, 10, 19_400));
                case "--seconds" -> seconds = OptionalDouble.of(number(argument, rest, 0.2, 60));
                case "--contestants" -> {
                    for (String name : value(argument, rest).split("[, ]+", -1)) {
                        contestants.add(Contestants.named(name).name());
                    }
                }
                default -> {
                    if (argument.startsWith("-")) {
                        throw new IllegalArgumentException("There is no option " + argument + "; see --help");
                    }
                    workloads.add(Workload.named(argument));
                }
            }
        }
        if (reportOnly && (!workloads.isEmpty() || !contestants.isEmpty())) {
            throw new IllegalArgumentException(
                    "--report writes the report of the whole last run again; it takes no workloads and no contestants");
        }
        return new Options(workloads, quick, contestants, rounds, seconds, clients, publish, reportOnly);
    }

    private static String value(String option, Iterator<String> rest) {
        if (!rest.hasNext()) {
            throw new IllegalArgumentException(option + " needs a value");
        }
        return rest.next();
    }

    private static int whole(String option, Iterator<String> rest, int least, int most) {
        String text = value(option, rest);
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new IllegalArgumentException(
                "%s takes a whole number from %d to %d, not %s".formatted(option, least, most, text));
    }

    private static double number(String option, Iterator<String> rest, double least, double most) {
        String text = value(option, rest);
        try {
            double number = Double.parseDouble(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new IllegalArgumentException(
                "%s takes a number from %s to %s, not %s".formatted(option, least, most, text));
    }
}
