package io.tidewire.signalr.client;

import static io.tidewire.signalr.client.HubClient.call;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.ResourceLeakDetector;
import io.tidewire.app.TestTidewire;
import io.tidewire.transport.RawWebSocket;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Three hundred clients send garbage of every kind while one behaves; it misses nothing, and nothing is left behind. */
class HostileClientsTest {
    private static final long SEED = 20_250_301;
    private static final int CLIENTS = 300;
    private static final int AT_ONCE = 16;
    private static final int ROUNDS = 30;
    private static final int MAX_MESSAGE = 8 * 1024;
    private static final String PLANTED = "a planted leak";

    private static final String[] ALMOST = {
        "{\"type\":1,\"invocationId\":\"1\",\"target\":\"t\",\"arguments\":[1,\"two\",null]}\36",
        "{\"type\":4,\"invocationId\":\"1\",\"target\":\"t\",\"arguments\":[]}\36{\"type\":6}\36",
        "{\"type\":3,\"invocationId\":\"1\",\"result\":{\"a\":[[[[]]]]}}\36",
        "\n\225\1\200\2417\243Add\220",
        "\377\377\377\377\7",
        "{\"type\":7}\36"
    };

    private final Set<String> leaks = ConcurrentHashMap.newKeySet();

    @AfterEach
    void stopListening() {
        ByteBufUtil.setLeakListener(null);
    }

    @Test
    void garbageDisturbsNobodyAndLeaksNothing() throws Exception {
        assertThat(ResourceLeakDetector.getLevel()).isEqualTo(ResourceLeakDetector.Level.PARANOID);
        ByteBufUtil.setLeakListener((type, records) -> leaks.add(records));
        try (var server = TestTidewire.with()
                        .webSocket(MAX_MESSAGE, 64 * 1024, Duration.ofMillis(500))
                        .handshakeTimeout(Duration.ofSeconds(1))
                        .start();
                HubClient good = HubClient.json(server, "chat");
                var rest = server.rest();
                var hostile = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<?>> attacks = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                long seed = SEED + i;
                attacks.add(hostile.submit(() -> attack(server, new Random(seed))));
            }
            int sent = 0;
            boolean attacking = true;
            while (attacking || sent < 300) {
                attacking = attacks.stream().anyMatch(attack -> !attack.isDone());
                rest.send("chat", "", "t", "[" + sent + "]");
                assertThat(good.nextCall()).isEqualTo(call("t", "[" + sent + "]"));
                sent++;
            }
            for (Future<?> attack : attacks) {
                attack.get(1, TimeUnit.SECONDS);
            }
            await().untilAsserted(() -> assertThat(server.connections("chat")).isEqualTo(1));
            assertThat(server.closed("ServiceTransientError")).isZero();
            assertThat(server.closed("BadRequest"))
                    .as("some got as far as a hub message")
                    .isPositive();
        }
        assertNoLeaks();
    }

    private static void attack(TestTidewire server, Random random) {
        int depth = random.nextInt(4);
        try (RawWebSocket socket = RawWebSocket.open(server.port())) {
            if (depth > 0) {
                socket.upgrade("/client/?hub=chat", server.bearer("chat"));
            }
            if (depth > 1) {
                socket.text(random.nextBoolean() ? HubClient.JSON : HubClient.MESSAGE_PACK);
            }
            for (int i = 0; i < ROUNDS; i++) {
                if (depth == 0 || random.nextInt(20) == 0) {
                    socket.raw(bytes(random, 1 + random.nextInt(300)));
                } else {
                    int kind = random.nextBoolean() ? RawWebSocket.TEXT : RawWebSocket.BINARY;
                    int end = random.nextInt(8) == 0 ? 0 : RawWebSocket.FIN;
                    socket.frame(end | kind, depth == 3 ? almost(random) : bytes(random, random.nextInt(300)));
                }
            }
            switch (random.nextInt(3)) {
                case 0 -> socket.reset();
                case 1 -> socket.sendClose(1000, "");
                default -> socket.shutdownOutput();
            }
        } catch (UncheckedIOException thrownOut) {
            // As it should be.
        }
    }

    private static byte[] bytes(Random random, int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    /** A good message with a few bytes changed, cut, or far too long. */
    private static byte[] almost(Random random) {
        String one = ALMOST[random.nextInt(ALMOST.length)];
        byte[] bytes = one.getBytes(random.nextBoolean() ? UTF_8 : ISO_8859_1);
        return switch (random.nextInt(6)) {
            case 0 -> {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                yield bytes;
            }
            case 1 -> Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 2 -> Arrays.copyOf(bytes, random.nextInt(2 * MAX_MESSAGE));
            default -> bytes;
        };
    }

    private void assertNoLeaks() {
        ByteBufAllocator.DEFAULT.buffer(16).touch(PLANTED);
        await().untilAsserted(() -> {
            System.gc();
            // A new buffer makes the detector look at what was collected.
            ByteBufAllocator.DEFAULT.buffer(16).release();
            assertThat(leaks).anyMatch(leak -> leak.contains(PLANTED));
        });
        assertThat(leaks).allMatch(leak -> leak.contains(PLANTED));
    }
}
