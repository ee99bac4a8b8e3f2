package io.tidewire.bench.stage;

import io.tidewire.bench.contestant.Audience;
import io.tidewire.bench.contestant.Contestant;
import io.tidewire.bench.line.Line;
import io.tidewire.bench.load.Load;
import io.tidewire.bench.load.Requests;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Windows of one kind.
 *
 * @param workload whose table it belongs to
 * @param variant what is different from the workload's other series
 * @param rate how often a second it is done
 * @param length of a window, as a multiple of an ordinary one: where little happens in a second, it takes more of them to tell
 * @param contestants by name; those who cannot do it, or are not there, are left out
 */
record Series(String workload, String variant, Task task, double rate, double length, List<String> contestants) {
    Series {
        contestants = List.copyOf(contestants);
    }

    Series(String workload, String variant, Task task, double rate, List<String> contestants) {
        this(workload, variant, task, rate, 1, contestants);
    }

    /** What is done again and again. */
    sealed interface Task {
        /** Whether this contestant has it. */
        boolean suits(Contestant contestant, int clients);

        /** Messages that go in each time it is done. */
        int messages();

        /** Prepares the load for windows of this task. */
        Window prepare(Contestant contestant, Load load, int clients);
    }

    /** Runs one window. */
    @FunctionalInterface
    interface Window {
        Line run(double seconds, double rate);
    }

    /** A message is published for an audience; several at once where a burst is more than one. */
    record Publish(Audience audience, int bytes, int burst) implements Task {
        @Override
        public boolean suits(Contestant contestant, int clients) {
            return contestant.requests(audience, bytes, clients).isPresent();
        }

        @Override
        public int messages() {
            return burst;
        }

        @Override
        public Window prepare(Contestant contestant, Load load, int clients) {
            Requests requests = contestant.requests(audience, bytes, clients).orElseThrow();
            return (seconds, rate) -> {
                load.publish(requests);
                return load.window(seconds, rate, burst);
            };
        }
    }

    /** A client sends what comes back to it. */
    record Echo(int bytes) implements Task {
        @Override
        public boolean suits(Contestant contestant, int clients) {
            return contestant.echo(bytes).isPresent();
        }

        @Override
        public int messages() {
            return 1;
        }

        @Override
        public Window prepare(Contestant contestant, Load load, int clients) {
            Optional<String> frame = contestant.echo(bytes);
            return (seconds, rate) -> load.echo(seconds, rate, frame.orElseThrow());
        }
    }

    boolean takes(Contestant contestant, int clients) {
        return contestants.contains(contestant.name()) && task.suits(contestant, clients);
    }

    /** The words that say which window a line is about. */
    Line line(String contestant, int clients, int round, double seconds) {
        return Line.of("workload", workload, "variant", variant, "contestant", contestant)
                .and("round", round)
                .and("clients", clients)
                .and("rate", rate)
                .and("seconds", String.format(Locale.ROOT, "%.1f", seconds));
    }
}
