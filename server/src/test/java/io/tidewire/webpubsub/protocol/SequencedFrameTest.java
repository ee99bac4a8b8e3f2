package io.tidewire.webpubsub.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.tidewire.hub.Frame;
import io.tidewire.transport.EncodedFrame;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that get the number of each receiver: the bytes, and who holds them. */
class SequencedFrameTest {
    private static final int COPIED = SequencedFrame.COPIED;

    /** Something before, as long as the number, and something after. */
    private static final class Bracketed extends SequencedFrame {
        Bracketed(ByteBuf body) {
            super(body, true, 7);
        }

        @Override
        protected void writeHead(ByteBuf out, int shared, long sequenceId) {
            out.writeCharSequence(shared + "<" + sequenceId + "<", StandardCharsets.US_ASCII);
        }

        @Override
        protected void writeTail(ByteBuf out, long sequenceId) {
            out.writeCharSequence(">" + sequenceId, StandardCharsets.US_ASCII);
        }
    }

    private static ByteBuf body(int length) {
        return ByteBufAllocator.DEFAULT.directBuffer(length).writeZero(length);
    }

    /** What a client's decoder makes of the bytes on the wire. */
    private static byte[] received(EncodedFrame frame, boolean binary) {
        var client = new EmbeddedChannel(new WebSocket13FrameDecoder(false, false, Integer.MAX_VALUE));
        client.writeInbound(frame.bytes().retainedDuplicate());
        WebSocketFrame message = client.readInbound();
        assertThat(message instanceof BinaryWebSocketFrame).isEqualTo(binary);
        assertThat(message.isFinalFragment()).isTrue();
        byte[] bytes = ByteBufUtil.getBytes(message.content());
        message.release();
        assertThat(client.finishAndReleaseAll()).isFalse();
        return bytes;
    }

    /** Around each length at which the WebSocket header grows, and the bound up to which frames are copied. */
    @ParameterizedTest
    @ValueSource(
            ints = {0, 1, 119, 120, 121, COPIED - 1, COPIED, COPIED + 1, 65_528, 65_529, 65_530, 65_536, 1_000_000})
    void theFrameIsWholeAndTheBytesAreGivenBack(int length) {
        ByteBuf body = body(length);
        var shared = new Bracketed(body);
        EncodedFrame first = shared.numbered(1);
        EncodedFrame second = shared.numbered(22);
        assertThat(shared.size()).isEqualTo(length);
        assertThat(shared.ttlSeconds()).isEqualTo(7);
        assertThat(body.refCnt()).as("holders of the shared bytes").isEqualTo(length > COPIED ? 3 : 1);

        shared.release(); // the numbered ones go on
        for (EncodedFrame frame : List.of(first, second)) {
            String number = frame == first ? "1" : "22";
            String head = length + "<" + number + "<";
            byte[] bytes = received(frame, true);
            assertThat(bytes).hasSize(head.length() + length + 1 + number.length());
            String text = new String(bytes, StandardCharsets.US_ASCII);
            assertThat(text).startsWith(head).endsWith(">" + number);
            assertThat(text.substring(head.length(), head.length() + length)).matches("\0*");
            assertThat(ByteBufUtil.getBytes(frame.payload())).isEqualTo(bytes);
            assertThat(frame.size()).isEqualTo(frame.bytes().readableBytes());
            frame.release();
            assertThat(frame.bytes().refCnt()).isZero();
        }
        assertThat(body.refCnt()).isZero();
    }

    /** A large frame is three pieces for one system call; a small one is one piece. */
    @Test
    void largeFramesAreNotCopied() {
        for (int length : new int[] {COPIED, COPIED + 1}) {
            var shared = new Bracketed(body(length));
            EncodedFrame frame = shared.numbered(1);
            assertThat(frame.bytes().nioBufferCount()).isEqualTo(length > COPIED ? 3 : 1);
            frame.release();
            shared.release();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 9, 10, 99, 127, 128, 16_383, 16_384, 1_000_000, 9_999_999_999L, Long.MAX_VALUE})
    void numbersOfAllLengths(long number) {
        for (int length : new int[] {10, 100_000}) {
            var message = new ServiceMessage.FromServer(
                    new Payload(DataType.TEXT, "x".repeat(length).getBytes(StandardCharsets.UTF_8)), Metadata.NONE, 0);
            assertThat(new String(numbered(ClientProtocols.JSON_RELIABLE, message, number), StandardCharsets.UTF_8))
                    .startsWith("{\"type\":\"message\"")
                    .endsWith("xx\",\"sequenceId\":" + number + "}");
            assertThat(VendorMessages.downstream(numbered(ClientProtocols.PROTOBUF_RELIABLE, message, number)))
                    .endsWith("xx\" } sequence_id: " + number + " }");
        }
    }

    private static byte[] numbered(ClientProtocol protocol, ServiceMessage message, long number) {
        var shared = (SequencedFrame) Objects.requireNonNull(protocol.encode(message));
        EncodedFrame frame = shared.numbered(number);
        shared.release();
        byte[] bytes = received(frame, protocol.binary());
        frame.release();
        return bytes;
    }

    /** Receivers live on several loops. */
    @ParameterizedTest
    @ValueSource(ints = {100, 100_000})
    void manyThreadsNumberTheSameMessage(int length) throws Exception {
        var message = new ServiceMessage.FromServer(
                new Payload(DataType.TEXT, "x".repeat(length).getBytes(StandardCharsets.UTF_8)), Metadata.NONE, 0);
        Frame shared = Objects.requireNonNull(ClientProtocols.JSON_RELIABLE.encode(message));
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Callable<Boolean>> readers = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                long number = 1_000L + i;
                readers.add(() -> {
                    EncodedFrame frame = ((SequencedFrame) shared).numbered(number);
                    String text = new String(received(frame, false), StandardCharsets.UTF_8);
                    frame.release();
                    return text.endsWith("x\",\"sequenceId\":" + number + "}") && text.length() == 80 + length;
                });
            }
            List<Future<Boolean>> results = threads.invokeAll(readers);
            int right = 0;
            for (Future<Boolean> result : results) {
                right += result.get() ? 1 : 0;
            }
            assertThat(right).isEqualTo(400);
        }
        shared.release();
    }
}
