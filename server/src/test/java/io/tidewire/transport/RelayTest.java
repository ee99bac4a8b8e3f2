package io.tidewire.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What only crossing from loop to loop can do wrong; the rest is in {@link WebSocketContractTest}. */
class RelayTest {
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    private final EventLoop home = loops.next();
    private final EventLoop away = loops.next();
    private final FakeWire socket = new FakeWire(away);
    private final RecordingSession session = new RecordingSession();
    private final Relay relay = new Relay(session, home, 1000);

    @AfterEach
    void stop() {
        var _ = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5000);
    }

    /** Writes down what it is asked to do. */
    private static final class FakeWire implements Wire {
        final List<String> calls = new ArrayList<>();
        private final EventLoop loop;

        FakeWire(EventLoop loop) {
            this.loop = loop;
        }

        private void note(String call) {
            calls.add(loop.inEventLoop() ? call : call + " off the loop!");
        }

        @Override
        public EventLoop loop() {
            return loop;
        }

        @Override
        public String transport() {
            return "WebSockets";
        }

        @Override
        public void write(EncodedFrame frame) {
            note("write");
        }

        @Override
        public long lastWrite() {
            throw new AssertionError("belongs to the socket's loop");
        }

        @Override
        public long lastRead() {
            throw new AssertionError("belongs to the socket's loop");
        }

        @Override
        public void pauseReading() {
            note("pause");
        }

        @Override
        public void resumeReading() {
            note("resume");
        }

        @Override
        public void close(WireClose why) {
            note("close " + why.code());
        }
    }

    private void onAway(Runnable work) {
        CompletableFuture.runAsync(work, away).orTimeout(5, TimeUnit.SECONDS).join();
    }

    private List<String> calls() {
        return CompletableFuture.supplyAsync(() -> List.copyOf(socket.calls), away)
                .orTimeout(5, TimeUnit.SECONDS)
                .join();
    }

    @Test
    void messagesThatPileUpStopTheReadingUntilTheyAreRead() {
        onAway(() -> relay.onOpen(socket));
        var _ = session.wire();
        var busy = new CountDownLatch(1);
        home.execute(() -> awaitQuietly(busy));
        ByteBuf message = Unpooled.wrappedBuffer(new byte[40_000]);
        onAway(() -> {
            relay.onMessage(message, true);
            relay.onMessage(message, true);
            message.clear(); // lent, and the wire goes on with it
        });
        assertThat(calls()).containsExactly("pause");
        busy.countDown();
        await().untilAsserted(() -> assertThat(calls()).containsExactly("pause", "resume"));
        session.awaitEvents("open", "binary 40000 bytes", "binary 40000 bytes");
        assertThat(message.refCnt()).isEqualTo(1);
    }

    @Test
    void aSessionThatPausesKeepsThePauseWhenThePileIsGone() {
        onAway(() -> relay.onOpen(socket));
        session.onLoop(Wire::pauseReading);
        ByteBuf message = Unpooled.wrappedBuffer(new byte[80_000]);
        onAway(() -> relay.onMessage(message, true));
        session.awaitEvents("open", "binary 80000 bytes");
        session.onLoop(wire -> {});
        assertThat(calls()).doesNotContain("resume");
        session.onLoop(Wire::resumeReading);
        await().untilAsserted(() -> assertThat(calls()).endsWith("resume"));
    }

    @Test
    void framesOnTheirWayCountAsUnsent() {
        onAway(() -> relay.onOpen(socket));
        var _ = session.wire();
        var busy = new CountDownLatch(1);
        away.execute(() -> awaitQuietly(busy));
        EncodedFrame frame = RecordingSession.text("x".repeat(398));
        session.onLoop(wire -> wire.write(frame));
        session.onLoop(wire -> {
            wire.write(frame);
            wire.write(frame);
            wire.write(frame);
        });
        session.awaitEvents("open", "overflow");
        busy.countDown();
        await().untilAsserted(() -> assertThat(calls()).containsExactly("write", "close 1008"));
        frame.release();
        await().until(() -> frame.bytes().refCnt() == 0);
    }

    @Test
    void aWholePassCrossesInOneTask() {
        onAway(() -> relay.onOpen(socket));
        EncodedFrame frame = RecordingSession.text("x");
        session.onLoop(wire -> {
            wire.write(frame);
            wire.write(frame);
            wire.close(WireClose.NORMAL);
            wire.write(frame);
        });
        await().untilAsserted(() -> assertThat(calls()).containsExactly("write", "write", "close 1000"));
        frame.release();
        assertThat(frame.bytes().refCnt()).isZero();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(5, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
