package io.tidewire.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.backplane.embedded.EmbeddedBackplane;
import io.tidewire.hub.TestClient.TextDialect;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Somebody asks who is there, of a shard with so many members that others get their turn meanwhile. */
class MembersTest {
    private static final int MANY = Shard.MEMBERS_AT_A_TIME * 3;

    /** A loop whose passes the test makes. */
    private static final class ByHand implements Executor {
        private final Queue<Runnable> work = new ArrayDeque<>();

        @Override
        public void execute(Runnable task) {
            work.add(task);
        }

        /** Returns how many tasks there were. */
        int runAll() {
            int tasks = 0;
            for (Runnable task = work.poll(); task != null; task = work.poll()) {
                task.run();
                tasks++;
            }
            return tasks;
        }

        void runOne() {
            work.remove().run();
        }
    }

    private final ByHand loop = new ByHand();
    private final Fanout fanout = new Fanout(List.of(loop), Observer.NONE);
    private final Hub hub = new Hubs(fanout, new EmbeddedBackplane(fanout, List.of())).named("chat");
    private final TextDialect json = new TextDialect(0, "json");
    private final List<Connection> connections = new ArrayList<>();

    private void open(int from, int to) {
        for (int i = from; i < to; i++) {
            var client = new TestClient(hub, loop, "c%05d".formatted(i), null, json);
            connections.add(client.connection);
            assertThat(Loops.await(hub.open(client.connection, loop))).isTrue();
        }
    }

    @Test
    void oneQuestionTakesTheLoopForSomeMembersAtATime() {
        open(0, MANY);
        CompletionStage<List<Member>> answer = hub.members(new Audience.Scope.All(), null, 10);
        assertThat(loop.runAll()).isEqualTo(3);
        assertThat(Loops.await(answer)).hasSize(10);
    }

    @Test
    void whoStaysIsListedOnceWhenOthersComeAndGoMeanwhile() {
        open(0, MANY);
        CompletionStage<List<Member>> answer = hub.members(new Audience.Scope.All(), null, MANY * 2);
        var staying = new TreeSet<String>();
        connections.forEach(connection -> staying.add(connection.id()));
        // Those with the lowest places go, so that those from behind, seen or not, move to the front.
        for (int pass = 0; pass < 2; pass++) {
            loop.runOne();
            for (int i = pass * 600; i < (pass + 1) * 600; i++) {
                hub.leave(connections.get(i), loop, Disconnect.NORMAL);
                staying.remove(connections.get(i).id());
            }
            open(MANY + pass * 300, MANY + (pass + 1) * 300);
        }
        loop.runAll();
        assertThat(Loops.await(answer))
                .extracting(Member::connectionId)
                .doesNotHaveDuplicates()
                .isSorted()
                .containsAll(staying);
    }

    /** The rank only saves looking at ids; it must never hide one. */
    @Test
    void ranksAreInTheOrderOfTheIds() {
        var random = new Random(7);
        String characters = "\u0000Aaz09-_~\u007F\u0080\u00E9\u0101\uD83D\uDE00\uFFFF";
        var ids = new ArrayList<String>();
        for (int i = 0; i < 2_000; i++) {
            ids.add(random.ints(random.nextInt(7), 0, characters.length())
                    .mapToObj(at -> "" + characters.charAt(at))
                    .collect(Collectors.joining()));
        }
        ids.sort(null);
        assertThat(ids.stream().map(FirstMembers::rank)).isSorted();
        assertThat(ids.stream().map(FirstMembers::rank).distinct()).hasSizeGreaterThan(200);
    }

    @Test
    void idsThatBeginAlikeArePagedLikeOthers() {
        List<String> ids =
                List.of("a", "aaaa", "aaaa1", "aaaa2", "aaaab", "aaab", "b\u00E9", "b\u00E9x", "b\u0101", "c");
        for (String id : ids) { // and looked at from the end
            assertThat(Loops.await(hub.open(new TestClient(hub, loop, id, null, json).connection, loop)))
                    .isTrue();
        }
        for (int limit = 1; limit <= ids.size(); limit++) {
            var seen = new ArrayList<String>();
            String after = null;
            for (int page = 0; page <= ids.size() / limit; page++) {
                CompletionStage<List<Member>> answer = hub.members(new Audience.Scope.All(), after, limit);
                loop.runAll();
                for (Member member : Loops.await(answer)) {
                    seen.add(member.connectionId());
                    after = member.connectionId();
                }
            }
            assertThat(seen).as("pages of %d", limit).isEqualTo(ids);
        }
    }
}
