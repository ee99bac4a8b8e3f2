package io.tidewire.backplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidewire.hub.Answer;
import io.tidewire.hub.Audience;
import io.tidewire.hub.Backplane;
import io.tidewire.hub.Disconnect;
import io.tidewire.hub.Fanout;
import io.tidewire.hub.Hub;
import io.tidewire.hub.Hubs;
import io.tidewire.hub.Loops;
import io.tidewire.hub.Observer;
import io.tidewire.hub.TestClient;
import io.tidewire.hub.TestClient.Text;
import io.tidewire.hub.TestClient.TextDialect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
