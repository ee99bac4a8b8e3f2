package io.tidewire.webpubsub.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.tidewire.auth.AccessKeys;
import io.tidewire.auth.KeySettings;
import io.tidewire.backplane.embedded.EmbeddedBackplane;
import io.tidewire.http.Budget;
import io.tidewire.hub.Fanout;
import io.tidewire.hub.Hubs;
import io.tidewire.hub.Observer;
import io.tidewire.service.access.LimitSettings;
import io.tidewire.service.access.Quotas;
import io.tidewire.service.client.Directory;
import io.tidewire.service.client.Heartbeat;
import io.tidewire.transport.EncodedFrame;
import io.tidewire.transport.WebSocketSettings;
import io.tidewire.transport.Wire;
import io.tidewire.transport.WireClose;
import io.tidewire.transport.WireEnd;
import io.tidewire.webpubsub.access.AdmissionSettings;
import io.tidewire.webpubsub.access.CountRules;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The moment before a client is in, held open: the loop that knows the groups of its user is busy. */
class EarlyMessagesTest {
    private static final String PING = "{\"type\":\"ping\"}";

    private final EventLoop loop = new DefaultEventLoop();
    private final EventLoop groups = new DefaultEventLoop();
    private final CountDownLatch known = new CountDownLatch(1);
    private final UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(false);
    private final Recording wire = new Recording();
    private final ClientSession session = session();

    /** A transport that writes down what it is told. */
    private final class Recording implements Wire {
        final ConcurrentLinkedQueue<String> written = new ConcurrentLinkedQueue<>();
        volatile boolean paused;

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
        public void pauseReading() {
            paused = true;
        }

        @Override
        public void resumeReading() {
            paused = false;
        }

        @Override
        public void close(WireClose why) {}
    }

    private ClientSession session() {
        var fanout = new Fanout(List.of(loop), Observer.NONE);
        var hub = new Hubs(fanout, new EmbeddedBackplane(fanout, List.of(groups))).named("chat");
        var keys = new AccessKeys("webpubsub.keys", new KeySettings(ClientServer.KEY, null));
        var settings = ClientSettings.DEFAULT;
        var counted = new CountRules.Client(
                "chat", AdmissionSettings.DEFAULT, "ann", Map.of(), InetAddress.getLoopbackAddress());
        var newcomer = new Newcomer(
                hub,
                "id",
                "ann",
                List.of(),
                List.of(),
                Objects.requireNonNull(Subprotocol.choose(List.of(PubSubClient.JSON), null)),
                new Terms(null, false),
                counted,
                Backend.NOBODY.arrive(
                        new Arrival("chat", "id", "ann", Map.of(), Map::of, Map::of, List.of(PubSubClient.JSON))));
        return new ClientSession(
                newcomer,
                loop,
                new Commons(
                        settings,
                        WebSocketSettings.DEFAULT,
                        new Heartbeat.PerLoop(
                                settings.keepAliveInterval(),
                                settings.timeout(),
                                settings.reliable().window()),
                        new Directory<>(Duration.ZERO),
                        new ReconnectionToken(keys, InstantSource.system()),
                        new CountRules(Observer.NONE),
                        new Budget(1 << 20),
                        new Quotas("webpubsub.limits", LimitSettings.DEFAULT, InstantSource.system(), Observer.NONE),
                        Observer.NONE));
    }

    @BeforeEach
    void groupsAreNotKnown() {
        groups.execute(() -> {
            try {
                var _ = known.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
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
        ByteBuf payload = memory.heapBuffer().writeBytes(text.getBytes(UTF_8));
        try {
            session.onMessage(payload, false);
        } finally {
            payload.setZero(0, payload.capacity()).clear(); // lent, and the wire goes on with it
            payload.release();
        }
    }

    /** In one turn of the socket there may be much behind it, and tasks come after that. */
    @Test
    void aClientThatDoesNotWaitToBeLetInIsNotReadOnFrom() {
        onLoop(() -> {
            session.onOpen(wire);
            assertThat(wire.paused).isFalse();
            send(PING);
            assertThat(wire.paused).isTrue();
        });
        known.countDown();
        groups.submit(() -> {}).syncUninterruptibly();
        onLoop(() -> {});

        assertThat(wire.paused).isFalse();
        assertThat(wire.written).hasSize(2).last().isEqualTo("{\"type\":\"pong\"}");
        assertThat(memory.metric().usedHeapMemory()).isZero();
    }

    @Test
    void aClientThatSaysNothingIsPausedOnceItTakesLonger() {
        onLoop(() -> session.onOpen(wire));
        onLoop(() -> {});
        assertThat(wire.paused).isTrue();
    }

    @Test
    void whoLeavesMeanwhileGivesBackWhatItSaid() {
        onLoop(() -> {
            session.onOpen(wire);
            send(PING);
            session.onClosed(new WireEnd.Lost());
        });
        assertThat(memory.metric().usedHeapMemory()).isZero();
        assertThat(wire.written).isEmpty();
    }
}
