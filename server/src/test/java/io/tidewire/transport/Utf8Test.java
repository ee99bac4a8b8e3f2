package io.tidewire.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The JDK's decoder is the judge. */
class Utf8Test {
    /** Bytes at which something changes. */
    private static final int[] EDGES = {
        0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE,
        0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xF7, 0xF8, 0xFF
    };

    @Test
    void everySequenceOfEdgesUpToFourBytes() {
        int n = EDGES.length;
        for (int length = 1; length <= 4; length++) {
            for (int i = 0; i < Math.pow(n, length); i++) {
                byte[] bytes = new byte[length];
                for (int at = 0, rest = i; at < length; at++, rest /= n) {
                    bytes[at] = (byte) EDGES[rest % n];
                }
                check(bytes, length / 2);
            }
        }
    }

    @Test
    void everyCharacter() {
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
                byte[] bytes = Character.toString(c).getBytes(StandardCharsets.UTF_8);
                assertThat(Utf8.check(Utf8.START, Unpooled.wrappedBuffer(bytes)))
                        .isEqualTo(Utf8.START);
            }
        }
    }

    @Test
    void longerTextsWithOneBadByteCutAnywhere() {
        Random random = new Random(6455);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = "plain ascii, ünd ein wenig 漢字 🌊 mixed in".getBytes(StandardCharsets.UTF_8);
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            check(bytes, random.nextInt(bytes.length));
        }
    }

    private static void check(byte[] bytes, int cut) {
        ByteBuf whole = Unpooled.wrappedBuffer(bytes);
        boolean valid = isUtf8(bytes);
        if ((Utf8.check(Utf8.START, whole) == Utf8.START) != valid) {
            throw new AssertionError("whole: " + java.util.HexFormat.of().formatHex(bytes));
        }
        int state = Utf8.check(Utf8.START, whole.slice(0, cut));
        if (state != Utf8.INVALID) {
            state = Utf8.check(state, whole.slice(cut, bytes.length - cut));
        }
        if ((state == Utf8.START) != valid) {
            throw new AssertionError(
                    "cut at " + cut + ": " + java.util.HexFormat.of().formatHex(bytes));
        }
    }

    private static boolean isUtf8(byte[] bytes) {
        CharBuffer chars = CharBuffer.allocate(bytes.length);
        return !StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes), chars, true)
                .isError();
    }
}
