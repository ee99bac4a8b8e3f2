package io.tidewire.webpubsub.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.app.TestTidewire;
import io.tidewire.auth.Claim;
import io.tidewire.http.RawHttp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Reliable clients whose WebSockets break all the time (reference D.5): whatever they, their groups and REST callers do at once, no message
 * is lost, none comes twice, those of one sender keep their order, and the numbers of a client go up by one.
 *
 * <p>A seed decides who does what; the threads decide when. A failure names its seed: {@code -Dtidewire.seed=...} runs it alone,
 * as often as {@code -Dtidewire.repeat} says.
 */
class ReliableHistoryTest {
    private static final int SEEDS = 200;
    private static final int CLIENTS = 3;
    private static final int STEPS = 20;
    private static final List<String> GROUPS = List.of("g", "h");
    private static final String END = "end";

    private static TestTidewire server;

    @BeforeAll
    static void start() {
        // So little that a client which comes back is not sent all at once.
        server = TestTidewire.with().set("websocket.maxUnsentBytes=16KiB").start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static List<Long> seeds() {
        Long one = Long.getLong("tidewire.seed");
        return one == null
                ? new Random(4).longs(SEEDS).boxed().toList()
                : IntStream.range(0, Integer.getInteger("tidewire.repeat", 1))
                        .mapToObj(_ -> one)
                        .toList();
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void nothingIsLostAndNothingComesTwice() {
        int hub = 0;
        for (long seed : seeds()) {
            try (var history = new History("history" + hub++, seed)) {
                history.run();
            } catch (Exception | AssertionError failed) {
                throw new AssertionError("seed " + seed + ": " + failed.getMessage(), failed);
            }
        }
    }

    /**
     * A message that was sent.
     *
     * @param number among those of the sender
     * @param receivers numbers of clients
     * @param mayBeLost whether nobody asked what became of it
     */
    private record Sent(String sender, int number, Set<Integer> receivers, boolean mayBeLost) {
        String data() {
            return sender + ":" + number;
        }
    }

    /** One seed. */
    private static final class History implements AutoCloseable {
        private final String hub;
        private final long seed;
        private final List<HistoryClient> clients = new ArrayList<>();
        private final Map<String, Set<Integer>> members = new HashMap<>();

        History(String hub, long seed) {
            this.hub = hub;
            this.seed = seed;
            var random = new Random(seed);
            for (int i = 0; i < CLIENTS; i++) {
                var groups = new ArrayList<String>();
                for (String group : GROUPS) {
                    if (random.nextInt(4) > 0) {
                        groups.add(group);
                        members.computeIfAbsent(group, _ -> new HashSet<>()).add(i);
                    }
                }
                String token = server.tokenFor(
                        "http://localhost/client/hubs/" + hub,
                        Claim.of("sub", "u" + i),
                        Claim.of("role", "webpubsub.sendToGroup"),
                        Claim.of("webpubsub.group", groups.toArray(String[]::new)));
                clients.add(new HistoryClient(server.webPubSubAddress().getPort(), hub, "c" + i, token));
            }
        }

        void run() throws Exception {
            var sent = new ArrayList<Sent>();
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var running = new ArrayList<Future<List<Sent>>>();
                for (int i = 0; i < CLIENTS; i++) {
                    int number = i;
                    running.add(threads.submit(() -> new Life(number).run()));
                }
                running.add(threads.submit(() -> {
                    try (var caller = new Caller("r", new Random(seed - 1))) {
                        for (int step = 0; step < STEPS; step++) {
                            caller.send();
                        }
                        return caller.sent;
                    }
                }));
                for (Future<List<Sent>> each : running) {
                    sent.addAll(each.get());
                }
            } catch (ExecutionException failed) {
                throw new AssertionError(String.valueOf(failed.getCause()), failed.getCause());
            }
            try (var caller = new Caller(END, new Random())) {
                caller.post("", END);
            }
            for (int i = 0; i < CLIENTS; i++) {
                clients.get(i).awaitMessage(END);
                check(i, clients.get(i), sent);
            }
        }

        private void check(int number, HistoryClient client, List<Sent> sent) {
            assertThat(client.complaint()).isNull();
            List<String> received = client.received();
            assertThat(received).as("none twice, to client %d", number).doesNotHaveDuplicates();
            assertThat(received).endsWith(END);
            var unexpected = new HashSet<>(received);
            unexpected.remove(END);
            var lastOf = new HashMap<String, Integer>();
            for (Sent message : sent) {
                unexpected.remove(message.receivers().contains(number) ? message.data() : "");
                int at = received.indexOf(message.data());
                if (message.receivers().contains(number) && !message.mayBeLost()) {
                    assertThat(at)
                            .as("%s is lost, to client %d: %s", message.data(), number, received)
                            .isNotNegative();
                }
                if (at >= 0) {
                    assertThat(at)
                            .as("%s in its order, to client %d: %s", message.data(), number, received)
                            .isGreaterThan(lastOf.getOrDefault(message.sender(), -1));
                    lastOf.put(message.sender(), at);
                }
            }
            assertThat(unexpected).as("to client %d", number).isEmpty();
        }

        private Set<Integer> membersOf(String group) {
            return members.getOrDefault(group, Set.of());
        }

        /** What one client does, and what comes over REST while it is away. */
        private final class Life {
            private final int number;
            private final HistoryClient client;
            private final Random random;
            private final List<Sent> sent = new ArrayList<>();

            Life(int number) {
                this.number = number;
                this.client = clients.get(number);
                this.random = new Random(seed + number);
            }

            List<Sent> run() {
                try (var meanwhile = new Caller("m" + number, random)) {
                    for (int step = 0; step < STEPS; step++) {
                        int what = random.nextInt(10);
                        if (what < 5) {
                            send(false);
                        } else if (what < 6) {
                            send(true);
                        } else if (what < 8) {
                            client.acknowledge(random.nextInt(3));
                        } else if (what < 9) {
                            client.cut();
                            for (int missed = random.nextInt(4); missed > 0; missed--) {
                                meanwhile.send();
                            }
                            client.comeBack();
                        } else {
                            client.comeBack(); // it noticed before the server could
                        }
                    }
                    send(false);
                    client.awaitAnswers();
                    sent.addAll(meanwhile.sent);
                    return sent;
                }
            }

            private void send(boolean mayBeLost) {
                String group = GROUPS.get(random.nextInt(GROUPS.size()));
                boolean noEcho = random.nextBoolean();
                var receivers = new HashSet<>(membersOf(group));
                if (noEcho) {
                    receivers.remove(number);
                }
                var message = new Sent("c" + number, sent.size(), receivers, mayBeLost);
                sent.add(message);
                if (mayBeLost) {
                    client.tryToSend(group, message.data(), noEcho);
                } else {
                    client.send(group, message.data(), noEcho);
                }
            }
        }

        /** Sends over REST, one message after the other. */
        private final class Caller implements AutoCloseable {
            private final String name;
            private final Random random;
            private final RawHttp http = RawHttp.connect(server.webPubSubAddress());
            final List<Sent> sent = new ArrayList<>();

            Caller(String name, Random random) {
                this.name = name;
                this.random = random;
            }

            void send() {
                int client = random.nextInt(CLIENTS);
                String group = GROUPS.get(random.nextInt(GROUPS.size()));
                switch (random.nextInt(4)) {
                    case 0 -> send("", IntStream.range(0, CLIENTS).boxed().toList());
                    case 1 -> send("/users/u" + client, List.of(client));
                    case 2 -> send("/connections/" + clients.get(client).id(), List.of(client));
                    default -> send("/groups/" + group, membersOf(group));
                }
            }

            private void send(String to, Iterable<Integer> receivers) {
                var set = new HashSet<Integer>();
                receivers.forEach(set::add);
                var message = new Sent(name, sent.size(), set, false);
                sent.add(message);
                post(to, message.data());
            }

            void post(String to, String data) {
                String path = "/api/hubs/" + hub + to + "/:send";
                RawHttp.Answer answer = http.body(
                                "POST",
                                path + "?api-version=2024-12-01",
                                data,
                                "Content-Type: text/plain",
                                "Authorization: Bearer " + server.tokenFor("http://localhost" + path))
                        .read();
                assertThat(answer.status()).as("%s: %s", path, answer).isEqualTo(202);
            }

            @Override
            public void close() {
                http.close();
            }
        }

        @Override
        public void close() {
            clients.forEach(HistoryClient::close);
        }
    }
}
