package io.tidewire.bench.stage;

import io.tidewire.bench.contestant.Audience;
import io.tidewire.bench.contestant.Crowd;
import io.tidewire.bench.stage.Series.Echo;
import io.tidewire.bench.stage.Series.Publish;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/** Which stages a run has: the sizes, rates and contestants of each workload. */
public final class Plans {
    /** Seconds that a run may take, the build apart. */
    private static final double FULL_BOUND = 15 * 60;

    private static final double QUICK_BOUND = 3 * 60;

    /** Of a window, where there is time for it. */
    private static final double SECONDS = 5;

    private static final double QUICK_SECONDS = 2;

    private static final int SMALL = 128;
    private static final int LARGE = 2048;
    private static final int ROUNDS = 5;
    private static final int LISTENERS = 4_000;
    private static final int SPEAKERS = 1_000;
    private static final int GROUP_MEMBERS = 19_000;

    private static final String FLOOR = "floor";
    private static final String SIGNALR = "tidewire";
    private static final String WEBPUBSUB = "tidewire-webpubsub";
    private static final List<String> FORMS = List.of(
            FLOOR, SIGNALR, "tidewire-messagepack", "tidewire-mixed", WEBPUBSUB, "tidewire-reliable", "tidewire-raw");
    private static final List<String> PEERS = List.of(FLOOR, SIGNALR, "bun", "nchan", "nats", "ws", "socket.io");

    /**
     * What the command line says; empty is the plan's own choice.
     *
     * @param workloads all where there are none
     * @param available the names of those who can take part, floor included
     */
    public record Wishes(
            Set<Workload> workloads,
            boolean quick,
            Set<String> available,
            OptionalInt rounds,
            OptionalDouble seconds,
            OptionalInt clients) {
        public Wishes {
            workloads = Set.copyOf(workloads);
            available = Set.copyOf(available);
        }
    }

    private final Wishes wishes;

    private Plans(Wishes wishes) {
        this.wishes = wishes;
    }

    public static Plan of(Wishes wishes) {
        Plans plans = new Plans(wishes);
        int rounds = wishes.rounds().orElse(ROUNDS);
        double warm = wishes.quick() ? 2 : 8;
        double bound = wishes.quick() ? QUICK_BOUND : FULL_BOUND;
        List<Stage> stages = plans.stages();
        return wishes.seconds().isPresent()
                ? new Plan(stages, new Pace(rounds, wishes.seconds().getAsDouble(), warm), bound)
                : Plan.fitting(stages, new Pace(rounds, wishes.quick() ? QUICK_SECONDS : SECONDS, warm), bound);
    }

    private List<Stage> stages() {
        List<Stage> stages = new ArrayList<>();
        listeners(stages);
        if (wants(Workload.ECHO)) {
            add(stages, "echo", Crowd.SPEAKERS, SPEAKERS, echoes());
        }
        if (wants(Workload.REST)) {
            add(stages, "rest", Crowd.ADDRESSEES, SPEAKERS, calls());
        }
        if (wants(Workload.GROUPS)) {
            List<String> who = there(quick() ? List.of(FLOOR, WEBPUBSUB) : List.of(FLOOR, WEBPUBSUB, "nats"));
            add(
                    stages,
                    "groups",
                    Crowd.TENS,
                    quick() ? LISTENERS : GROUP_MEMBERS,
                    List.of(new Series("groups", "128", new Publish(Audience.GROUP_OF_TEN, SMALL, 1), 1_000, who)));
        }
        if (wants(Workload.IDLE)) {
            List<String> who =
                    there(quick() ? List.of(SIGNALR) : List.of(SIGNALR, WEBPUBSUB, "bun", "nchan", "nats", "ws"));
            stages.add(new Idle(wishes.clients().orElse(GROUP_MEMBERS), quick() ? 4 : 10, who));
        }
        if (wants(Workload.CONNECT)) {
            List<String> who = there(
                    quick()
                            ? List.of(FLOOR, SIGNALR, "tidewire-raw")
                            : List.of(FLOOR, SIGNALR, "tidewire-raw", "bun", "nchan", "nats", "ws"));
            stages.add(new Connect(quick() ? 500 : 2_000, quick() ? 2 : 5, who));
        }
        if (wants(Workload.START)) {
            stages.add(new Start(quick() ? 3 : 7));
        }
        return stages;
    }

    /** Broadcasts and bursts have the same clients, so they sit together. */
    private void listeners(List<Stage> stages) {
        int clients = wishes.clients().orElse(LISTENERS);
        List<Series> peers = new ArrayList<>();
        if (wants(Workload.BROADCAST)) {
            peers.add(broadcast(SMALL, quick() ? List.of(FLOOR, SIGNALR, "bun") : PEERS));
            if (!quick()) {
                peers.add(broadcast(LARGE, List.of(FLOOR, SIGNALR, "bun", "nchan")));
            }
        }
        if (wants(Workload.BURST)) {
            // As many deliveries a second as a broadcast has.
            peers.add(new Series(
                    "burst",
                    "128",
                    new Publish(Audience.EVERYBODY_IN_BURSTS, SMALL, Audience.BURST),
                    2,
                    there(quick() ? List.of(FLOOR, SIGNALR) : List.of(FLOOR, SIGNALR, "bun", "nchan", "nats", "ws"))));
        }
        add(stages, "peers", Crowd.LISTENERS, clients, peers);
        if (wants(Workload.BROADCAST)) {
            List<String> forms = quick() ? List.of(FLOOR, WEBPUBSUB, "tidewire-reliable") : FORMS;
            add(
                    stages,
                    "forms",
                    Crowd.LISTENERS,
                    clients,
                    List.of(new Series(
                            "forms", "128", new Publish(Audience.EVERYBODY, SMALL, 1), rate(clients), there(forms))));
        }
    }

    private Series broadcast(int bytes, List<String> contestants) {
        return new Series(
                "broadcast",
                Integer.toString(bytes),
                new Publish(Audience.EVERYBODY, bytes, 1),
                rate(wishes.clients().orElse(LISTENERS)),
                there(contestants));
    }

    /** Broadcasts a second that keep servers about half busy: each message is a write of its own, and nobody has a backlog. */
    private static double rate(int clients) {
        return 60_000.0 / clients;
    }

    private List<Series> echoes() {
        List<String> who = there(quick() ? List.of(FLOOR, WEBPUBSUB, "bun") : List.of(FLOOR, WEBPUBSUB, "bun", "ws"));
        Series fast = new Series("echo", "10000", new Echo(SMALL), 10_000, who);
        return quick() ? List.of(fast) : List.of(new Series("echo", "1000", new Echo(SMALL), 1_000, who), fast);
    }

    private List<Series> calls() {
        Publish connection = new Publish(Audience.CONNECTION, SMALL, 1);
        Publish group = new Publish(Audience.GROUP_OF_ONE, SMALL, 1);
        Publish user = new Publish(Audience.USER, SMALL, 1);
        List<String> own = there(List.of(FLOOR, WEBPUBSUB));
        List<String> peers = there(List.of(FLOOR, WEBPUBSUB, "nchan", "bun"));
        if (quick()) {
            return List.of(new Series("rest", "connection-5000", connection, 5_000, own));
        }
        return List.of(
                new Series("rest", "connection-100", connection, 100, own),
                new Series("rest", "connection-1000", connection, 1_000, own),
                new Series("rest", "connection-5000", connection, 5_000, own),
                new Series("rest", "user-5000", user, 5_000, there(List.of(WEBPUBSUB))),
                new Series("rest", "group-1000", group, 1_000, peers),
                new Series("rest", "group-5000", group, 5_000, peers));
    }

    private void add(List<Stage> stages, String name, Crowd crowd, int clients, List<Series> series) {
        if (series.stream().anyMatch(s -> !s.contestants().isEmpty())) {
            stages.add(new Sitting(name, crowd, clients, series));
        }
    }

    private boolean wants(Workload workload) {
        return wishes.workloads().isEmpty() || wishes.workloads().contains(workload);
    }

    private boolean quick() {
        return wishes.quick();
    }

    private List<String> there(List<String> names) {
        return names.stream().filter(wishes.available()::contains).toList();
    }
}
