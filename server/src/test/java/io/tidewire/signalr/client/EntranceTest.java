package io.tidewire.signalr.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.tidewire.auth.Fixtures;
import io.tidewire.backplane.embedded.EmbeddedBackplane;
import io.tidewire.http.Budget;
import io.tidewire.hub.Fanout;
import io.tidewire.hub.Hubs;
import io.tidewire.hub.Observer;
import io.tidewire.service.access.LimitSettings;
import io.tidewire.service.access.Quotas;
import io.tidewire.service.client.Directory;
import io.tidewire.signalr.access.SignalRClaims;
import io.tidewire.transport.EncodedFrame;
import io.tidewire.transport.Wire;
import io.tidewire.transport.WireClose;
import io.tidewire.transport.WireEnd;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The moment between a client's handshake and its answer, held open: the loop that knows the groups of its user is busy. */
class EntranceTest {
    private static final String HANDSHAKE = "{\"protocol\":\"json\",\"version\":1}\u001e";
    private static final int MAX_EARLY = 1000;
    private static final Duration PATIENCE = Duration.ofMillis(50);

    private final EventLoop loop = new DefaultEventLoop();
    private final EventLoop groups = new DefaultEventLoop();
    private final CountDownLatch known = new CountDownLatch(1);
    private final UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(false);
    private final Recording wire = new Recording();
    private final ClientSession session = session();

    /** A transport that writes down what it is told. */
    private final class Recording implements Wire {
        final ConcurrentLinkedQueue<String> written = new ConcurrentLinkedQueue<>();
        volatile @Nullable WireClose closed;

        @Override
        public EventLoop loop() {
            return loop;
        }

        @Override
        public String transport() {
            return "Recording";
        }

        @Override
        public void write(EncodedFrame frame) {
            written.add(frame.payload().toString(UTF_8));
        }

        @Override
        public long lastWrite() {
            return System.nanoTime();
        }

        @Override
        public long lastRead() {
            return System.nanoTime();
        }

        @Override
        public void pauseReading() {}

        @Override
        public void resumeReading() {}

        @Override
        public void close(WireClose why) {
            closed = why;
        }
    }

    private ClientSession session() {
        var fanout = new Fanout(List.of(loop), Observer.NONE);
        var hub = new Hubs(fanout, new EmbeddedBackplane(fanout, List.of(groups))).named("chat");
        ClientSettings usual = ClientSettings.DEFAULT;
        var settings = new ClientSettings(
                usual.allowedOrigins(),
                usual.negotiateTimeout(),
                PATIENCE,
                usual.keepAliveInterval(),
                usual.timeout(),
                usual.timeoutNeedsPing(),
                usual.answerUnroutedInvocations(),
                usual.openStreams(),
                usual.maxOpenStreams(),
                usual.invocationTimeout(),
                usual.maxPendingInvocations(),
                usual.reconnect());
        return new ClientSession(
                "id",
                new ClientAccess.Client(hub, new SignalRClaims(Fixtures.claims("\"nameid\":\"ann\"")), ""),
                false,
                loop,
                new Commons(
                        settings,
                        ClientEndpoint.heartbeats(settings),
                        new Directory<>(usual.reconnect().window()),
                        Backend.NOBODY,
                        MAX_EARLY,
                        1000,
                        new Budget(1 << 20),
                        InstantSource.system(),
                        new Quotas("signalr.limits", LimitSettings.DEFAULT, InstantSource.system(), Observer.NONE),
                        Observer.NONE));
    }

    @BeforeEach
    void shakeHands() {
        groups.execute(() -> {
            try {
                var _ = known.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
        onLoop(() -> session.onOpen(wire));
        send(HANDSHAKE);
    }

    @AfterEach
    void stop() {
        known.countDown();
        var _ = groups.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        var _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private void onLoop(Runnable action) {
        loop.submit(action).syncUninterruptibly();
    }

    private void send(String text) {
        onLoop(() -> {
            ByteBuf payload = memory.heapBuffer().writeBytes(text.getBytes(UTF_8));
            try {
                session.onMessage(payload, false);
            } finally {
                payload.release();
            }
        });
    }

    private void groupsAreKnown() {
        known.countDown();
        groups.submit(() -> {}).syncUninterruptibly();
        onLoop(() -> {});
    }

    @Test
    void itIsAnsweredWhenTheGroupsAreKnownAndThenWhatWasSentMeanwhile() {
        send("{\"type\":1,\"invocationId\":\"7\",\"target\":\"t\",\"arguments\":[]}\u001e");
        assertThat(wire.written).isEmpty();

        groupsAreKnown();

        assertThat(wire.written).hasSize(2).first().isEqualTo("{}\u001e");
        assertThat(wire.written).last().asString().contains("\"invocationId\":\"7\"");
        assertThat(memory.metric().usedHeapMemory()).isZero();
    }

    @Test
    void theTimeForTheHandshakeIsOverWithIt() {
        // On the same loop, so what was due before it has been done.
        loop.schedule(() -> {}, 2 * PATIENCE.toMillis(), TimeUnit.MILLISECONDS).syncUninterruptibly();
        assertThat(wire.closed).isNull();

        groupsAreKnown();

        assertThat(wire.written).containsExactly("{}\u001e");
    }

    @Test
    void asMuchAsOneMessageIsKept() {
        send("x".repeat(MAX_EARLY - 1));
        send("x");
        assertThat(wire.closed).isNull();
        send("x");
        assertThat(wire.closed).isEqualTo(WireClose.INVALID_PAYLOAD);
        assertThat(memory.metric().usedHeapMemory()).isZero();
    }

    @Test
    void whoLeavesMeanwhileIsNotLetIn() {
        send("early");
        onLoop(() -> session.onClosed(new WireEnd.Lost()));
        assertThat(memory.metric().usedHeapMemory()).isZero();

        groupsAreKnown();

        assertThat(wire.written).isEmpty();
    }
}
