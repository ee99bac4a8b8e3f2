package io.tidewire.signalr.protocol;

import static io.tidewire.signalr.protocol.WireText.bytes;
import static io.tidewire.signalr.protocol.WireText.json;
import static io.tidewire.signalr.protocol.WireText.payload;
import static io.tidewire.signalr.protocol.WireText.prefixed;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.tidewire.service.protocol.ProtocolViolation;
import io.tidewire.service.protocol.VarInt;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Valid messages, damaged and cut anywhere: only messages and {@link ProtocolViolation}s may come of them, and no memory may
 * stay behind. The seed is in the name of a failure.
 */
class HubProtocolFuzzTest {
    private static final int ROUNDS = 50_000;
    private static final int MAX_MESSAGE = 256;
    private static final byte[] NOTABLE = {
        0,
        0x1E,
        '"',
        '\\',
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        'u',
        (byte) 0x80,
        (byte) 0x90,
        (byte) 0x91,
        (byte) 0xC0,
        (byte) 0xC1,
        (byte) 0xC6,
        (byte) 0xC9,
        (byte) 0xDB,
        (byte) 0xDD,
        (byte) 0xDF,
        (byte) 0xED,
        (byte) 0xF4,
        0x7F,
        (byte) 0xFF
    };

    private static List<byte[]> jsonSeeds() {
        return List.of(
                json(
                        "{\"type\":1,\"invocationId\":\"i\",\"target\":\"t\\u00e9\\ud83d\\ude00\",\"arguments\":[1,-2.5e3,{\"a\":[null]}],"
                                + "\"streamIds\":[\"s\"],\"headers\":{\"h\":\"v\"}};"),
                json("{\"item\":{\"x\":[true,false,\"é€😀\"]},\"invocationId\":\"i\",\"type\":2};"),
                json("{\"type\":3,\"invocationId\":\"i\",\"result\":[[[]]]};{\"type\":6};"),
                json("{\"type\":4,\"invocationId\":\"i\",\"target\":\"t\",\"arguments\":[]};"),
                json("{\"type\":5,\"invocationId\":\"i\"};{\"type\":7,\"error\":\"e\",\"allowReconnect\":true};"),
                json("{\"type\":8,\"sequenceId\":12};{\"type\":9,\"sequenceId\":0};{\"type\":77};"));
    }

    private static List<byte[]> messagePackSeeds() {
        HubProtocol protocol = HubProtocols.MESSAGE_PACK;
        MessagePackArguments arguments = MessagePackArguments.of(bytes("""
                99
                CC FF D1 80 00 CB 3F F0 00 00 00 00 00 00
                D9 03 E2 82 AC
                C4 02 00 01
                82 A1 'a' C3 01 C0
                D6 FF 00 00 00 00
                DC 00 02 DE 00 00 C7 01 05 00
                DB 00 00 00 04 F0 9F 98 80
                """));
        return List.of(
                payload(protocol.invocation("i", "target", arguments)),
                payload(protocol.streamInvocation("i", "target", arguments)),
                payload(protocol.streamItem("i", bytes("93 01 02 81 A1 'x' 90"))),
                payload(protocol.completionWithResult("i", bytes("DF 00 00 00 01 A1 'x' 91 C0"))),
                concat(payload(protocol.completion("i", "error")), payload(protocol.cancelInvocation("i"))),
                concat(payload(protocol.close("bye", true)), bytes("02 91 06"), payload(protocol.ack(1L << 40))),
                concat(
                        payload(protocol.sequence(7)),
                        prefixed(bytes("97 01 81 A1 'k' A1 'v' C0 A1 't' 90 91 A1 's' 01"))));
    }

    private static byte[] concat(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] all = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    @Test
    void damagedJson() {
        fuzz(HubProtocols.JSON, jsonSeeds(), 1);
    }

    @Test
    void damagedMessagePack() {
        fuzz(HubProtocols.MESSAGE_PACK, messagePackSeeds(), 2);
    }

    private static void fuzz(HubProtocol protocol, List<byte[]> seeds, long firstSeed) {
        // Not from an allocator: the leak detector would slow every access down.
        ByteBuf heap = Unpooled.wrappedBuffer(new byte[4_096]);
        ByteBuf direct = Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(4_096));
        int messages = 0;
        int violations = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long seed = firstSeed * ROUNDS + round;
            Random random = new Random(seed);
            byte[] input = damage(random, seeds.get(random.nextInt(seeds.size())), seeds);
            Checked sink = new Checked(protocol);
            HubMessageReader reader = new HubMessageReader(protocol, MAX_MESSAGE);
            int from = 0;
            try {
                while (from < input.length) {
                    int count = 1 + random.nextInt(random.nextBoolean() ? 8 : input.length - from);
                    count = Math.min(count, input.length - from);
                    // Both kinds of memory: what is scanned in place and what is copied.
                    ByteBuf piece = random.nextBoolean() ? heap : direct;
                    piece.clear().writeBytes(input, from, count);
                    reader.read(piece, sink);
                    assertThat(piece.refCnt()).isOne();
                    from += count;
                    assertThat(reader.carriedBytes()).isLessThanOrEqualTo(MAX_MESSAGE + VarInt.MAX_BYTES);
                }
            } catch (ProtocolViolation violation) {
                violations++;
                assertThat(violation.message()).hasSizeLessThan(120);
                assertThat(reader.carriedBytes()).isZero();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(protocol.name() + ", seed " + seed + ": " + WireText.hex(input), e);
            }
            messages += sink.count;
            reader.close();
            assertThat(reader.carriedBytes()).isZero();
        }
        assertThat(messages).as("messages").isGreaterThan(ROUNDS / 10);
        assertThat(violations).as("violations").isGreaterThan(ROUNDS / 10);
    }

    private static byte[] damage(Random random, byte[] valid, List<byte[]> seeds) {
        byte[] input = valid.clone();
        int changes = random.nextInt(4);
        for (int i = 0; i < changes && input.length > 1; i++) {
            int at = random.nextInt(input.length);
            switch (random.nextInt(6)) {
                case 0 -> input[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> input[at] = NOTABLE[random.nextInt(NOTABLE.length)];
                case 2 -> input = Arrays.copyOf(input, at + 1);
                case 3 -> {
                    int to = Math.min(input.length, at + 1 + random.nextInt(6));
                    input = concat(Arrays.copyOf(input, at), Arrays.copyOfRange(input, to, input.length));
                }
                case 4 -> {
                    byte[] more = {NOTABLE[random.nextInt(NOTABLE.length)], (byte) random.nextInt()};
                    input = concat(Arrays.copyOf(input, at), more, Arrays.copyOfRange(input, at, input.length));
                }
                default -> input = concat(input, seeds.get(random.nextInt(seeds.size())));
            }
        }
        return input;
    }

    /** Whatever is reported as a message must be one: independent readers must be able to read it. */
    private static final class Checked implements HubMessageReader.Sink {
        private final Seen seen;
        int count;

        Checked(HubProtocol protocol) {
            seen = new Seen(protocol);
        }

        @Override
        public void onMessage(ClientMessage message) {
            count++;
            seen.onMessage(message);
            byte[] raw = ByteBufUtil.getBytes(message.raw());
            assertThat(raw).hasSizeLessThanOrEqualTo(MAX_MESSAGE);
            if (raw[0] == '{' || raw[0] == ' ') {
                assertThat(Trees.json(raw)).isInstanceOf(Map.class);
            } else if (count % 4 == 0) {
                try {
                    assertThat(Trees.messagePack(raw)).isInstanceOf(List.class);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    /** Arguments that a scanner lets pass convert without fail, to something that is well-formed again. */
    @Test
    void whatIsAcceptedConverts() {
        List<byte[]> json = List.of("[1,-2.5e3,{\"a\":[null,\"é\\ud83d\\ude00\"]},\"x\",18446744073709551615,true]"
                .getBytes(StandardCharsets.UTF_8));
        List<byte[]> pack = List.of(
                bytes(
                        "97 CC FF CB 3F F0 00 00 00 00 00 00 D9 03 E2 82 AC C4 02 00 01 82 A1 'a' C3 01 C0 D6 FF 00 00 00 00 91 90"));
        int converted = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Random random = new Random(round);
            boolean fromJson = random.nextBoolean();
            byte[] input = damage(random, (fromJson ? json : pack).getFirst(), fromJson ? json : pack);
            try {
                Arguments arguments = fromJson ? JsonArguments.of(input) : MessagePackArguments.of(input);
                HubProtocol target = fromJson ? HubProtocols.MESSAGE_PACK : HubProtocols.JSON;
                byte[] frame = payload(target.invocation(null, "t", arguments));
                assertThat(Seen.of(target, frame)).as("round %d", round).hasSize(1);
                converted++;
            } catch (ProtocolViolation _) {
                // refused before anything is converted
            }
        }
        assertThat(converted).isGreaterThan(ROUNDS / 10);
    }
}
