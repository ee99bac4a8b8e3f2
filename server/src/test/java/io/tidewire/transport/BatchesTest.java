package io.tidewire.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;
import io.netty.util.IllegalReferenceCountException;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What many clients get is there once: one reference, one copy where frames are joined, one system call for each client. */
class BatchesTest {
    private final Batches batches = new Batches();
    private final List<EncodedFrame> frames = new ArrayList<>();

    private final List<Socket> sockets = new ArrayList<>();

    private RecordingSocket open() {
        assumeThat(Epoll.isAvailable())
                .as("only epoll is written to past the channel")
                .isTrue();
        var socket = new RecordingSocket(Socket.newSocketStream().intValue());
        sockets.add(socket);
        return socket;
    }

    @AfterEach
    void everythingIsGivenBack() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        batches.send();
        assertThat(frames).allSatisfy(frame -> assertThat(frame.references()).isEqualTo(1));
        frames.forEach(EncodedFrame::release);
    }

    @Test
    void clientsThatGetTheSameShareABatch() {
        EncodedFrame a = frame("a");
        EncodedFrame b = frame("b");
        Batch one = batches.with(batches.with(batches.none(), a), b);
        Batch other = batches.with(batches.with(batches.none(), a), b);

        assertThat(other).isSameAs(one);
        assertThat(a.references()).isEqualTo(2);
        assertThat(b.references()).isEqualTo(2);
    }

    @Test
    void clientsOfSeveralDialectsInTurnShareTheBatchOfEach() {
        EncodedFrame json = frame("json");
        EncodedFrame binary = frame("binary");
        Batch first = batches.with(batches.none(), json);
        Batch second = batches.with(batches.none(), binary);

        assertThat(second).isNotSameAs(first);
        assertThat(batches.with(batches.none(), json)).isSameAs(first);
        assertThat(batches.with(batches.none(), binary)).isSameAs(second);
    }

    @Test
    void orderMakesADifference() throws IOException {
        EncodedFrame a = frame("a");
        EncodedFrame b = frame("b");
        RecordingSocket socket = open();
        batches.send(batches.with(batches.with(batches.none(), a), b), socket);
        batches.send(batches.with(batches.with(batches.none(), b), a), socket);
        batches.send(batches.with(batches.none(), b), socket);

        assertThat(socket.sent)
                .containsExactly("\u0081\u0001a\u0081\u0001b", "\u0081\u0001b\u0081\u0001a", "\u0081\u0001b");
    }

    @Test
    void aNewPassKnowsNothingOfTheOneBefore() throws IOException {
        Batch old = batches.with(batches.with(batches.none(), frame("a")), frame("b"));
        batches.send(old, open());
        batches.send();
        RecordingSocket socket = open();
        batches.send(batches.with(batches.with(batches.none(), frame("c")), frame("d")), socket);

        assertThat(socket.sent).containsExactly("\u0081\u0001c\u0081\u0001d");
    }

    /** What one client is to get must not come to the one who is next. */
    @Test
    void whatCouldNotBeWrittenToOneClientReachesNoOther() {
        EncodedFrame secret = frame("secret");
        EncodedFrame broken = RecordingSession.text("broken");
        Batch failing = batches.with(batches.with(batches.none(), secret), broken);
        broken.bytes().release();
        var one = new EmbeddedChannel();
        var other = new EmbeddedChannel();
        assertThatThrownBy(() -> batches.write(failing, 0, one)).isInstanceOf(IllegalReferenceCountException.class);
        batches.write(batches.with(batches.none(), frame("mine")), 0, other);

        ByteBuf got = other.flushOutbound().readOutbound();
        assertThat(got.toString(StandardCharsets.ISO_8859_1)).isEqualTo("\u0081\u0004mine");
        got.release();
        Object more = other.readOutbound();
        assertThat(more).isNull();
        one.flushOutbound().releaseOutbound();
    }

    private EncodedFrame frame(String text) {
        var buffer = EncodedFrame.payloadBuffer(ByteBufAllocator.DEFAULT, 16);
        buffer.writeCharSequence(text, StandardCharsets.US_ASCII);
        EncodedFrame frame = EncodedFrame.seal(buffer, false);
        frames.add(frame);
        return frame;
    }

    /** Takes everything. */
    private static final class RecordingSocket extends Socket {
        final List<String> sent = new ArrayList<>();

        RecordingSocket(int descriptor) {
            super(descriptor);
        }

        @Override
        public int sendAddress(long address, int position, int limit) {
            byte[] bytes = new byte[limit - position];
            PlatformDependent.copyMemory(address + position, bytes, 0, bytes.length);
            sent.add(new String(bytes, StandardCharsets.ISO_8859_1));
            return bytes.length;
        }
    }
}
