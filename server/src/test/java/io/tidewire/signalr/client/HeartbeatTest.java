package io.tidewire.signalr.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.tidewire.auth.Fixtures;
import io.tidewire.backplane.embedded.EmbeddedBackplane;
import io.tidewire.http.Budget;
import io.tidewire.hub.Disconnect;
import io.tidewire.hub.Fanout;
import io.tidewire.hub.Hubs;
import io.tidewire.hub.Observer;
import io.tidewire.service.access.LimitSettings;
import io.tidewire.service.access.Quotas;
import io.tidewire.service.client.Directory;
import io.tidewire.service.client.Heartbeat;
import io.tidewire.signalr.access.SignalRClaims;
import io.tidewire.transport.EncodedFrame;
import io.tidewire.transport.Wire;
import io.tidewire.transport.WireClose;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a process that stood still for a while does to its clients. */
class HeartbeatTest {
    private static final Duration TIMEOUT = Duration.ofMillis(800);

    private final EventLoop loop = new DefaultEventLoop();

    /** A wire whose client is silent. */
    private static final class SilentWire implements Wire {
        private final EventLoop loop;
        private final long opened = System.nanoTime();
        volatile @Nullable WireClose closed;
        volatile boolean broken;

        SilentWire(EventLoop loop) {
            this.loop = loop;
        }

        @Override
        public EventLoop loop() {
            return loop;
        }

        @Override
        public String transport() {
            return "Silent";
        }

        @Override
        public void write(EncodedFrame frame) {}

        @Override
        public long lastWrite() {
            return System.nanoTime();
        }

        @Override
        public long lastRead() {
            if (broken) {
                throw new IllegalStateException("planted");
            }
            return opened;
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

    private final ClientSettings settings = new ClientSettings(
            List.of(),
            ClientSettings.DEFAULT.negotiateTimeout(),
            ClientSettings.DEFAULT.handshakeTimeout(),
            TIMEOUT,
            TIMEOUT,
            false,
            true,
            false,
            ClientSettings.DEFAULT.maxOpenStreams(),
            ClientSettings.DEFAULT.invocationTimeout(),
            ClientSettings.DEFAULT.maxPendingInvocations(),
            ClientSettings.DEFAULT.reconnect());

    private ClientSession session(Heartbeat.PerLoop heartbeats) {
        var fanout = new Fanout(List.of(loop), Observer.NONE);
        var hub = new Hubs(fanout, new EmbeddedBackplane(fanout, List.of(loop))).named("chat");
        var client = new ClientAccess.Client(hub, new SignalRClaims(Fixtures.claims()), "");
        return new ClientSession(
                "id",
                client,
                false,
                loop,
                new Commons(
                        settings,
                        heartbeats,
                        new Directory<>(settings.negotiateTimeout()),
                        Backend.NOBODY,
                        1000,
                        1000,
                        new Budget(1 << 20),
                        InstantSource.system(),
                        new Quotas("signalr.limits", LimitSettings.DEFAULT, InstantSource.system(), Observer.NONE),
                        Observer.NONE));
    }

    @AfterEach
    void stop() {
        var _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    @Test
    void silenceWhileTheProcessStoodStillIsNotHeldAgainstClients() throws Exception {
        ClientSession session = session(ClientEndpoint.heartbeats(settings));
        var wire = new SilentWire(loop);
        var standStill = new CountDownLatch(1);
        var goesOn = new CountDownLatch(1);
        loop.execute(() -> {
            session.onOpen(wire);
            session.onMessage(Unpooled.copiedBuffer("{\"protocol\":\"json\",\"version\":1}\u001e", UTF_8), false);
            try {
                standStill.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            // Behind the beat that is due by now.
            var _ = loop.schedule(goesOn::countDown, 1, TimeUnit.NANOSECONDS);
        });
        await().until(() -> System.nanoTime() - wire.opened > 2 * TIMEOUT.toNanos());
        long resumed = System.nanoTime();
        standStill.countDown();
        goesOn.await();
        assertThat(wire.closed).isNull();

        await().until(() -> wire.closed != null);
        assertThat(Duration.ofNanos(System.nanoTime() - resumed)).isGreaterThanOrEqualTo(TIMEOUT);
    }

    @Test
    void aClientThatComesWhenAllAreBeingSentAwayIsSentAwayToo() throws Exception {
        var heartbeats = ClientEndpoint.heartbeats(settings);
        ClientSession session = session(heartbeats);
        var wire = new SilentWire(loop);
        heartbeats.closeAll(Disconnect.SERVICE_RELOAD).toCompletableFuture().join();

        loop.submit(() -> session.onOpen(wire)).sync();

        assertThat(wire.closed).isEqualTo(WireClose.GOING_AWAY);
    }

    @Test
    void aSessionWhoseBeatFailsIsClosedAndTheOthersAreStillLookedAfter() throws Exception {
        var heartbeats = ClientEndpoint.heartbeats(settings);
        var silent = new SilentWire(loop);
        var broken = new SilentWire(loop);
        broken.broken = true;
        for (SilentWire wire : List.of(silent, broken)) {
            ClientSession session = session(heartbeats);
            loop.submit(() -> {
                        session.onOpen(wire);
                        session.onMessage(
                                Unpooled.copiedBuffer("{\"protocol\":\"json\",\"version\":1}\u001e", UTF_8), false);
                    })
                    .sync();
        }

        await().until(() -> broken.closed != null);
        assertThat(broken.closed).isEqualTo(WireClose.INTERNAL_ERROR);
        await().until(() -> silent.closed != null);
        assertThat(silent.closed).isEqualTo(WireClose.NORMAL);
    }
}
