package io.tidewire.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.tidewire.http.Budget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** One flush for a burst; a bound on what is not sent; a slow client that is nobody else's problem (B24). */
@ParameterizedClass
@EnumSource(WebSocketFixture.Sockets.class)
class OutboxTest {
    @Parameter
    WebSocketFixture.Sockets sockets = WebSocketFixture.Sockets.EPOLL;

    private static final int BOUND = 256 * 1024;
    private static final WebSocketSettings SETTINGS =
            new WebSocketSettings(1024 * 1024, BOUND, Duration.ofSeconds(20), 1000);
    private static final WebSocketSettings HASTY =
            new WebSocketSettings(1024 * 1024, BOUND, Duration.ofMillis(200), 1000);

    private final Deque<AutoCloseable> toClose = new ArrayDeque<>();

    @AfterEach
    void closeAll() throws Exception {
        while (!toClose.isEmpty()) {
            toClose.pop().close();
        }
    }

    @Test
    void aBurstInOnePassIsOneWrite() {
        RecordingSession session = new RecordingSession();
        WebSocketFixture server = server(SETTINGS, session);
        RawWebSocket client = client(server);
        session.write("the channel has sent its answer");
        client.readText();
        server.flushes.set(0);

        session.onLoop(wire -> {
            for (int i = 0; i < 16; i++) {
                RecordingSession.write(wire, "m" + i);
            }
            assertThat(server.flushes).hasValue(0);
        });

        expectBurst(client);
        assertThat(server.flushes).hasValue(sockets == WebSocketFixture.Sockets.EPOLL ? 0 : 1);
    }

    @Test
    void burstsOfSeveralTasksAreOneWritePerClient() throws InterruptedException {
        RecordingSession one = new RecordingSession();
        RecordingSession two = new RecordingSession();
        WebSocketFixture server = server(SETTINGS, one, two);
        RawWebSocket first = client(server);
        one.write("the channel has sent its answer");
        first.readText();
        RawWebSocket second = client(server);
        two.write("the channel has sent its answer");
        second.readText();
        server.flushes.set(0);

        CountDownLatch queued = new CountDownLatch(1);
        one.wire().loop().execute(() -> waitFor(queued));
        for (int i = 0; i < 16; i++) {
            String text = "m" + i;
            one.wire().loop().execute(() -> RecordingSession.write(one.wire(), text));
            one.wire().loop().execute(() -> RecordingSession.write(two.wire(), text));
        }
        queued.countDown();

        expectBurst(first);
        expectBurst(second);
        assertThat(server.flushes).hasValue(sockets == WebSocketFixture.Sockets.EPOLL ? 0 : 2);
    }

    /** In one system call, as they were written; where the server used several, they come in several. */
    private void expectBurst(RawWebSocket client) {
        var expected = new StringBuilder();
        for (int i = 0; i < 16; i++) {
            String text = "m" + i;
            expected.append((char) 0x81).append((char) text.length()).append(text);
        }
        byte[] got = new byte[1024];
        int length = client.readSome(got);
        assertThat(new String(got, 0, Math.max(0, length), StandardCharsets.ISO_8859_1))
                .isEqualTo(expected.toString());
    }

    @Test
    void theSocketsOwnBytesKeepTheirPlaceAmongTheFrames() {
        RecordingSession session = new RecordingSession();
        WebSocketFixture server = server(SETTINGS, session);
        RawWebSocket client = client(server);
        session.write("first");
        assertThat(client.readText()).isEqualTo("first");

        session.onLoop(wire -> {
            RecordingSession.write(wire, "a");
            wire.ping();
            RecordingSession.write(wire, "b");
        });
        session.write("c");

        assertThat(client.readText()).isEqualTo("a");
        assertThat(client.read().opcode()).isEqualTo(RawWebSocket.PING);
        assertThat(client.readText()).isEqualTo("b");
        assertThat(client.readText()).isEqualTo("c");
    }

    /** The number of a closed socket's descriptor is given to the next one that is opened. */
    @Test
    void whatWasQueuedForAClosedSocketReachesNobodyElse() throws Exception {
        RecordingSession session = new RecordingSession();
        WebSocketFixture server = server(SETTINGS, session);
        RawWebSocket client = client(server);
        session.write("first");
        assertThat(client.readText()).isEqualTo("first");
        Channel channel = server.nextChannel();

        // Some descriptors with a lower number may have become free before that one.
        int sockets = 32;
        List<Socket> opened = new ArrayList<>();
        try (var listener = new ServerSocket(0, sockets, InetAddress.getLoopbackAddress())) {
            session.onLoop(wire -> {
                RecordingSession.write(wire, "for nobody");
                var _ = channel.close();
                try {
                    for (int i = 0; i < sockets; i++) {
                        opened.add(new Socket(listener.getInetAddress(), listener.getLocalPort()));
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                // So much is not kept until the end of the pass, by which the wire would know.
                for (int i = 0; i < 10; i++) {
                    RecordingSession.write(wire, "x".repeat(30_000));
                }
            });
            session.awaitEnd();
            for (Socket socket : opened) {
                socket.close();
                try (Socket peer = listener.accept()) {
                    assertThat(peer.getInputStream().readAllBytes()).isEmpty();
                }
            }
        }
        client.close();
    }

    /** Going on would leave a gap, or follow half a frame with another one. */
    @Test
    void aClientWhoseFramesCannotBeSentIsClosedAndTheOthersGetTheirs() {
        if (sockets != WebSocketFixture.Sockets.EPOLL) {
            return; // only what goes straight to a socket fails so late
        }
        RecordingSession failing = new RecordingSession();
        RecordingSession other = new RecordingSession();
        WebSocketFixture server = server(SETTINGS, failing, other);
        RawWebSocket first = client(server);
        failing.write("the channel has sent its answer");
        first.readText();
        RawWebSocket second = client(server);
        other.write("the channel has sent its answer");
        second.readText();

        failing.onLoop(wire -> {
            RecordingSession.write(wire, "good");
            EncodedFrame broken = RecordingSession.text("broken");
            wire.write(broken);
            broken.bytes().release();
            RecordingSession.write(other.wire(), "still there");
        });

        assertThat(failing.awaitEnd()).isEqualTo(new WireEnd.Lost());
        assertThat(second.readText()).isEqualTo("still there");
    }

    @Test
    void aLongPassIsFlushedInBetween() {
        RecordingSession one = new RecordingSession();
        RecordingSession two = new RecordingSession();
        WebSocketFixture server = server(SETTINGS, one, two);
        RawWebSocket first = client(server);
        one.wire();
        RawWebSocket second = client(server);
        two.wire();
        CompletableFuture<String> heard = CompletableFuture.supplyAsync(first::readText);
        CompletableFuture<Long> drained = CompletableFuture.supplyAsync(second::readToEnd);
        EncodedFrame busy = RecordingSession.text("busy");
        toClose.push(busy::release);

        one.onLoop(wire -> {
            RecordingSession.write(wire, "early");
            long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
            while (!heard.isDone() && System.nanoTime() < giveUp) {
                two.wire().write(busy);
            }
            assertThat(heard).isCompletedWithValue("early");
        });

        second.close();
        assertThat(drained).succeedsWithin(Duration.ofSeconds(5));
    }

    @Test
    void orderIsKeptThroughTheWaitingQueue() {
        RecordingSession session = new RecordingSession();
        WebSocketFixture server =
                server(new WebSocketSettings(1024, 8 * 1024 * 1024, HASTY.closeTimeout(), 1000), session);
        RawWebSocket client = slowClient(server);
        String padding = "x".repeat(1000);
        int count = 4000;

        session.onLoop(wire -> {
            for (int i = 0; i < count / 2; i++) {
                RecordingSession.write(wire, i + padding);
            }
        });
        for (int i = 0; i < count; i++) {
            if (i >= 100 && i < 100 + count / 2) {
                session.write(count / 2 + i - 100 + padding);
            }
            assertThat(client.readText()).isEqualTo(i + padding);
        }
        assertThat(session.events()).containsExactly("open");
        await().untilAsserted(() -> assertThat(server.usedMemory()).isZero());
    }

    @Test
    void whatWaitsIsSentBeforeTheCloseFrame() {
        RecordingSession session = new RecordingSession();
        WebSocketFixture server = server(SETTINGS, session);
        RawWebSocket client = slowClient(server);
        String message = "x".repeat(10_000);

        session.onLoop(wire -> {
            for (int i = 0; i < 20; i++) {
                RecordingSession.write(wire, message);
            }
            wire.close(WireClose.NORMAL);
        });

        for (int i = 0; i < 20; i++) {
            assertThat(client.readText()).isEqualTo(message);
        }
        assertThat(client.readClose().closeCode()).isEqualTo(1000);
    }

    @Test
    void aSlowClientOverflowsOnceAndHurtsNobodyElse() {
        RecordingSession slowSession = new RecordingSession();
        RecordingSession fastSession = new RecordingSession();
        WebSocketFixture server = server(HASTY, slowSession, fastSession);
        RawWebSocket slow = slowClient(server);
        slowSession.wire();
        RawWebSocket fast = client(server);
        EncodedFrame shared = RecordingSession.text("x".repeat(10_000));
        for (int i = 0; i < 500; i++) {
            slowSession.onLoop(wire -> {
                wire.write(shared);
                fastSession.wire().write(shared);
            });
            assertThat(fast.readText()).hasSize(10_000);
        }
        fastSession.write("end");

        assertThat(fast.readText()).isEqualTo("end");
        assertThat(slowSession.awaitEnd()).isEqualTo(new WireEnd.Local(WireClose.POLICY));
        slowSession.awaitEvents("open", "overflow", "closed");
        assertThat(fastSession.events()).containsExactly("open");
        assertThat(shared.references()).isEqualTo(1);
        shared.release();
        assertThat(slow.readToEnd()).isPositive();
    }

    @Test
    void aSlowClientThatReadsAgainIsToldWhy() {
        RecordingSession session = new RecordingSession();
        WebSocketFixture server = server(SETTINGS, session);
        RawWebSocket client = slowClient(server);
        EncodedFrame shared = RecordingSession.text("x".repeat(10_000));
        toClose.push(shared::release);

        session.onLoop(wire -> {
            for (int i = 0; i < 500; i++) {
                wire.write(shared);
            }
        });

        int read = 0;
        RawWebSocket.Frame frame = client.read();
        for (; frame.opcode() != RawWebSocket.CLOSE; frame = client.read()) {
            read++;
        }
        assertThat(read).isBetween(1, 100);
        assertThat(frame.closeCode()).isEqualTo(1008);
        client.sendClose(1008, "");
        client.expectEnd();
        session.awaitEvents("open", "overflow", "closed");
        assertThat(shared.references()).isEqualTo(1);
    }

    @Test
    void anOverflowIsToldOnceAndEndsTheWritingEvenBeforeTheSessionCloses() {
        RecordingSession session = new RecordingSession() {
            @Override
            protected void overflowed(Wire wire) {}
        };
        WebSocketFixture server = server(HASTY, session);
        RawWebSocket client = slowClient(server);
        EncodedFrame frame = RecordingSession.text("x".repeat(10_000));
        for (int i = 0; i < 5; i++) {
            session.onLoop(wire -> Collections.nCopies(100, frame).forEach(wire::write));
        }
        session.awaitEvents("open", "overflow");

        session.onLoop(wire -> wire.close(WireClose.POLICY));

        session.awaitEvents("open", "overflow", "closed");
        assertThat(frame.references()).isEqualTo(1);
        frame.release();
        assertThat(client.readToEnd()).isLessThan(500_000);
    }

    @Test
    void anOverflowFromWithinAMessageComesAfterIt() {
        RecordingSession session = new RecordingSession() {
            @Override
            protected void received(ByteBuf payload, boolean binary) {
                EncodedFrame frame = text("x".repeat(10_000));
                for (int i = 0; i < 500; i++) {
                    wire().write(frame);
                }
                assertThat(events()).doesNotContain("overflow");
                frame.release();
            }
        };
        WebSocketFixture server = server(HASTY, session);
        RawWebSocket client = slowClient(server);

        client.text("go");

        session.awaitEvents("open", "text go", "overflow", "closed");
    }

    @Test
    void aFrameOverTheBoundGoesToAClientThatHasNothingWaiting() {
        RecordingSession session = new RecordingSession();
        WebSocketFixture server = server(SETTINGS, session);
        RawWebSocket client = client(server);
        String big = "x".repeat(4 * BOUND);

        session.write(big);
        assertThat(client.readText()).isEqualTo(big);
        session.write(big);
        assertThat(client.readText()).isEqualTo(big);

        assertThat(session.events()).containsExactly("open");
    }

    @Test
    void tinyFramesAreBoundedAsWell() {
        RecordingSession session = new RecordingSession();
        WebSocketFixture server = server(HASTY, session);
        slowClient(server);
        EncodedFrame empty = RecordingSession.text("");
        toClose.push(empty::release);

        session.onLoop(wire -> {
            for (int i = 0; i < BOUND; i++) {
                wire.write(empty);
            }
        });

        session.awaitEvents("open", "overflow", "closed");
    }

    /** Neither client comes near its own bound; the second one finds that the node has no room left. */
    @Test
    void slowClientsTogetherAreBoundedAsWell() {
        RecordingSession one = new RecordingSession();
        RecordingSession two = new RecordingSession();
        Deque<RecordingSession> next = new ArrayDeque<>(List.of(one, two));
        var budget = new Budget(150_000);
        WebSocketFixture server = WebSocketFixture.serving(sockets, SETTINGS, budget, next::pop);
        toClose.push(server);
        RawWebSocket first = slowClient(server);
        one.wire();
        slowClient(server);
        two.wire();
        EncodedFrame shared = RecordingSession.text("x".repeat(10_000));
        toClose.push(shared::release);

        int written = 0;
        for (; budget.used() < 100_000 && written < 1000; written++) {
            one.onLoop(wire -> wire.write(shared));
        }
        for (int i = 0; i < written; i++) {
            two.onLoop(wire -> wire.write(shared));
        }

        two.awaitEvents("open", "overflow");
        await().untilAsserted(() -> assertThat(budget.used()).isBetween(1L, 110_000L));
        assertThat(one.events()).containsExactly("open");
        for (int i = 0; i < written; i++) {
            assertThat(first.readText()).hasSize(10_000);
        }
        await().untilAsserted(() -> assertThat(budget.used()).isZero());
    }

    @Test
    void aCloseBehindAQueueThatNobodyReadsEndsAtTheDeadline() {
        RecordingSession session = new RecordingSession();
        WebSocketFixture server = server(HASTY, session);
        slowClient(server);
        EncodedFrame shared = RecordingSession.text("x".repeat(10_000));

        session.onLoop(wire -> {
            for (int i = 0; i < 20; i++) {
                wire.write(shared);
            }
            wire.close(WireClose.GOING_AWAY);
        });

        assertThat(session.awaitEnd()).isEqualTo(new WireEnd.Local(WireClose.GOING_AWAY));
        session.awaitEvents("open", "closed");
        assertThat(shared.references()).isEqualTo(1);
        shared.release();
    }

    @Test
    void aSlowClientThatVanishesGivesEverythingBack() {
        RecordingSession session = new RecordingSession();
        WebSocketFixture server = server(SETTINGS, session);
        RawWebSocket client = slowClient(server);
        EncodedFrame shared = RecordingSession.text("x".repeat(10_000));
        session.onLoop(wire -> {
            for (int i = 0; i < 20; i++) {
                wire.write(shared);
            }
        });
        assertThat(shared.references()).isGreaterThan(10);

        client.reset();

        assertThat(session.awaitEnd()).isEqualTo(new WireEnd.Lost());
        assertThat(shared.references()).isEqualTo(1);
        shared.release();
    }

    private WebSocketFixture server(WebSocketSettings settings, RecordingSession... sessions) {
        Deque<RecordingSession> next = new ArrayDeque<>(List.of(sessions));
        WebSocketFixture server = WebSocketFixture.serving(sockets, settings, next::pop);
        toClose.push(server);
        return server;
    }

    private RawWebSocket client(WebSocketFixture server) {
        RawWebSocket client = RawWebSocket.connect(server.port(), "/");
        toClose.push(client);
        return client;
    }

    /** Its receive buffer is small, so what it does not read soon stays with the server. */
    private RawWebSocket slowClient(WebSocketFixture server) {
        RawWebSocket client = RawWebSocket.open(server.port(), 4096).upgrade("/");
        toClose.push(client);
        return client;
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            assertThat(latch.await(5, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
