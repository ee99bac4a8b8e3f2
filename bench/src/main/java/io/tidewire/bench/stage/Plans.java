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

    /** Of a JVM that delivers. */
    private static final double WARM = 7;

    private static final double QUICK_WARM = 2;

    /** Whole periods of all keep-alives: of 15, 20 and 30 s. */
    private static final double IDLE_SECONDS = 60;

    private static final double REST_SECONDS = 10;

    /** Of a window, where there is time for it. */
    private static final double SECONDS = 5;

    private static final double QUICK_SECONDS = 2;

    /** Of a window at a low rate. */
    private static final double LONG = 1.5;

    private static final int SMALL = 128;
    private static final int LARGE = 2048;
    private static final int ROUNDS = 5;
    private static final int LISTENERS = 4_000;
    private static final int SPEAKERS = 1_000;
    private static final int GROUP_MEMBERS = 19_000;

    private static final String FLOOR = "floor";
    private static final String SIGNALR = "tidewire";
    private static final String WEBPUBSUB = "tidewire-webpubsub";
    private static final List<String> SIGNALR_FORMS = List.of(FLOOR, SIGNALR, "tidewire-messagepack", "tidewire-mixed");
    private static final List<String> WEBPUBSUB_FORMS = List.of(FLOOR, WEBPUBSUB, "tidewire-reliable", "tidewire-raw");
    private static final List<String> PEERS = List.of(FLOOR, SIGNALR, "bun", "nchan", "nats");
    private static final List<String> ON_NODE = List.of(FLOOR, "ws", "socket.io");

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
        double warm = wishes.quick() ? QUICK_WARM : WARM;
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
            List<String> who = there(
                    quick() ? List.of(SIGNALR) : List.of(FLOOR, SIGNALR, WEBPUBSUB, "bun", "nchan", "nats", "ws"));
            stages.add(new Idle(
                    wishes.clients().orElse(GROUP_MEMBERS),
                    quick() ? 4 : IDLE_SECONDS,
                    quick() ? 1 : REST_SECONDS,
                    who));
        }
        if (wants(Workload.CONNECT)) {
            List<String> who = there(
                    quick()
                            ? List.of(FLOOR, SIGNALR, "tidewire-raw")
                            : List.of(FLOOR, SIGNALR, "tidewire-raw", "bun", "nchan", "nats", "ws"));
            stages.add(new Connect(quick() ? 500 : 3_000, quick() ? 2 : 5, who));
        }
        if (wants(Workload.START)) {
            stages.add(new Start(quick() ? 3 : 7));
        }
        return stages;
    }

    /**
     * Broadcasts and bursts have the same clients, so they sit together; but never more than five servers, as the sockets of all are more than
     * the processor's caches hold, and everybody's deliveries get dearer.
     */
    private void listeners(List<Stage> stages) {
        int clients = wishes.clients().orElse(LISTENERS);
        List<Series> peers = new ArrayList<>();
        if (wants(Workload.BROADCAST)) {
            peers.add(broadcast("128", SMALL, quick() ? List.of(FLOOR, SIGNALR, "bun") : PEERS));
            if (!quick()) {
                peers.add(broadcast("2048", LARGE, List.of(FLOOR, SIGNALR, "bun")));
            }
        }
        if (wants(Workload.BURST)) {
            // As many deliveries a second as a broadcast has.
            peers.add(new Series(
                    "burst",
                    "128",
                    new Publish(Audience.EVERYBODY_IN_BURSTS, SMALL, Audience.BURST),
                    2,
                    there(quick() ? List.of(FLOOR, SIGNALR) : List.of(FLOOR, SIGNALR, "bun", "nchan"))));
        }
        add(stages, "peers", Crowd.LISTENERS, clients, peers);
        if (wants(Workload.BROADCAST)) {
            if (!quick()) {
                add(stages, "node", Crowd.LISTENERS, clients, List.of(broadcast("128-node", SMALL, ON_NODE)));
                add(stages, "signalr", Crowd.LISTENERS, clients, List.of(forms("signalr", SIGNALR_FORMS)));
            }
            List<String> forms = quick() ? List.of(FLOOR, WEBPUBSUB, "tidewire-reliable") : WEBPUBSUB_FORMS;
            add(stages, "webpubsub", Crowd.LISTENERS, clients, List.of(forms("webpubsub", forms)));
        }
    }

    private Series broadcast(String variant, int bytes, List<String> contestants) {
        return toAll("broadcast", variant, bytes, contestants);
    }

    private Series forms(String variant, List<String> contestants) {
        return toAll("forms", variant, SMALL, contestants);
    }

    private Series toAll(String workload, String variant, int bytes, List<String> contestants) {
        return new Series(
                workload,
                variant,
                new Publish(Audience.EVERYBODY, bytes, 1),
                rate(wishes.clients().orElse(LISTENERS)),
                there(contestants));
    }

    /** Broadcasts a second that keep servers about half busy: each message is a write of its own, and nobody has a backlog. */
    private static double rate(int clients) {
        return 60_000.0 / clients;
    }

    private List<Series> echoes() {
        return List.of(new Series("echo", "10000", new Echo(SMALL), 10_000, there(List.of(FLOOR, WEBPUBSUB, "bun"))));
    }

    private List<Series> calls() {
        Publish connection = new Publish(Audience.CONNECTION, SMALL, 1);
        Publish group = new Publish(Audience.GROUP_OF_ONE, SMALL, 1);
        Publish user = new Publish(Audience.USER, SMALL, 1);
        List<String> own = there(List.of(WEBPUBSUB));
        Series half = new Series("rest", "connection-5000", connection, 5_000, there(List.of(FLOOR, WEBPUBSUB)));
        if (quick()) {
            return List.of(half);
        }
        return List.of(
                new Series("rest", "connection-100", connection, 100, LONG, own),
                new Series("rest", "connection-1000", connection, 1_000, own),
                half,
                new Series("rest", "user-5000", user, 5_000, own),
                new Series("rest", "group-5000", group, 5_000, there(List.of(FLOOR, WEBPUBSUB, "nchan", "bun"))));
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
