package io.tidewire.backplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tidewire.hub.Audience;
import io.tidewire.hub.Backplane;
import io.tidewire.hub.Connection;
import io.tidewire.hub.Disconnect;
import io.tidewire.hub.Fanout;
import io.tidewire.hub.Filter;
import io.tidewire.hub.GroupStates;
import io.tidewire.hub.Hub;
import io.tidewire.hub.Hubs;
import io.tidewire.hub.Loops;
import io.tidewire.hub.Member;
import io.tidewire.hub.MemberState;
import io.tidewire.hub.Message;
import io.tidewire.hub.Observer;
import io.tidewire.hub.Overloaded;
import io.tidewire.hub.TestClient;
import io.tidewire.hub.TestClient.Text;
import io.tidewire.hub.TestClient.TextDialect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every backplane promises of the states of groups' members. An adapter's test extends this and makes the adapter. */
public abstract class GroupStatesContract {
    /** {@code all g a=1 b=2} or {@code new g a=2}, with {@code -} for no state. */
    private static final GroupStates.Messages MESSAGES =
            (group, snapshot, states) -> new Text((snapshot ? "all " : "new ")
                    + group
                    + states.stream().map(GroupStatesContract::shown).sorted().collect(Collectors.joining()));

    private static String shown(MemberState member) {
        return " " + member.connectionId() + "="
                + (member.state() == null ? "-" : member.state().get("v"));
    }

    private final Loops loops = new Loops(3);
    private final TextDialect json = new TextDialect(0, "json");
    private Hub hub;

    /** An adapter with nothing in it, which hands commands to this fan-out. */
    protected abstract Backplane create(
            Fanout local, List<ScheduledExecutorService> loops, GroupStates.Messages messages);

    @BeforeEach
    void start() {
        hub = hub(MESSAGES);
    }

    private Hub hub(GroupStates.Messages messages) {
        var fanout = new Fanout(loops.all(), Observer.NONE);
        return new Hubs(fanout, create(fanout, loops.all(), messages)).named("chat");
    }

    @AfterEach
    void stop() {
        loops.settle();
        assertThat(json.encoded)
                .allSatisfy(frame -> assertThat(frame.references())
                        .as("references to %s", frame)
                        .isZero());
        loops.close();
    }

    private TestClient open(int loop, String id) {
        return open(loop, id, null);
    }

    private TestClient open(int loop, String id, @Nullable String user) {
        var client = new TestClient(hub, loops.get(loop), id, user, json);
        CompletionStage<Boolean> opened = loops.on(loop, () -> hub.open(client.connection, loops.get(loop)));
        assertThat(Loops.await(opened)).isTrue();
        return client;
    }

    private TestClient member(int loop, String id) {
        TestClient client = open(loop, id);
        Loops.await(hub.join(Audience.connection(id), "g"));
        return client;
    }

    private void leave(int loop, TestClient client) {
        loops.on(loop, () -> {
            hub.leave(client.connection, loops.get(loop), Disconnect.NORMAL);
            return true;
        });
    }

    private boolean set(int loop, TestClient client, @Nullable String value) {
        return Loops.await(
                hub.setState(client.connection, loops.get(loop), "g", value == null ? null : Map.of("v", value)));
    }

    private void watch(int loop, TestClient client) {
        Loops.await(loops.on(loop, () -> hub.watchStates(client.connection, loops.get(loop), "g")));
        loops.settle();
    }

    private void unwatch(int loop, TestClient client) {
        loops.on(loop, () -> {
            hub.unwatchStates(client.connection, loops.get(loop), "g");
            return true;
        });
    }

    private void heard(TestClient client, String... messages) {
        loops.settle();
        assertThat(client.received).containsExactly(messages);
    }

    @Test
    void aWatcherIsShownAllStatesAndThenEachChange() {
        TestClient a = member(0, "a");
        TestClient b = member(1, "b");
        set(0, a, "1");
        TestClient watcher = open(2, "w");
        watch(2, watcher);
        set(1, b, "2");
        set(0, a, "3");
        set(1, b, null);
        heard(watcher, "json:all g a=1", "json:new g b=2", "json:new g a=3", "json:new g b=-");
    }

    @Test
    void thereMayBeNothingToShow() {
        TestClient watcher = open(0, "w");
        watch(0, watcher);
        heard(watcher, "json:all g");
    }

    @Test
    void whoHasAStateMayWatchItself() {
        TestClient a = member(0, "a");
        watch(0, a);
        set(0, a, "1");
        heard(a, "json:all g", "json:new g a=1");
    }

    @Test
    void onlyMembersHaveAState() {
        TestClient watcher = open(1, "w");
        watch(1, watcher);
        TestClient a = open(0, "a");
        assertThat(set(0, a, "1")).isFalse();
        assertThat(set(0, a, null)).isFalse();
        Loops.await(hub.join(Audience.connection("a"), "g"));
        assertThat(set(0, a, "2")).isTrue();
        heard(watcher, "json:all g", "json:new g a=2");
    }

    @Test
    void aStateIsInOneOrderWithTheJoinsAndLeavesBeforeIt() {
        TestClient a = open(0, "a");
        TestClient watcher = open(1, "w");
        watch(1, watcher);
        Audience me = Audience.connection("a");
        List<CompletionStage<Boolean>> answers = loops.on(0, () -> {
            var all = new ArrayList<CompletionStage<Boolean>>();
            for (int i = 0; i < 2; i++) {
                var _ = hub.join(me, "g");
                all.add(hub.setState(a.connection, loops.get(0), "g", Map.of("v", "" + i)));
                var _ = hub.remove(me, "g");
                all.add(hub.setState(a.connection, loops.get(0), "g", Map.of("v", "late")));
            }
            return all;
        });
        assertThat(answers.stream().map(Loops::await)).containsExactly(true, false, true, false);
        heard(watcher, "json:all g", "json:new g a=0", "json:new g a=-", "json:new g a=1", "json:new g a=-");
    }

    @Test
    void whatIsTakenBackTwiceIsToldOnce() {
        TestClient a = member(0, "a");
        TestClient other = member(1, "b");
        set(1, other, "0");
        TestClient watcher = open(1, "w");
        watch(1, watcher);
        assertThat(set(0, a, null)).isTrue();
        set(0, a, "1");
        set(0, a, null);
        set(0, a, null);
        Loops.await(hub.remove(Audience.connection("a"), "g"));
        leave(0, a);
        heard(watcher, "json:all g b=0", "json:new g a=1", "json:new g a=-");
    }

    @Test
    void aStateGoesWithTheMembershipWhateverEndsIt() {
        TestClient watcher = open(2, "w");
        watch(2, watcher);
        TestClient removed = member(0, "a");
        TestClient removedFromAll = member(1, "b");
        TestClient ended = member(2, "c");
        TestClient asUser = open(0, "d", "dora");
        Loops.await(hub.addUser("dora", "g", Duration.ofMillis(300)));
        set(0, removed, "1");
        set(1, removedFromAll, "2");
        set(2, ended, "3");
        assertThat(set(0, asUser, "4")).isTrue();

        Loops.await(hub.remove(Audience.connection("a"), "g"));
        Loops.await(hub.removeFromAll(Audience.connection("b")));
        leave(2, ended);
        await().until(() -> watcher.received.size() == 9);
        assertThat(watcher.received.subList(5, 9))
                .containsExactlyInAnyOrder("json:new g a=-", "json:new g b=-", "json:new g c=-", "json:new g d=-");
        TestClient later = open(1, "x");
        watch(1, later);
        heard(later, "json:all g");
    }

    /** A second cause holds the membership, and so the state. */
    @Test
    void aStateStaysWhileTheMembershipDoes() {
        TestClient a = open(0, "a", "ann");
        Loops.await(hub.addUser("ann", "g", Duration.ofMillis(200)));
        Loops.await(hub.join(Audience.connection("a"), "g"));
        set(0, a, "1");
        await().until(() -> !Loops.await(hub.hasUser("ann", "g")));
        loops.settle();
        TestClient watcher = open(1, "w");
        watch(1, watcher);
        heard(watcher, "json:all g a=1");
    }

    @Test
    void aConnectionKnowsItsStatesAndWatches() {
        TestClient a = member(0, "a");
        Connection connection = a.connection;
        assertThat(connection.stateCount()).isZero();
        assertThat(connection.hasState("g")).isFalse();
        set(0, a, "1");
        set(0, a, "2");
        assertThat(connection.stateCount()).isEqualTo(1);
        assertThat(connection.hasState("g")).isTrue();
        set(0, a, null);
        set(0, a, null);
        assertThat(connection.stateCount()).isZero();
        set(0, a, "3");
        Loops.await(hub.remove(Audience.connection("a"), "g"));
        assertThat(connection.stateCount()).isZero();
        assertThat(connection.hasState("g")).isFalse();

        watch(0, a);
        watch(0, a);
        assertThat(connection.watchCount()).isEqualTo(1);
        assertThat(connection.watches("g")).isTrue();
        unwatch(0, a);
        unwatch(0, a);
        assertThat(connection.watchCount()).isZero();
        assertThat(connection.watches("g")).isFalse();
    }

    @Test
    void whoStopsWatchingOrEndsHearsNoMore() {
        TestClient a = member(0, "a");
        TestClient stops = open(1, "b");
        TestClient ends = open(2, "c");
        watch(1, stops);
        watch(2, ends);
        assertThat(Loops.await(hub.exists(Audience.watchers("g")))).isTrue();
        unwatch(1, stops);
        set(0, a, "1");
        heard(stops, "json:all g");
        heard(ends, "json:all g", "json:new g a=1");
        leave(2, ends);
        assertThat(Loops.await(hub.exists(Audience.watchers("g")))).isFalse();
        set(0, a, "2");
        heard(ends, "json:all g", "json:new g a=1");
    }

    @Test
    void whoStopsBeforeItIsShownAnythingIsShownNothing() {
        TestClient watcher = open(0, "w");
        CompletionStage<Void> watching = loops.on(0, () -> {
            CompletionStage<Void> asked = hub.watchStates(watcher.connection, loops.get(0), "g");
            hub.unwatchStates(watcher.connection, loops.get(0), "g");
            return asked;
        });
        Loops.await(watching);
        heard(watcher);
        assertThat(Loops.await(hub.exists(Audience.watchers("g")))).isFalse();

        TestClient gone = open(0, "x");
        Loops.await(loops.on(0, () -> {
            CompletionStage<Void> asked = hub.watchStates(gone.connection, loops.get(0), "g");
            hub.leave(gone.connection, loops.get(0), Disconnect.NORMAL);
            return asked;
        }));
        Loops.await(loops.on(0, () -> hub.watchStates(gone.connection, loops.get(0), "g")));
        heard(gone);
        assertThat(Loops.await(hub.exists(Audience.watchers("g")))).isFalse();
    }

    /** It began to watch anew before the first answer came: only the second one is for it. */
    @Test
    void whoStopsAndWatchesAnewIsShownTheStatesOnce() {
        TestClient watcher = open(0, "w");
        Loops.await(loops.on(0, () -> {
            var _ = hub.watchStates(watcher.connection, loops.get(0), "g");
            hub.unwatchStates(watcher.connection, loops.get(0), "g");
            return hub.watchStates(watcher.connection, loops.get(0), "g");
        }));
        heard(watcher, "json:all g");
    }

    @Test
    void whoWaitsToBeShownTheStatesIsShownThemThoughTheLastOtherWatcherStops() {
        TestClient a = member(1, "a");
        TestClient stops = open(0, "b");
        TestClient comes = open(0, "c");
        watch(0, stops);
        Loops.await(loops.on(0, () -> {
            CompletionStage<Void> asked = hub.watchStates(comes.connection, loops.get(0), "g");
            hub.unwatchStates(stops.connection, loops.get(0), "g");
            return asked;
        }));
        loops.settle();
        set(1, a, "1");
        heard(comes, "json:all g", "json:new g a=1");
    }

    @Test
    void whoWatchesAlreadyIsShownAllAnewAndHearsOfEachChangeOnce() {
        TestClient a = member(0, "a");
        TestClient watcher = open(1, "w");
        watch(1, watcher);
        set(0, a, "1");
        watch(1, watcher);
        set(0, a, "2");
        heard(watcher, "json:all g", "json:new g a=1", "json:all g a=1", "json:new g a=2");
    }

    /** So an acknowledgement can be written before what it acknowledges. */
    @Test
    void whatHangsOnTheAnswerComesBeforeTheStates() {
        TestClient watcher = open(0, "w");
        Loops.await(loops.on(
                0,
                () -> hub.watchStates(watcher.connection, loops.get(0), "g")
                        .thenAccept(_ -> watcher.received.add("acknowledged"))));
        heard(watcher, "acknowledged", "json:all g");
    }

    @Test
    void groupsAndHubsDoNotShareStates() {
        TestClient a = member(0, "a");
        set(0, a, "1");
        TestClient watcher = open(1, "w");
        Loops.await(loops.on(1, () -> hub.watchStates(watcher.connection, loops.get(1), "G")));
        set(0, a, "2");
        heard(watcher, "json:all G");
    }

    @Test
    void watchersAreNoMembers() {
        TestClient watcher = open(1, "w");
        watch(1, watcher);
        var seen = new ArrayList<Boolean>();
        assertThat(Loops.await(hub.exists(Audience.group("g")))).isFalse();
        assertThat(Loops.await(hub.members(new Audience.Scope.Group("g"), null, 10)))
                .isEmpty();
        Loops.await(hub.send(Audience.group("g"), new Text("x")));
        Loops.await(hub.send(
                Audience.all().through(new Filter() {
                    @Override
                    public String source() {
                        return "groups";
                    }

                    @Override
                    public boolean matches(Connection connection) {
                        seen.add(connection.isIn("g") || !connection.groups().isEmpty());
                        return false;
                    }
                }),
                new Text("y")));
        heard(watcher, "json:all g");
        assertThat(seen).containsExactly(false);
        Loops.await(hub.join(Audience.connection("w"), "g"));
        assertThat(Loops.await(hub.members(new Audience.Scope.Group("g"), null, 10)))
                .containsExactly(new Member("w", null));
        Loops.await(hub.remove(Audience.connection("w"), "g"));
        assertThat(watcher.connection.watches("g")).isTrue();
    }

    @Test
    void aChangeIsEncodedOnceForAllWatchersOfAShard() {
        TestClient a = member(0, "a");
        for (int i = 0; i < 10; i++) {
            watch(1, open(1, "w" + i));
        }
        json.encoded.clear();
        set(0, a, "1");
        loops.settle();
        assertThat(json.encoded).hasSize(1);
        assertThat(json.encoded).allMatch(frame -> frame.references() == 0);
    }

    @Test
    void aStateComesWithItsConnectionItsUserAndItsTime() {
        var told = new ArrayList<MemberState>();
        hub = hub((group, snapshot, states) -> {
            synchronized (told) {
                told.addAll(states);
            }
            return MESSAGES.of(group, snapshot, states);
        });
        long before = System.currentTimeMillis();
        TestClient ann = open(0, "a", "ann");
        TestClient nobody = open(0, "b");
        Loops.await(hub.join(Audience.all(), "g"));
        watch(0, nobody);
        Loops.await(hub.setState(ann.connection, loops.get(0), "g", Map.of("v", "1", "more", "2")));
        set(0, nobody, "3");
        set(0, ann, null);
        loops.settle();
        synchronized (told) {
            assertThat(told.stream().map(MemberState::connectionId)).containsExactly("a", "b", "a");
            assertThat(told.stream().map(MemberState::userId)).containsExactly("ann", null, "ann");
            assertThat(told.stream().map(MemberState::state))
                    .containsExactly(Map.of("v", "1", "more", "2"), Map.of("v", "3"), null);
            assertThat(told.stream().map(MemberState::updatedAt))
                    .allSatisfy(at -> assertThat(at).isBetween(before, System.currentTimeMillis()))
                    .isSorted();
        }
    }

    /** A message of which a shard can take no more. */
    private record Heavy() implements Message {
        @Override
        public int size() {
            return Integer.MAX_VALUE;
        }
    }

    @Test
    void whatIsRefusedHasChangedNothingAndWhatIsTakenBackIsNeverRefused() throws Exception {
        var groups = List.of("g0", "g1", "g2", "g3", "g4", "g5", "g6", "g7");
        TestClient a = open(0, "a");
        TestClient watcher = open(1, "w");
        for (String group : groups) {
            Loops.await(hub.join(Audience.connection("a"), group));
            Loops.await(loops.on(1, () -> hub.watchStates(watcher.connection, loops.get(1), group)));
            Loops.await(hub.setState(a.connection, loops.get(0), group, Map.of("v", "old")));
        }
        loops.settle();
        var go = new CountDownLatch(1);
        loops.get(1).execute(() -> {
            try {
                go.await();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
        var _ = hub.send(Audience.connection("w"), new Heavy());
        var answers = new LinkedHashMap<String, CompletionStage<Boolean>>();
        for (String group : groups) {
            answers.put(group, hub.setState(a.connection, loops.get(0), group, Map.of("v", "new")));
        }
        // Groups that belong to the shard that lags are asked when it lags no more.
        await().until(() -> answers.values().stream()
                .anyMatch(answer -> answer.toCompletableFuture().isCompletedExceptionally()));
        go.countDown();
        loops.settle();
        var expected = new ArrayList<String>();
        for (String group : groups) {
            boolean failed = answers.get(group).toCompletableFuture().isCompletedExceptionally();
            if (failed) {
                assertThatThrownBy(() -> Loops.await(answers.get(group))).hasCauseInstanceOf(Overloaded.class);
            }
            TestClient later = open(2, "later" + group);
            Loops.await(loops.on(2, () -> hub.watchStates(later.connection, loops.get(2), group)));
            loops.settle();
            expected.add("json:all " + group + " a=" + (failed ? "old" : "new"));
            assertThat(later.received).containsExactly(expected.getLast());
        }
        assertThat(expected).anyMatch(text -> text.endsWith("old"));

        watcher.received.clear();
        var goOn = new CountDownLatch(1);
        loops.get(1).execute(() -> {
            try {
                goOn.await();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
        var _ = hub.send(Audience.connection("w"), new Heavy());
        leave(0, a);
        goOn.countDown();
        await().untilAsserted(() -> assertThat(watcher.received)
                .containsExactlyInAnyOrderElementsOf(groups.stream()
                        .map(group -> "json:new " + group + " a=-")
                        .toList()));
    }

    static List<Long> seeds() {
        Long one = Long.getLong("tidewire.seed");
        return one != null ? List.of(one) : new Random(22).longs(15).boxed().toList();
    }

    /** One connection, with a thread that alone says what it does, so that what comes of it is known. */
    private final class Actor {
        final int loop;
        final TestClient client;
        final Random random;
        private final Map<String, Boolean> memberships = new HashMap<>();
        /** By group; what watchers should hear of it, in order. */
        final Map<String, List<String>> changes = new HashMap<>();

        final Map<String, String> states = new HashMap<>();
        private int value;
        private boolean ended;

        Actor(int number, long seed) {
            this.loop = number % 3;
            this.client = open(loop, "a" + number);
            this.random = new Random(seed + number);
        }

        void act() {
            String group = random.nextBoolean() ? "g" : "h";
            Audience me = Audience.connection(client.connection.id());
            int what = random.nextInt(100);
            if (ended) {
                return;
            } else if (what < 25) {
                var _ = hub.join(me, group);
                memberships.put(group, true);
            } else if (what < 33) {
                var _ = hub.remove(me, group);
                over(group);
            } else if (what < 36) {
                var _ = hub.removeFromAll(me);
                over("g");
                over("h");
            } else if (what < 46) {
                var _ = hub.setState(client.connection, loops.get(loop), group, null);
                cleared(group);
            } else if (what < 99) {
                String state = "" + ++value;
                var _ = hub.setState(client.connection, loops.get(loop), group, Map.of("v", state));
                if (memberships.getOrDefault(group, false)) {
                    states.put(group, state);
                    changes.computeIfAbsent(group, _ -> new ArrayList<>()).add(state);
                }
            } else {
                loops.get(loop).execute(() -> hub.leave(client.connection, loops.get(loop), Disconnect.NORMAL));
                over("g");
                over("h");
                ended = true;
            }
        }

        private void over(String group) {
            memberships.put(group, false);
            cleared(group);
        }

        private void cleared(String group) {
            if (states.remove(group) != null) {
                changes.computeIfAbsent(group, _ -> new ArrayList<>()).add("-");
            }
        }
    }

    /** What a watcher has heard of one group, as a client makes it up from the messages. */
    private static final class View {
        final TreeMap<String, String> states = new TreeMap<>();
        final Map<String, List<String>> changes = new HashMap<>();
        boolean shown;

        /**
         * Looks at each message.
         *
         * @param expected by connection; its changes in this group, of which none may be missing after a snapshot
         */
        View(List<String> received, String group, Map<String, List<String>> expected) {
            for (String message : received) {
                List<String> words = List.of(message.split(" "));
                if (!words.get(1).equals(group)) {
                    continue;
                }
                boolean snapshot = words.getFirst().equals("json:all");
                assertThat(shown || snapshot).as("a change before the states").isTrue();
                if (snapshot) {
                    shown = true;
                    states.clear();
                }
                for (String each : words.subList(2, words.size())) {
                    String[] parts = each.split("=", -1);
                    String last = parts[1].equals("-") ? states.remove(parts[0]) : states.put(parts[0], parts[1]);
                    if (!snapshot) {
                        changes.computeIfAbsent(parts[0], _ -> new ArrayList<>())
                                .add(parts[1]);
                        if (last != null) {
                            List<String> all = expected.getOrDefault(parts[0], List.of());
                            assertThat(all.get(all.indexOf(last) + 1))
                                    .as("what comes after %s=%s", parts[0], last)
                                    .isEqualTo(parts[1]);
                        }
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whateverHappensAtOnceAllWatchersEndWithTheSameView(long seed) throws Exception {
        var actors = new ArrayList<Actor>();
        for (int i = 0; i < 9; i++) {
            actors.add(new Actor(i, seed));
        }
        var lasting = new ArrayList<TestClient>();
        var restless = new ArrayList<TestClient>();
        for (int loop = 0; loop < 3; loop++) {
            for (int i = 0; i < 2; i++) {
                TestClient watcher = open(loop, "w" + loop + i);
                (i == 0 ? lasting : restless).add(watcher);
                for (String group : List.of("g", "h")) {
                    CompletionStage<Void> watching =
                            loops.on(loop, () -> hub.watchStates(watcher.connection, watcher.loop(), group));
                    Loops.await(watching);
                }
            }
        }
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 3; i++) {
            List<Actor> mine = actors.subList(i * 3, i * 3 + 3);
            var random = new Random(seed - i);
            threads.add(Thread.ofPlatform().start(() -> {
                for (int step = 0; step < 600; step++) {
                    mine.get(random.nextInt(3)).act();
                }
            }));
        }
        threads.add(Thread.ofPlatform().start(() -> {
            var random = new Random(seed);
            for (int step = 0; step < 300; step++) {
                TestClient watcher = restless.get(random.nextInt(3));
                String group = random.nextBoolean() ? "g" : "h";
                boolean stop = random.nextInt(3) == 0;
                watcher.loop().execute(() -> {
                    if (stop) {
                        hub.unwatchStates(watcher.connection, watcher.loop(), group);
                    } else {
                        var _ = hub.watchStates(watcher.connection, watcher.loop(), group);
                    }
                });
            }
            for (TestClient watcher : restless) { // in the end all watch
                watcher.loop().execute(() -> {
                    var _ = hub.watchStates(watcher.connection, watcher.loop(), "g");
                    var _ = hub.watchStates(watcher.connection, watcher.loop(), "h");
                });
            }
        }));
        for (Thread thread : threads) {
            assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
        }
        loops.settle();

        for (String group : List.of("g", "h")) {
            var expected = new TreeMap<String, String>();
            for (Actor actor : actors) {
                String state = actor.states.get(group);
                if (state != null) {
                    expected.put(actor.client.connection.id(), state);
                }
            }
            var changes = new HashMap<String, List<String>>();
            for (Actor actor : actors) {
                changes.put(actor.client.connection.id(), actor.changes.getOrDefault(group, List.of()));
            }
            for (TestClient watcher : lasting) {
                var view = new View(watcher.received, group, changes);
                assertThat(view.states).as("seed %d", seed).isEqualTo(expected);
                changes.forEach((id, all) -> assertThat(view.changes.getOrDefault(id, List.of()))
                        .as("each change once, seed %d", seed)
                        .isEqualTo(all));
            }
            for (TestClient watcher : restless) {
                assertThat(new View(watcher.received, group, changes).states)
                        .as("seed %d", seed)
                        .isEqualTo(expected);
            }
        }
    }
}
