package io.tidewire.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.tidewire.http.Budget;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two readers of the same bytes, right and wrong, cut at any places: a wire, and Netty's decoder with the rules of messages written
 * down once more. Session and client must hear the same of both. The seed of a failure is in its text.
 */
class FramesDifferentialTest {
    private static final int CASES = 1500;

    private static final int[] LENGTHS = {0, 1, 2, 3, 7, 8, 9, 15, 16, 31, 100, 124, 125, 126, 127, 200, 1000};
    private static final int[] LONG_LENGTHS = {1500, 1501, 65_535, 65_536, 70_000};
    private static final int[] CODES = {1000, 1001, 1003, 1007, 1014, 3000, 4999};
    private static final int[] BAD_CODES = {0, 999, 1004, 1005, 1006, 1015, 2999, 5000, 65_535};
    /** A close code that Netty lets through: the reason behind it, when that is wrong too, then counts there and not here. */
    private static final String BAD_CODE = "end with a code over 4999";

    private static final List<String> LIKE_A_BAD_CODE = List.of("end 1002", "end 1007");

    private static final byte[] TEXT =
            "a\u00e9\u4e16\ud83d\ude00b".repeat(20_000).getBytes(StandardCharsets.UTF_8);

    private final UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(true, true);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void bothHearTheSame(long block) {
        int ended = 0;
        int messages = 0;
        for (int i = 0; i < CASES; i++) {
            long seed = block * 1_000_000 + i;
            var random = new Random(seed);
            int limit = random.nextInt(4) == 0 ? 66_000 : 1500;
            byte[] stream = stream(random, limit);
            if (random.nextBoolean()) {
                stream = mutated(random, stream);
            }
            List<byte[]> pieces = cut(random, stream);

            List<String> expected = model(pieces, limit);
            List<String> heard = wire(pieces, limit, random);
            if (heard.contains(BAD_CODE) && LIKE_A_BAD_CODE.contains(expected.getLast())) {
                expected.set(expected.size() - 1, BAD_CODE);
            }

            assertThat(heard)
                    .as("seed %d, limit %d, %s", seed, limit, lengths(pieces))
                    .isEqualTo(expected);
            boolean end = !expected.isEmpty() && expected.getLast().startsWith("end");
            ended += end ? 1 : 0;
            messages += expected.size() - (end ? 1 : 0);
        }
        assertThat(ended).as("streams that end").isBetween(CASES / 4, CASES - CASES / 8);
        assertThat(messages).as("messages heard").isGreaterThan(CASES);
    }

    // --- what is sent

    private static byte[] stream(Random random, int limit) {
        var out = new ByteArrayOutputStream();
        boolean inside = false;
        for (int left = 1 + random.nextInt(12); left > 0; left--) {
            boolean last = random.nextInt(3) > 0;
            switch (random.nextInt(40)) {
                case 0 -> frame(out, random, random.nextInt(256), random.nextInt(8) > 0, new byte[random.nextInt(200)]);
                case 1 -> close(out, random);
                case 2, 3, 4, 5, 6, 7 ->
                    frame(out, random, random.nextBoolean() ? 0x89 : 0x8A, true, new byte[random.nextInt(126)]);
                default -> {
                    int opcode = inside ? 0 : 1 + random.nextInt(2);
                    frame(out, random, (last ? 0x80 : 0) | opcode, true, payload(random, limit));
                    inside = !last;
                }
            }
        }
        return out.toByteArray();
    }

    private static byte[] payload(Random random, int limit) {
        int[] lengths = (random.nextInt(25) == 0 && limit > 1500) || random.nextInt(100) == 0 ? LONG_LENGTHS : LENGTHS;
        int length = lengths[random.nextInt(lengths.length)];
        byte[] payload = new byte[length];
        switch (random.nextInt(20)) {
            case 0 -> random.nextBytes(payload);
            case 1, 2, 3, 4, 5 -> Arrays.fill(payload, (byte) 'x');
            default -> {
                // Text whose fragments may begin and end inside of a character, mostly not.
                int from = random.nextInt(30) == 0 ? random.nextInt(11) : 0;
                int whole = random.nextInt(30) == 0 ? length : length - length % 11;
                payload = Arrays.copyOfRange(TEXT, from, from + whole);
            }
        }
        return payload;
    }

    private static void close(ByteArrayOutputStream out, Random random) {
        int[] codes = random.nextBoolean() ? CODES : BAD_CODES;
        int code = codes[random.nextInt(codes.length)];
        byte[] reason =
                random.nextInt(3) == 0 ? new byte[] {'o', (byte) 0xFF} : "b\u00e9".getBytes(StandardCharsets.UTF_8);
        byte[] payload = new byte[2 + reason.length];
        payload[0] = (byte) (code >> 8);
        payload[1] = (byte) code;
        System.arraycopy(reason, 0, payload, 2, reason.length);
        frame(
                out,
                random,
                0x88,
                true,
                Arrays.copyOf(payload, random.nextBoolean() ? payload.length : random.nextInt(3)));
    }

    /** Sometimes with a length that is not in its shortest form, or of another frame altogether. */
    private static void frame(ByteArrayOutputStream out, Random random, int first, boolean masked, byte[] payload) {
        byte[] header = RawWebSocket.header(first, masked, payload.length);
        byte[] mask = new byte[4];
        random.nextBytes(mask);
        if (masked) {
            System.arraycopy(mask, 0, header, header.length - 4, 4);
        }
        if (random.nextInt(60) == 0) {
            byte[] longer = new byte[random.nextBoolean() ? 2 : 8];
            longer[longer.length - 1] = (byte) payload.length;
            longer[0] = random.nextInt(4) == 0 ? (byte) 0x80 : longer[0];
            out.write(header[0]);
            out.write((masked ? 0x80 : 0) | (longer.length == 2 ? 126 : 127));
            out.writeBytes(longer);
            out.writeBytes(masked ? mask : new byte[0]);
        } else {
            out.writeBytes(header);
        }
        for (int i = 0; i < payload.length; i++) {
            out.write(masked ? payload[i] ^ mask[i & 3] : payload[i]);
        }
    }

    private static byte[] mutated(Random random, byte[] stream) {
        byte[] bytes = stream.clone();
        for (int left = random.nextInt(4); left > 0 && bytes.length > 0; left--) {
            // Headers are what counts, and the first one is at the start.
            int at = random.nextBoolean() ? random.nextInt(Math.min(16, bytes.length)) : random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt(256);
                case 2 -> bytes = Arrays.copyOf(bytes, at); // ends in the middle
                default -> { // one byte is lost
                    byte[] shorter = Arrays.copyOf(bytes, bytes.length - 1);
                    System.arraycopy(bytes, at + 1, shorter, at, shorter.length - at);
                    bytes = shorter;
                }
            }
        }
        return bytes;
    }

    private static List<byte[]> cut(Random random, byte[] stream) {
        int longest = switch (random.nextInt(4)) {
            case 0 -> stream.length > 400 ? 199 : 1;
            case 1 -> stream.length > 4000 ? 4096 : 60;
            case 2 -> 20_000;
            default -> Integer.MAX_VALUE - 1;
        };
        var pieces = new ArrayList<byte[]>();
        for (int at = 0; at < stream.length; ) {
            int length = Math.min(stream.length - at, 1 + random.nextInt(Math.min(longest, stream.length)));
            length = longest > 20_000 ? stream.length - at : length;
            pieces.add(Arrays.copyOfRange(stream, at, at + length));
            at += length;
        }
        return pieces;
    }

    private static List<Integer> lengths(List<byte[]> pieces) {
        return pieces.stream().limit(50).map(piece -> piece.length).toList();
    }

    // --- what is heard

    /** The wire as it is, in a channel of its own. */
    private List<String> wire(List<byte[]> pieces, int limit, Random random) {
        var session = new Heard();
        var budget = new Budget(Long.MAX_VALUE);
        var settings = new WebSocketSettings(limit, 1 << 20, Duration.ofSeconds(5), Integer.MAX_VALUE);
        var channel = new EmbeddedChannel();
        channel.config().setAllocator(memory);
        channel.pipeline().addLast(new WebSocketWire(channel, session, settings, budget));
        for (byte[] piece : pieces) {
            if (!channel.isOpen()) {
                break;
            }
            // Anywhere in a larger buffer, whose other bytes are none of the wire's business.
            int before = random.nextInt(9);
            ByteBuf whole = (random.nextBoolean() ? memory.directBuffer() : memory.heapBuffer())
                    .writeZero(before)
                    .writeBytes(piece)
                    .writeZero(9);
            channel.writeInbound(whole.retainedSlice(before, piece.length));
            for (int i = 0; i < before; i++) {
                assertThat(whole.getByte(i)).isZero();
            }
            for (int i = before + piece.length; i < whole.writerIndex(); i++) {
                assertThat(whole.getByte(i)).isZero();
            }
            whole.release();
        }
        session.events.addAll(closeFrames(channel));
        channel.finishAndReleaseAll();
        if (session.badCode) {
            session.events.set(session.events.size() - 1, BAD_CODE);
        }
        assertThat(budget.used()).as("bytes still counted").isZero();
        assertThat(memory.metric().usedDirectMemory() + memory.metric().usedHeapMemory())
                .as("bytes not given back")
                .isZero();
        return session.events;
    }

    /** What the client was told at the end. */
    private static List<String> closeFrames(EmbeddedChannel channel) {
        var codes = new ArrayList<String>();
        for (ByteBuf sent = channel.readOutbound(); sent != null; sent = channel.readOutbound()) {
            if (sent.getByte(0) == (byte) 0x88) {
                codes.add("end " + (sent.getByte(1) == 0 ? 1005 : sent.getUnsignedShort(2)));
            }
            sent.release();
        }
        return codes;
    }

    private static final class Heard implements Session {
        private final List<String> events = new ArrayList<>();
        private boolean badCode;

        @Override
        public void onOpen(Wire wire) {}

        @Override
        public void onMessage(ByteBuf payload, boolean binary) {
            events.add(message(binary, payload));
        }

        @Override
        public void onPong() {
            events.add("pong");
        }

        @Override
        public void onOverflow() {
            throw new AssertionError();
        }

        @Override
        public void onClosed(WireEnd end) {
            badCode = end instanceof WireEnd.Violation(WireClose close)
                    && close.reason().matches("Close code ([5-9]...|.....) must not be sent");
        }
    }

    private static String message(boolean binary, ByteBuf payload) {
        int length = payload.readableBytes();
        return (binary ? "binary " : "text ") + length + " "
                + (length > 40 ? Arrays.hashCode(ByteBufUtil.getBytes(payload)) : ByteBufUtil.hexDump(payload));
    }

    /** Netty's frames, and the rules that are not about frames. */
    private List<String> model(List<byte[]> pieces, int limit) {
        var model = new Model(limit);
        var channel = new EmbeddedChannel(new WebSocket13FrameDecoder(WebSocketDecoderConfig.newBuilder()
                .expectMaskedFrames(true)
                .allowExtensions(false)
                .maxFramePayloadLength(limit)
                .closeOnProtocolViolation(false)
                .withUTF8Validator(false)
                .build()));
        channel.config().setAllocator(memory);
        for (byte[] piece : pieces) {
            CorruptedWebSocketFrameException violation = null;
            try {
                channel.writeInbound(memory.buffer().writeBytes(piece));
            } catch (CorruptedWebSocketFrameException broken) {
                violation = broken;
            }
            for (WebSocketFrame frame = channel.readInbound(); frame != null; frame = channel.readInbound()) {
                if (!model.ended) {
                    model.take(frame);
                }
                frame.release();
            }
            if (violation != null && !model.ended) {
                model.end(violation.closeStatus().code());
            }
            if (model.ended) {
                break;
            }
        }
        channel.finishAndReleaseAll();
        return model.events;
    }

    private static final class Model {
        private final int limit;
        private final List<String> events = new ArrayList<>();
        private final ByteBuf joined = Unpooled.buffer();
        private boolean binary;
        private int utf8;
        private boolean ended;

        Model(int limit) {
            this.limit = limit;
        }

        void take(WebSocketFrame frame) {
            switch (frame) {
                case PingWebSocketFrame _ -> {}
                case TextWebSocketFrame text -> begin(text, false);
                case BinaryWebSocketFrame bytes -> begin(bytes, true);
                case ContinuationWebSocketFrame next -> add(next);
                case CloseWebSocketFrame close -> {
                    ByteBuf content = close.content();
                    int code = content.isReadable() ? content.readUnsignedShort() : 1005;
                    // Netty lets half a character at the end through; RFC 6455, 5.5.1 does not.
                    end(code > 4999 ? 1002 : Utf8.isWhole(content) ? code : 1007);
                }
                default -> events.add("pong");
            }
        }

        private void begin(WebSocketFrame frame, boolean bytes) {
            joined.clear();
            binary = bytes;
            utf8 = Utf8.START;
            add(frame);
        }

        private void add(WebSocketFrame frame) {
            ByteBuf content = frame.content();
            utf8 = binary ? Utf8.START : Utf8.check(utf8, content);
            if (joined.readableBytes() + content.readableBytes() > limit) {
                end(1009);
            } else if (utf8 == Utf8.INVALID || (frame.isFinalFragment() && utf8 != Utf8.START)) {
                end(1007);
            } else {
                joined.writeBytes(content);
                if (frame.isFinalFragment()) {
                    events.add(message(binary, joined));
                }
            }
        }

        void end(int code) {
            ended = true;
            events.add("end " + code);
        }
    }
}
