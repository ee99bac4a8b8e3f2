package io.tidewire.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidewire.backplane.embedded.EmbeddedBackplane;
import io.tidewire.hub.TestClient.Text;
import io.tidewire.hub.TestClient.TextDialect;
import io.tidewire.hub.TestClient.TextFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HubTest {
    private final Loops loops = new Loops(3);
    private final Counts counts = new Counts();
    private final Fanout fanout = new Fanout(loops.all(), counts);
    private final Hubs hubs = new Hubs(fanout, new EmbeddedBackplane(fanout, loops.all()));
    private final Hub hub = hubs.named("chat");
    private final TextDialect json = new TextDialect(0, "json");
    private final TextDialect binary = new TextDialect(1, "binary");

    /** Adds up what the hub says. Written by three threads, read when they are idle. */
    private static final class Counts implements Observer {
        int opened;
        int receivers;
        long bytes;
        final List<Disconnect> closed = new ArrayList<>();
        final List<String> dropped = new ArrayList<>();

        @Override
        public synchronized void opened(String hub) {
            opened++;
        }

        @Override
        public synchronized void closed(String hub, Disconnect why) {
            closed.add(why);
        }

        @Override
        public void received(String hub, int bytes) {}

        @Override
        public synchronized void delivered(String hub, int receivers, long bytes) {
            this.receivers += receivers;
            this.bytes += bytes;
        }

        @Override
        public synchronized void dropped(String hub, String reason) {
            dropped.add(reason);
        }

        @Override
        public void refused(String reason) {}
    }

    @AfterEach
    void stop() {
        loops.close();
    }

    private TestClient open(int loop, String id, @Nullable String user) {
        return open(hub, loop, id, user, json);
    }

    private TestClient open(Hub hub, int loop, String id, @Nullable String user, Dialect dialect) {
        var client = new TestClient(hub, loops.get(loop), id, user, dialect);
        CompletionStage<Boolean> opened = loops.on(loop, () -> hub.open(client.connection, loops.get(loop)));
        assertThat(Loops.await(opened)).isTrue();
        return client;
    }

    private void send(Audience audience, String text) {
        Loops.await(hub.send(audience, new Text(text)));
        loops.settle();
    }

    @Test
    void aBroadcastReachesEveryConnectionOfTheHubAndOfNoOther() {
        TestClient a = open(0, "a", null);
        TestClient b = open(1, "b", "ann");
        TestClient stranger = open(hubs.named("other"), 1, "c", "ann", json);

        send(Audience.all(), "hi");

        assertThat(a.received).containsExactly("json:hi");
        assertThat(b.received).containsExactly("json:hi");
        assertThat(stranger.received).isEmpty();
        assertThat(counts.receivers).isEqualTo(2);
        assertThat(counts.bytes).isEqualTo(2L * "json:hi".length());
    }

    @Test
    void aMessageIsEncodedOnceForEachDialectInUseAndGivenBack() {
        for (int i = 0; i < 30; i++) {
            open(hub, i % 3, "c" + i, null, i % 2 == 0 ? json : binary);
        }
        send(Audience.all(), "x");

        // Two shards may encode at the same time; what is surplus is given back at once.
        assertThat(json.encoded).isNotEmpty();
        assertThat(binary.encoded).isNotEmpty();
        assertThat(json.encoded).extracting(TextFrame::references).containsOnly(0);
        assertThat(binary.encoded).extracting(TextFrame::references).containsOnly(0);
        assertThat(counts.receivers).isEqualTo(30);
    }

    @Test
    void aShardEncodesOnceForAllItsMembers() {
        for (int i = 0; i < 10; i++) {
            open(0, "c" + i, null);
        }
        send(Audience.all(), "x");
        assertThat(json.encoded).hasSize(1);
    }

    @Test
    void aMessageWithNothingForADialectReachesTheOthers() {
        TestClient text = open(hub, 0, "a", null, json);
        TestClient bin = open(hub, 0, "b", null, binary);
        send(Audience.all(), "!binary only");
        assertThat(text.received).hasSize(1);
        assertThat(bin.received).isEmpty();
    }

    @Test
    void anEncoderThatFailsIsCountedAndStopsNobody() {
        TestClient a = open(0, "a", null);
        send(Audience.all(), "broken");
        send(Audience.all(), "fine");
        assertThat(a.received).containsExactly("json:fine");
        assertThat(counts.dropped).containsExactly("EncodingFailed");
    }

    @Test
    void aLinkThatCannotBeToldIsCountedAndStopsNobody() {
        TestClient a = open(0, "a", null);
        TestClient b = open(0, "b", null);
        b.onPresence = () -> {
            throw new IllegalStateException("planted");
        };
        assertThat(Loops.await(hub.join(Audience.all(), "g"))).isEqualTo(2);
        assertThat(a.presence).containsExactly("+g");
        assertThat(counts.dropped).containsExactly("LinkFailed");
    }

    @Test
    void aReceiverThatFailsCostsTheOthersNothing() {
        TestClient a = open(0, "a", null);
        TestClient b = open(0, "b", null);
        TestClient c = open(0, "c", null);
        b.onDeliver = () -> {
            throw new IllegalStateException("planted");
        };
        send(Audience.all(), "x");
        assertThat(a.received).hasSize(1);
        assertThat(c.received).hasSize(1);
        assertThat(counts.receivers).isEqualTo(2);
        assertThat(counts.dropped).containsExactly("DeliveryFailed");
        assertThat(json.encoded).extracting(TextFrame::references).containsOnly(0);
    }

    @Test
    void exclusionsHoldForEveryScope() {
        TestClient a = open(0, "a", "ann");
        TestClient b = open(1, "b", "ann");
        Loops.await(hub.join(Audience.all(), "g"));

        send(Audience.all().except(Set.of("a", "unknown")), "1");
        send(Audience.user("ann").except(Set.of("a")), "2");
        send(Audience.group("g").except(Set.of("a")), "3");
        send(Audience.connection("a").except(Set.of("a")), "4");

        assertThat(a.received).isEmpty();
        assertThat(b.received).containsExactly("json:1", "json:2", "json:3");
    }

    @Test
    void aUserIsAllOfItsConnections() {
        TestClient a = open(0, "a", "ann");
        TestClient b = open(1, "b", "ann");
        TestClient c = open(1, "c", "Ann");
        send(Audience.user("ann"), "hi");
        assertThat(a.received).hasSize(1);
        assertThat(b.received).hasSize(1);
        assertThat(c.received).isEmpty();
    }

    @Test
    void joinAndRemoveAreInPlaceWhenTheyAnswer() {
        TestClient a = open(0, "a", null);
        assertThat(Loops.await(hub.exists(Audience.group("g")))).isFalse();

        assertThat(Loops.await(hub.join(Audience.connection("a"), "g"))).isEqualTo(1);
        assertThat(Loops.await(hub.exists(Audience.group("g")))).isTrue();
        send(Audience.group("g"), "in");

        assertThat(Loops.await(hub.remove(Audience.connection("a"), "g"))).isEqualTo(1);
        assertThat(Loops.await(hub.exists(Audience.group("g")))).isFalse();
        send(Audience.group("g"), "out");

        assertThat(a.received).containsExactly("json:in");
    }

    @Test
    void joiningTwiceDeliversOnceAndLeavesAtOnce() {
        TestClient a = open(0, "a", null);
        Loops.await(hub.join(Audience.connection("a"), "g"));
        Loops.await(hub.join(Audience.connection("a"), "g"));
        send(Audience.group("g"), "once");
        Loops.await(hub.remove(Audience.connection("a"), "g"));
        send(Audience.group("g"), "gone");
        assertThat(a.received).containsExactly("json:once");
    }

    @Test
    void aConnectionThatIsNotThereIsNobody() {
        open(0, "a", null);
        assertThat(Loops.await(hub.join(Audience.connection("nobody"), "g"))).isZero();
        assertThat(Loops.await(hub.close(Audience.connection("nobody"), Disconnect.NORMAL)))
                .isZero();
        assertThat(Loops.await(hub.exists(Audience.connection("nobody")))).isFalse();
        send(Audience.connection("nobody"), "lost");
        assertThat(counts.receivers).isZero();
    }

    @Test
    void removeFromAllGroupsKeepsTheConnection() {
        TestClient a = open(0, "a", null);
        Loops.await(hub.join(Audience.connection("a"), "g1"));
        Loops.await(hub.join(Audience.connection("a"), "g2"));
        Loops.await(hub.removeFromAll(Audience.connection("a")));
        send(Audience.group("g1"), "1");
        send(Audience.group("g2"), "2");
        send(Audience.all(), "3");
        assertThat(a.received).containsExactly("json:3");
    }

    @Test
    void leavingClearsEveryIndex() {
        TestClient a = open(0, "a", "ann");
        Loops.await(hub.join(Audience.connection("a"), "g"));
        loops.on(0, () -> {
            hub.leave(a.connection, loops.get(0), Disconnect.NORMAL);
            hub.leave(a.connection, loops.get(0), Disconnect.PING_TIMEOUT);
            return true;
        });
        for (Audience audience :
                List.of(Audience.all(), Audience.connection("a"), Audience.user("ann"), Audience.group("g"))) {
            assertThat(Loops.await(hub.exists(audience))).isFalse();
        }
        assertThat(counts.opened).isEqualTo(1);
        assertThat(counts.closed).containsExactly(Disconnect.NORMAL);
        open(1, "a", "ann");
    }

    @Test
    void anIdIsGivenOnce() {
        open(0, "a", null);
        var second = new TestClient(hub, loops.get(1), "a", null, json);
        assertThat(Loops.await(loops.on(1, () -> hub.open(second.connection, loops.get(1)))))
                .isFalse();
        send(Audience.all(), "x");
        assertThat(second.received).isEmpty();
    }

    @Test
    void closingTellsEachConnectionWhyAndSurvivesItsLeavingMeanwhile() {
        var clients = new ArrayList<TestClient>();
        for (int i = 0; i < 20; i++) {
            TestClient client = open(i % 3, "c" + i, "ann");
            client.leaveOnClose = true;
            clients.add(client);
        }
        Disconnect why = Disconnect.byApplication("enough");
        assertThat(Loops.await(hub.close(Audience.user("ann").except(Set.of("c7")), why)))
                .isEqualTo(19);
        for (TestClient client : clients) {
            assertThat(client.closes).isEqualTo(client == clients.get(7) ? List.of() : List.of(why));
        }
        assertThat(Loops.await(hub.exists(Audience.connection("c7")))).isTrue();
        assertThat(Loops.await(hub.exists(Audience.connection("c8")))).isFalse();
    }

    @Test
    void everyMemberIsReachedWhenMembersLeaveDuringTheWalk() {
        var clients = new ArrayList<TestClient>();
        for (int i = 0; i < 50; i++) {
            TestClient client = open(0, "c" + i, null);
            client.onDeliver = () -> hub.leave(client.connection, loops.get(0), Disconnect.NORMAL);
            clients.add(client);
        }
        send(Audience.all(), "x");
        assertThat(clients).allSatisfy(client -> assertThat(client.received).hasSize(1));
        assertThat(Loops.await(hub.exists(Audience.all()))).isFalse();
    }

    @Test
    void messagesOfOneCallerKeepTheirOrder() {
        TestClient a = open(0, "a", null);
        TestClient b = open(1, "b", null);
        var expected = new ArrayList<String>();
        for (int i = 0; i < 1000; i++) {
            var _ = hub.send(i % 7 == 0 ? Audience.connection("a") : Audience.all(), new Text("" + i));
            expected.add("json:" + i);
        }
        loops.settle();
        assertThat(a.received).isEqualTo(expected);
        assertThat(b.received).hasSize(1000 - 143);
    }

    @Test
    void theMessagesOfAnExecutionAreEncodedOnceForAllAndGivenBack() {
        for (int i = 0; i < 30; i++) {
            open(hub, 0, "c" + i, null, i % 2 == 0 ? json : binary);
        }
        List<Command.Step> steps = List.of(
                new Command.Step.Send(new Text("1")),
                new Command.Step.Send(new Text("!json 2")),
                new Command.Step.Send(new Text("broken")),
                new Command.Step.Send(new Text("3")));
        assertThat(Loops.await(hub.execute(Audience.all(), steps))).isEqualTo(30);

        assertThat(json.encoded).extracting(frame -> frame.text).containsExactlyInAnyOrder("json:1", "json:3");
        assertThat(binary.encoded)
                .extracting(frame -> frame.text)
                .containsExactlyInAnyOrder("binary:1", "binary:!json 2", "binary:3");
        assertThat(json.encoded).extracting(TextFrame::references).containsOnly(0);
        assertThat(binary.encoded).extracting(TextFrame::references).containsOnly(0);
        assertThat(counts.receivers).isEqualTo(15 * 2 + 15 * 3);
        assertThat(counts.dropped).containsExactly("EncodingFailed", "EncodingFailed");
    }

    /** What a filter costs is for the caller to choose. */
    @Test
    void othersHaveTheirTurnWhileAFilterIsSlow() {
        for (int i = 0; i < 30; i++) {
            open(0, "c" + i, null);
        }
        var asked = new AtomicInteger();
        var askedBeforeOthers = new AtomicInteger();
        var slow = new Filter() {
            @Override
            public String source() {
                return "slow";
            }

            @Override
            public boolean matches(Connection connection) {
                if (asked.getAndIncrement() == 0) {
                    loops.get(0).execute(() -> askedBeforeOthers.set(asked.get()));
                }
                long began = System.nanoTime();
                while (System.nanoTime() - began < 5_000_000) {
                    Thread.onSpinWait();
                }
                return true;
            }
        };
        List<Command.Step> steps = List.of(new Command.Step.Send(new Text("1")));
        assertThat(Loops.await(hub.execute(Audience.all().through(slow), steps)))
                .isEqualTo(30);

        assertThat(askedBeforeOthers).hasValue(1);
        assertThat(asked).hasValue(30);
        assertThat(counts.receivers).isEqualTo(30);
    }

    @Test
    void aSenderIsHeldBackWhileAShardLagsBehindAndRefusedWhenItDoesNotStop() {
        TestClient a = open(0, "a", null);
        var go = new CountDownLatch(1);
        loops.get(0).execute(() -> {
            try {
                go.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        String megabyte = "x".repeat(1 << 20);
        CompletableFuture<Void> last = CompletableFuture.completedFuture(null);
        int sent = 0;
        for (int i = 0; i < 16; i++) {
            last = hub.send(Audience.all(), new Text(megabyte)).toCompletableFuture();
            sent++;
        }
        assertThat(last).isNotDone();

        while (!last.isCompletedExceptionally() && sent < 1000) {
            last = hub.send(Audience.all(), new Text(megabyte)).toCompletableFuture();
            sent++;
        }
        CompletableFuture<Void> refused = last;
        assertThatThrownBy(refused::join).hasCauseInstanceOf(Overloaded.class);
        CompletableFuture<Void> held =
                hub.send(Audience.user("nobody"), new Text("x")).toCompletableFuture();
        assertThat(held).isDone();

        go.countDown();
        int accepted = sent - 1;
        loops.settle();
        assertThat(a.received).hasSize(accepted);
        assertThat(counts.dropped).containsExactly("Overloaded");
        Loops.await(hub.send(Audience.all(), new Text("again")));
    }

    @Test
    void aQuestionIsCountedWhenItReachedTheClient() {
        TestClient a = open(1, "a", null);
        var _ = hub.ask("a", new Text("12345"), Duration.ofMinutes(1));
        loops.settle();
        assertThat(a.asked).hasSize(1);
        assertThat(counts.receivers).isEqualTo(1);
        assertThat(counts.bytes).isEqualTo(5);
    }

    @Test
    void aLinkThatFailsToAskFailsTheQuestionAndNotTheShard() {
        TestClient a = open(1, "a", null);
        CompletableFuture<Answer> asked = hub.ask("a", new Text("broken"), Duration.ofMinutes(1));
        loops.settle();
        assertThat(asked).isCompletedExceptionally();
        assertThat(counts.dropped).containsExactly("DeliveryFailed");
        Loops.await(hub.send(Audience.all(), new Text("x")));
        loops.settle();
        assertThat(a.received).containsExactly("json:x");
    }

    @Test
    void nobodyIsAskedWhoseAskerHasLeft() throws InterruptedException {
        TestClient a = open(1, "a", null);
        var busy = new CountDownLatch(1);
        loops.get(1).execute(() -> {
            try {
                busy.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        CompletableFuture<Answer> asked = hub.ask("a", new Text("x"), Duration.ofMinutes(1));
        asked.cancel(false);
        busy.countDown();
        loops.settle();
        assertThat(a.asked).isEmpty();
    }

    /** As for messages: what waits for a shard is bounded. */
    @Test
    void questionsAreRefusedWhileTooMuchWaits() {
        TestClient a = open(1, "a", null);
        var busy = new CountDownLatch(1);
        loops.get(1).execute(() -> {
            try {
                busy.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Message big = () -> (int) Fanout.LIMIT + 1;
        var first = hub.ask("a", big, Duration.ofMinutes(1));
        CompletableFuture<Answer> second = hub.ask("a", new Text("x"), Duration.ofMinutes(1));
        assertThat(second).isCompletedExceptionally();
        first.cancel(false);
        busy.countDown();
        loops.settle();
        assertThat(counts.dropped).containsExactly("Overloaded");
        var _ = hub.ask("a", new Text("y"), Duration.ofMinutes(1));
        loops.settle();
        assertThat(a.received).containsExactly("?y");
    }
}
