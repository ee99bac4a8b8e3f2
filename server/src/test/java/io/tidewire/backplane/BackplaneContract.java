package io.tidewire.backplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tidewire.hub.Answer;
import io.tidewire.hub.Audience;
import io.tidewire.hub.Backplane;
import io.tidewire.hub.Command.Step;
import io.tidewire.hub.Connection;
import io.tidewire.hub.Disconnect;
import io.tidewire.hub.Fanout;
import io.tidewire.hub.Filter;
import io.tidewire.hub.Hub;
import io.tidewire.hub.Hubs;
import io.tidewire.hub.Loops;
import io.tidewire.hub.Member;
import io.tidewire.hub.Observer;
import io.tidewire.hub.Permission;
import io.tidewire.hub.Permissions;
import io.tidewire.hub.PermissionsFull;
import io.tidewire.hub.TestClient;
import io.tidewire.hub.TestClient.Text;
import io.tidewire.hub.TestClient.TextDialect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every backplane promises. An adapter's test extends this and makes the adapter. */
public abstract class BackplaneContract {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Loops loops = new Loops(2);
    private final TextDialect json = new TextDialect(0, "json");
    private Hubs hubs;
    private Hub hub;

    /** An adapter with nothing in it, which hands commands to this fan-out. */
    protected abstract Backplane create(Fanout local, List<ScheduledExecutorService> loops);

    @BeforeEach
    void start() {
        var fanout = new Fanout(loops.all(), Observer.NONE);
        hubs = new Hubs(fanout, create(fanout, loops.all()));
        hub = hubs.named("chat");
    }

    @AfterEach
    void stop() {
        loops.close();
    }

    private TestClient open(int loop, String id, @Nullable String user) {
        var client = new TestClient(hub, loops.get(loop), id, user, json);
        CompletionStage<Boolean> opened = loops.on(loop, () -> hub.open(client.connection, loops.get(loop)));
        assertThat(Loops.await(opened)).isTrue();
        return client;
    }

    private void send(Audience audience, String text) {
        Loops.await(hub.send(audience, new Text(text)));
        loops.settle();
    }

    private void add(String user, String group, @Nullable Duration ttl) {
        Loops.await(hub.addUser(user, group, ttl));
    }

    @Test
    void deliversInTheOrderOfTheCalls() {
        TestClient a = open(0, "a", null);
        var expected = new ArrayList<String>();
        for (int i = 0; i < 200; i++) {
            var _ = hub.send(Audience.all(), new Text("" + i));
            expected.add("json:" + i);
        }
        await().untilAsserted(() -> assertThat(a.received).isEqualTo(expected));
    }

    @Test
    void changesAnswerWhenTheyAreInPlace() {
        TestClient a = open(0, "a", "ann");
        TestClient b = open(1, "b", "ann");
        assertThat(Loops.await(hub.join(Audience.user("ann"), "g"))).isEqualTo(2);
        send(Audience.group("g"), "x");
        await().untilAsserted(() -> {
            assertThat(a.received).containsExactly("json:x");
            assertThat(b.received).containsExactly("json:x");
        });
    }

    @Test
    void asksOneConnectionAndCarriesItsAnswer() {
        TestClient a = open(0, "a", null);
        TestClient b = open(1, "b", null);
        CompletableFuture<Answer> asked = hub.ask("b", new Text("time"), PATIENCE);
        await().until(() -> b.asked.size() == 1);
        b.asked.getFirst().complete(new Answer.Failed("no watch"));
        assertThat(Loops.await(asked)).isEqualTo(new Answer.Failed("no watch"));
        assertThat(b.received).containsExactly("?time");
        assertThat(a.asked).isEmpty();
    }

    @Test
    void theBytesOfAnAnswerArriveAsTheyAre() {
        TestClient a = open(1, "a", null);
        CompletableFuture<Answer> asked = hub.ask("a", new Text("time"), PATIENCE);
        await().until(() -> a.asked.size() == 1);
        a.asked.getFirst().complete(new Answer.Result("json", new byte[] {0, 1, (byte) 0xFF}));
        assertThat(Loops.await(asked)).isInstanceOfSatisfying(Answer.Result.class, result -> {
            assertThat(result.dialect()).isEqualTo("json");
            assertThat(result.value()).containsExactly(0, 1, 0xFF);
        });
    }

    @Test
    void askingNobodyIsAnsweredAtOnce() {
        assertThat(Loops.await(hub.ask("a", new Text("x"), PATIENCE))).isEqualTo(new Answer.NoConnection());
        open(0, "a", null);
        assertThat(Loops.await(hub.ask("b", new Text("x"), PATIENCE))).isEqualTo(new Answer.NoConnection());
    }

    @Test
    void aQuestionEndsWithItsPatienceAndTheLinkLearnsIt() {
        TestClient a = open(1, "a", null);
        CompletableFuture<Answer> asked = hub.ask("a", new Text("x"), Duration.ofMillis(50));
        assertThat(Loops.await(asked)).isEqualTo(new Answer.TooLate());
        await().until(() -> a.asked.getFirst().isDone());
    }

    @Test
    void whoeverLeavesWaitsNoMoreAndTheLinkLearnsIt() {
        TestClient a = open(1, "a", null);
        CompletableFuture<Answer> asked = hub.ask("a", new Text("x"), PATIENCE);
        await().until(() -> a.asked.size() == 1);
        asked.cancel(false);
        await().until(() -> a.asked.getFirst().isDone());
    }

    @Test
    void questionsAndMessagesKeepTheirOrder() {
        TestClient a = open(1, "a", null);
        var expected = new ArrayList<String>();
        for (int i = 0; i < 100; i++) {
            var _ = hub.send(Audience.connection("a"), new Text("" + i));
            var _ = hub.ask("a", new Text("" + i), PATIENCE);
            expected.addAll(List.of("json:" + i, "?" + i));
        }
        await().untilAsserted(() -> assertThat(a.received).isEqualTo(expected));
    }

    /** Matches users whose id starts with its source. */
    private record UserStartsWith(String source) implements Filter {
        @Override
        public boolean matches(Connection connection) {
            String user = connection.userId();
            return user != null && user.startsWith(source);
        }
    }

    /** Matches every fifth connection or so. */
    private record Fifth(int rest) implements Filter {
        @Override
        public String source() {
            return "fifth " + rest;
        }

        @Override
        public boolean matches(Connection connection) {
            return Math.floorMod(connection.id().hashCode(), 5) == rest;
        }
    }

    private static final Filter NOT_IN_G = new Filter() {
        @Override
        public String source() {
            return "not in g";
        }

        @Override
        public boolean matches(Connection connection) {
            return !connection.isIn("g");
        }
    };

    @Test
    void aFilterChoosesFromTheScope() {
        TestClient ann = open(0, "a", "ann");
        TestClient anton = open(1, "b", "anton");
        TestClient bob = open(1, "c", "bob");
        TestClient nobody = open(0, "d", null);
        Audience an = Audience.all().through(new UserStartsWith("an"));

        send(an.except(Set.of("b")), "x");
        send(Audience.user("ann").through(new UserStartsWith("b")), "no");
        send(Audience.connection("c").through(new UserStartsWith("an")), "no");
        assertThat(Loops.await(hub.join(an, "g"))).isEqualTo(2);
        send(Audience.group("g").through(new UserStartsWith("ant")), "y");
        assertThat(Loops.await(hub.close(an.except(Set.of("a")), Disconnect.NORMAL)))
                .isEqualTo(1);

        assertThat(ann.received).containsExactly("json:x");
        assertThat(anton.received).containsExactly("json:y");
        assertThat(bob.received).isEmpty();
        assertThat(nobody.received).isEmpty();
        assertThat(anton.closes).containsExactly(Disconnect.NORMAL);
        assertThat(ann.closes).isEmpty();
    }

    @Test
    void anExecutionDoesItsStepsInOrderForEachConnection() {
        TestClient a = open(0, "a", "ann");
        TestClient b = open(1, "b", "bob");
        add("ann", "left", null);
        List<Step> steps = List.of(
                new Step.Send(new Text("1")),
                new Step.Join("g"),
                new Step.Leave("left"),
                new Step.Send(new Text("2")),
                new Step.Close(Disconnect.NORMAL),
                new Step.Send(new Text("to nobody")),
                new Step.Join("never"));
        assertThat(Loops.await(hub.execute(Audience.all(), steps))).isEqualTo(2);
        for (TestClient each : List.of(a, b)) {
            assertThat(each.received).containsExactly("json:1", "json:2");
            assertThat(each.closes).containsExactly(Disconnect.NORMAL);
        }
        assertThat(Loops.await(hub.exists(Audience.group("g")))).isTrue();
        assertThat(Loops.await(hub.exists(Audience.group("left")))).isFalse();
        assertThat(Loops.await(hub.exists(Audience.group("never")))).isFalse();
        assertThat(Loops.await(hub.execute(Audience.group("never"), steps))).isZero();
        assertThat(Loops.await(hub.execute(Audience.all(), List.of()))).isEqualTo(2);
    }

    @Test
    void whomAnExecutionIsForIsDecidedBeforeItsFirstStep() {
        TestClient a = open(0, "a", null);
        TestClient b = open(1, "b", null);
        Loops.await(hub.join(Audience.connection("b"), "g"));
        List<Step> steps = List.of(new Step.Join("g"), new Step.Send(new Text("x")));
        assertThat(Loops.await(hub.execute(Audience.all().through(NOT_IN_G), steps)))
                .isEqualTo(1);
        assertThat(a.received).containsExactly("json:x");
        assertThat(b.received).isEmpty();
    }

    /** Group members who leave or end are walked over while they are walked through. */
    @Test
    void anExecutionMayTakeAwayWhomItIsFor() {
        for (int i = 0; i < 20; i++) {
            open(i % 2, "c" + i, null).leaveOnClose = i % 3 == 0;
        }
        Loops.await(hub.join(Audience.all(), "g"));
        List<Step> steps = List.of(new Step.Leave("g"), new Step.Close(Disconnect.NORMAL));
        assertThat(Loops.await(hub.execute(Audience.group("g"), steps))).isEqualTo(20);
        assertThat(Loops.await(hub.exists(Audience.group("g")))).isFalse();
        assertThat(Loops.await(hub.members(new Audience.Scope.All(), null, 100)))
                .hasSize(13);
    }

    @Test
    void nothingComesBetweenTheStepsOfAnExecution() {
        TestClient a = open(0, "a", null);
        TestClient b = open(1, "b", null);
        var senders = new ArrayList<Thread>();
        for (String sender : List.of("x", "y")) {
            senders.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 200; i++) {
                    var _ = hub.execute(
                            Audience.all(),
                            List.of(new Step.Send(new Text(sender + i)), new Step.Send(new Text("and " + sender + i))));
                }
            }));
        }
        await().untilAsserted(() -> {
            assertThat(a.received).hasSize(800);
            assertThat(b.received).hasSize(800);
        });
        for (TestClient each : List.of(a, b)) {
            for (int i = 0; i < 800; i += 2) {
                assertThat(each.received.get(i + 1))
                        .isEqualTo(each.received.get(i).replace("json:", "json:and "));
            }
        }
        assertThat(senders).allSatisfy(thread -> thread.join(Duration.ofSeconds(10)));
    }

    @Test
    void listsWhoIsThereInTheOrderOfTheirIds() {
        for (String id : List.of("d", "b", "e", "a", "c")) {
            open(id.charAt(0) % 2, id, id.equals("c") ? null : "user of " + id);
        }
        Loops.await(hub.join(Audience.all().except(Set.of("e")), "g"));
        var group = new Audience.Scope.Group("g");
        assertThat(Loops.await(hub.members(group, null, 10)))
                .containsExactly(
                        new Member("a", "user of a"),
                        new Member("b", "user of b"),
                        new Member("c", null),
                        new Member("d", "user of d"));
        assertThat(ids(group, null, 2)).containsExactly("a", "b");
        assertThat(ids(group, "b", 2)).containsExactly("c", "d");
        assertThat(ids(group, "bb", 1)).containsExactly("c");
        assertThat(ids(group, "d", 2)).isEmpty();
        assertThat(ids(new Audience.Scope.Group("other"), null, 2)).isEmpty();
        assertThat(ids(new Audience.Scope.User("user of e"), null, 2)).containsExactly("e");
        assertThat(ids(new Audience.Scope.One("e"), null, 2)).containsExactly("e");
        assertThat(ids(new Audience.Scope.One("e"), "e", 2)).isEmpty();
    }

    @Test
    void whoStaysIsListedOnceWhateverTheOthersDo() {
        var staying = new TreeSet<String>();
        var random = new Random(22);
        for (int i = 0; i < 300; i++) {
            String id = Long.toString(random.nextLong(), 36);
            open(i % 2, id, null);
            if (i % 3 > 0) {
                staying.add(id);
            }
        }
        Loops.await(hub.join(Audience.all(), "g"));
        var seen = new ArrayList<String>();
        List<String> page = ids(new Audience.Scope.Group("g"), null, 7);
        while (!page.isEmpty()) {
            seen.addAll(page);
            Audience leaving = Audience.all().except(staying).through(new Fifth(random.nextInt(5)));
            Loops.await(hub.remove(leaving, "g"));
            Loops.await(hub.join(Audience.all().through(new Fifth(random.nextInt(5))), "g"));
            page = ids(new Audience.Scope.Group("g"), seen.getLast(), 7);
        }
        assertThat(seen).doesNotHaveDuplicates().isSorted().containsAll(staying);
    }

    private boolean allows(String connection, @Nullable String group) {
        return Loops.await(hub.allows(connection, Permission.SEND_TO_GROUP, group));
    }

    @Test
    void permissionsAreGrantedAskedForAndRevokedWhereverTheConnectionIs() {
        open(0, "a", "ann");
        open(1, "b", "ann");
        assertThat(allows("a", "g")).isFalse();
        for (String id : List.of("a", "b")) {
            assertThat(Loops.await(hub.grant(Audience.connection(id), Permission.SEND_TO_GROUP, "g")))
                    .isEqualTo(1);
            assertThat(allows(id, "g")).isTrue();
            assertThat(allows(id, "h")).isFalse();
            assertThat(allows(id, null)).isFalse();
            assertThat(Loops.await(hub.allows(id, Permission.JOIN_LEAVE_GROUP, "g")))
                    .isFalse();
        }
        assertThat(Loops.await(hub.grant(Audience.user("ann"), Permission.SEND_TO_GROUP, null)))
                .isEqualTo(2);
        assertThat(allows("a", null)).isTrue();
        assertThat(allows("b", "h")).isTrue();
        assertThat(Loops.await(hub.revoke(Audience.connection("b"), Permission.SEND_TO_GROUP, "h")))
                .isEqualTo(1);
        assertThat(allows("b", "h")).isFalse();
        assertThat(allows("b", null)).isFalse();
        assertThat(allows("a", "h")).isTrue();
        assertThat(Loops.await(hub.revoke(Audience.all(), Permission.SEND_TO_GROUP, null)))
                .isEqualTo(2);
        assertThat(allows("a", "g")).isFalse();
    }

    @Test
    void nobodyIsAllowedAnythingWhoIsNotThere() {
        assertThat(Loops.await(hub.grant(Audience.connection("a"), Permission.SEND_TO_GROUP, null)))
                .isZero();
        assertThat(Loops.await(hub.revoke(Audience.connection("a"), Permission.SEND_TO_GROUP, null)))
                .isZero();
        assertThat(allows("a", null)).isFalse();
        TestClient a = open(0, "a", null);
        Loops.await(hub.grant(Audience.connection("a"), Permission.SEND_TO_GROUP, null));
        loops.on(0, () -> {
            hub.leave(a.connection, loops.get(0), Disconnect.NORMAL);
            return true;
        });
        assertThat(allows("a", "g")).isFalse();
        open(0, "a", null);
        assertThat(allows("a", "g")).isFalse();
    }

    @Test
    void grantsAndRevocationsOfOneCallerTakeEffectInTheirOrder() {
        open(1, "a", null);
        Audience a = Audience.connection("a");
        var answers = new ArrayList<CompletionStage<Boolean>>();
        for (int i = 0; i < 200; i++) {
            var _ = hub.grant(a, Permission.SEND_TO_GROUP, "g");
            answers.add(hub.allows("a", Permission.SEND_TO_GROUP, "g"));
            var _ = hub.revoke(a, Permission.SEND_TO_GROUP, "g");
            answers.add(hub.allows("a", Permission.SEND_TO_GROUP, "g"));
        }
        for (int i = 0; i < answers.size(); i++) {
            assertThat(Loops.await(answers.get(i))).as("answer %d", i).isEqualTo(i % 2 == 0);
        }
    }

    @Test
    void aGrantThatAConnectionHasNoPlaceForFailsAndTheOthersHaveIt() {
        open(0, "a", null);
        open(1, "b", null);
        for (int i = 0; i < Permissions.MAX_GROUPS; i++) {
            var _ = hub.grant(Audience.connection("a"), Permission.SEND_TO_GROUP, "g" + i);
        }
        assertThatThrownBy(() -> Loops.await(hub.grant(Audience.all(), Permission.SEND_TO_GROUP, "more")))
                .hasCauseInstanceOf(PermissionsFull.class)
                .hasMessageContaining("1000");
        assertThat(allows("a", "more")).isFalse();
        assertThat(allows("b", "more")).isTrue();

        Loops.await(hub.grant(Audience.connection("a"), Permission.SEND_TO_GROUP, null));
        for (int i = 0; i < Permissions.MAX_GROUPS; i++) {
            var _ = hub.revoke(Audience.connection("a"), Permission.SEND_TO_GROUP, "g" + i);
        }
        assertThatThrownBy(() -> Loops.await(hub.revoke(Audience.all(), Permission.SEND_TO_GROUP, "more")))
                .hasCauseInstanceOf(PermissionsFull.class);
        assertThat(allows("a", "more")).isTrue();
        assertThat(allows("b", "more")).isFalse();
    }

    @Test
    void aLinkHearsOnceOfEachGroupThatItsConnectionJoinsOrLeaves() {
        TestClient a = open(0, "a", "ann");
        TestClient b = open(1, "b", null);
        Audience one = Audience.connection("a");
        Loops.await(hub.join(one, "g"));
        Loops.await(hub.join(one, "g"));
        Loops.await(hub.join(Audience.all(), "g"));
        assertThat(a.presence).containsExactly("+g");
        assertThat(b.presence).containsExactly("+g");
        Loops.await(hub.remove(Audience.group("g"), "g"));
        Loops.await(hub.remove(one, "g"));
        assertThat(a.presence).containsExactly("+g", "-g");
        assertThat(b.presence).containsExactly("+g", "-g");
        Loops.await(hub.join(one, "h"));
        Loops.await(hub.join(one, "i"));
        Loops.await(hub.removeFromAll(one));
        Loops.await(hub.removeFromAll(one));
        assertThat(a.presence.subList(2, 4)).containsExactly("+h", "+i");
        assertThat(a.presence.subList(4, a.presence.size())).containsExactlyInAnyOrder("-h", "-i");
        assertThat(b.presence).hasSize(2);
    }

    @Test
    void aSecondCauseIsNoNewsAndTheEndOfOneOfTwoIsNeither() {
        TestClient a = open(0, "a", "ann");
        add("ann", "g", Duration.ofMillis(200));
        Loops.await(hub.join(Audience.connection("a"), "g"));
        assertThat(a.presence).containsExactly("+g");
        await().until(() -> !Loops.await(hub.hasUser("ann", "g")));
        loops.settle();
        assertThat(a.presence).containsExactly("+g");
        add("ann", "g", null);
        Loops.await(hub.removeUser("ann", "g"));
        assertThat(a.presence).containsExactly("+g", "-g");

        add("ann", "h", Duration.ofMillis(200));
        await().untilAsserted(() -> assertThat(a.presence).containsExactly("+g", "-g", "+h", "-h"));
        add("ann", "i", null);
        Loops.await(hub.removeUserFromAll("ann"));
        assertThat(a.presence).endsWith("+i", "-i").hasSize(6);
    }

    @Test
    void aLinkHearsOfTheGroupsThatItsUserBringsAlong() {
        add("ann", "g", null);
        TestClient a = open(1, "a", "ann");
        assertThat(a.presence).containsExactly("+g");
    }

    @Test
    void theStepsOfAnExecutionAreToldInTheirOrder() {
        TestClient a = open(0, "a", null);
        TestClient b = open(1, "b", null);
        Loops.await(hub.join(Audience.connection("b"), "g"));
        List<Step> steps = List.of(new Step.Leave("g"), new Step.Join("h"), new Step.Join("h"), new Step.Leave("h"));
        Loops.await(hub.execute(Audience.all(), steps));
        assertThat(a.presence).containsExactly("+h", "-h");
        assertThat(b.presence).containsExactly("+g", "-g", "+h", "-h");
    }

    @Test
    void whoLeavesTheHubIsNotToldOfItsGroups() {
        TestClient a = open(0, "a", null);
        a.leaveOnClose = true;
        Loops.await(hub.join(Audience.all(), "g"));
        Loops.await(hub.close(Audience.all(), Disconnect.NORMAL));
        assertThat(Loops.await(hub.exists(Audience.group("g")))).isFalse();
        assertThat(a.presence).containsExactly("+g");
    }

    @Test
    void aLinkThatFailsCostsNobodyTheChange() {
        var clients = new ArrayList<TestClient>();
        for (int i = 0; i < 6; i++) {
            TestClient client = open(i % 2, "c" + i, null);
            client.onPresence = i % 3 == 0
                    ? () -> {
                        throw new IllegalStateException("planted");
                    }
                    : () -> {};
            clients.add(client);
        }
        assertThat(Loops.await(hub.join(Audience.all(), "g"))).isEqualTo(6);
        assertThat(Loops.await(hub.join(Audience.all(), "h"))).isEqualTo(6);
        send(Audience.group("g"), "x");
        assertThat(Loops.await(
                        hub.execute(Audience.all(), List.of(new Step.Leave("g"), new Step.Send(new Text("left"))))))
                .isEqualTo(6);
        assertThat(Loops.await(hub.removeFromAll(Audience.all()))).isEqualTo(6);
        for (TestClient client : clients) {
            assertThat(client.presence).containsExactly("+g", "+h", "-g", "-h");
            assertThat(client.received).containsExactly("json:x", "json:left");
        }
        assertThat(Loops.await(hub.exists(Audience.group("h")))).isFalse();
    }

    /** Whatever ends a connection in the middle of a change, nothing more is said to its link. */
    @Test
    void whoEndsWhileItIsToldIsToldNoMore() {
        TestClient a = open(0, "a", null);
        TestClient b = open(0, "b", null);
        for (String group : List.of("g", "h")) {
            Loops.await(hub.join(Audience.all(), group));
        }
        a.onPresence = () -> hub.leave(a.connection, loops.get(0), Disconnect.NORMAL);
        Loops.await(hub.removeFromAll(Audience.all()));
        assertThat(a.presence).hasSize(3).startsWith("+g", "+h");
        assertThat(b.presence).hasSize(4);

        b.onPresence = () -> hub.leave(b.connection, loops.get(0), Disconnect.NORMAL);
        List<Step> steps = List.of(new Step.Join("i"), new Step.Send(new Text("x")), new Step.Close(Disconnect.NORMAL));
        Loops.await(hub.execute(Audience.all(), steps));
        assertThat(b.presence).endsWith("+i");
        assertThat(b.received).isEmpty();
        assertThat(b.closes).isEmpty();
        assertThat(Loops.await(hub.exists(Audience.all()))).isFalse();
        assertThat(Loops.await(hub.exists(Audience.group("i")))).isFalse();
    }

    private List<String> ids(Audience.Scope scope, @Nullable String after, int limit) {
        return Loops.await(hub.members(scope, after, limit)).stream()
                .map(Member::connectionId)
                .toList();
    }

    @Test
    void knowsWhoExists() {
        open(0, "a", "ann");
        assertThat(Loops.await(hub.exists(Audience.all()))).isTrue();
        assertThat(Loops.await(hub.exists(Audience.connection("a")))).isTrue();
        assertThat(Loops.await(hub.exists(Audience.user("ann")))).isTrue();
        assertThat(Loops.await(hub.exists(Audience.user("bob")))).isFalse();
        assertThat(Loops.await(hub.exists(Audience.group("g")))).isFalse();
    }

    @Test
    void aUsersMembershipTakesInConnectionsOfNowAndLater() {
        TestClient now = open(0, "a", "ann");
        add("ann", "g", null);
        TestClient later = open(1, "b", "ann");
        send(Audience.group("g"), "x");
        assertThat(now.received).containsExactly("json:x");
        assertThat(later.received).containsExactly("json:x");
        assertThat(Loops.await(hub.hasUser("ann", "g"))).isTrue();
    }

    @Test
    void aMembershipIsThereWithoutAnyConnection() {
        add("ann", "g", Duration.ofMinutes(1));
        assertThat(Loops.await(hub.hasUser("ann", "g"))).isTrue();
        assertThat(Loops.await(hub.hasUser("bob", "g"))).isFalse();
        assertThat(Loops.await(hub.exists(Audience.group("g")))).isFalse();
    }

    @Test
    void removingAUserTakesItsConnectionsOutWhateverMadeThemMembers() {
        TestClient a = open(0, "a", "ann");
        add("ann", "g", null);
        Loops.await(hub.join(Audience.connection("a"), "g"));
        Loops.await(hub.removeUser("ann", "g"));
        send(Audience.group("g"), "x");
        assertThat(a.received).isEmpty();
        assertThat(Loops.await(hub.hasUser("ann", "g"))).isFalse();
    }

    @Test
    void removingAUserFromAllGroupsForgetsAllAndEmptiesAll() {
        TestClient a = open(0, "a", "ann");
        add("ann", "g1", null);
        add("ann", "g2", Duration.ofMinutes(1));
        Loops.await(hub.join(Audience.connection("a"), "g3"));
        Loops.await(hub.removeUserFromAll("ann"));
        for (String group : List.of("g1", "g2", "g3")) {
            send(Audience.group(group), group);
            assertThat(Loops.await(hub.hasUser("ann", group))).isFalse();
        }
        TestClient later = open(1, "b", "ann");
        send(Audience.group("g1"), "x");
        assertThat(a.received).isEmpty();
        assertThat(later.received).isEmpty();
    }

    @Test
    void aMembershipEndsWithItsTimeAndTakesLiveConnectionsWithIt() {
        TestClient through = open(0, "a", "ann");
        TestClient itself = open(1, "b", "ann");
        Loops.await(hub.join(Audience.connection("b"), "g"));
        add("ann", "g", Duration.ofMillis(300));
        send(Audience.group("g"), "before");

        await().until(() -> !Loops.await(hub.hasUser("ann", "g")));
        loops.settle();
        send(Audience.group("g"), "after");

        assertThat(through.received).containsExactly("json:before");
        assertThat(itself.received).containsExactly("json:before", "json:after");
    }

    @Test
    void renewingAMembershipReplacesItsTime() {
        TestClient a = open(0, "a", "ann");
        add("ann", "short", Duration.ofMillis(200));
        add("ann", "g", Duration.ofMillis(200));
        add("ann", "g", Duration.ofMinutes(5));
        await().until(() -> !Loops.await(hub.hasUser("ann", "short")));
        loops.settle();
        send(Audience.group("g"), "x");
        assertThat(a.received).containsExactly("json:x");
    }

    @Test
    void theHundredLatestLastingMembershipsAreKept() {
        TestClient a = open(0, "a", "ann");
        add("ann", "timed", Duration.ofMinutes(5));
        for (int i = 0; i < 100; i++) {
            add("ann", "g" + i, null);
        }
        assertThat(Loops.await(hub.hasUser("ann", "g0"))).isTrue();
        add("ann", "g0", null); // now g1 is the one that was updated longest ago
        add("ann", "g100", null);

        assertThat(Loops.await(hub.hasUser("ann", "g1"))).isFalse();
        assertThat(Loops.await(hub.hasUser("ann", "g0"))).isTrue();
        assertThat(Loops.await(hub.hasUser("ann", "g2"))).isTrue();
        assertThat(Loops.await(hub.hasUser("ann", "timed"))).isTrue();
        loops.settle();
        send(Audience.group("g1"), "evicted");
        send(Audience.group("g2"), "kept");
        assertThat(a.received).containsExactly("json:kept");
    }

    @Test
    void hubsDoNotShareUsers() {
        add("ann", "g", null);
        assertThat(Loops.await(hubs.named("other").hasUser("ann", "g"))).isFalse();
        assertThat(Loops.await(hub.hasUser("Ann", "g"))).isFalse();
    }

    @Test
    void aConnectionThatEndsWhileItsGroupsAreAskedForLeavesNothingBehind() {
        add("ann", "g", null);
        var client = new TestClient(hub, loops.get(0), "a", "ann", json);
        CompletionStage<Boolean> opened = loops.on(0, () -> {
            CompletionStage<Boolean> opening = hub.open(client.connection, loops.get(0));
            hub.leave(client.connection, loops.get(0), Disconnect.NORMAL);
            return opening;
        });
        Loops.await(opened);
        assertThat(Loops.await(hub.exists(Audience.group("g")))).isFalse();
    }

    @Test
    void removingAUserOvertakesNoConnectionThatIsJustOpening() {
        for (int i = 0; i < 3000; i++) {
            int loop = i % 2;
            String user = "u" + i;
            add(user, "g", null);
            var client = new TestClient(hub, loops.get(loop), "c" + i, user, json);
            CompletionStage<Boolean> opened = loops.on(loop, () -> hub.open(client.connection, loops.get(loop)));
            Loops.await(hub.removeUser(user, "g"));
            Loops.await(opened);
            assertThat(Loops.await(hub.exists(Audience.group("g"))))
                    .as("round %d", i)
                    .isFalse();
        }
    }
}
