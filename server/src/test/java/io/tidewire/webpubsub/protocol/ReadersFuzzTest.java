package io.tidewire.webpubsub.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The inputs that Jazzer starts from and those it once found something with, and many more that are made by damaging them; the
 * {@link ReaderOracle} judges. The seed is in the name of a failure.
 */
class ReadersFuzzTest {
    private static final Path INPUTS = Path.of("src", "test", "resources", "io", "tidewire", "webpubsub", "protocol");
    private static final int ROUNDS = 20_000;
    private static final byte[] NOTABLE = {
        0,
        1,
        2,
        '"',
        '\\',
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        'n',
        '0',
        '-',
        ' ',
        0x0A,
        0x12,
        0x1A,
        0x22,
        0x2A,
        0x32,
        0x4A,
        0x7A,
        0x7F,
        -1,
        -128,
        (byte) 0xC3,
        (byte) 0xED
    };

    @Test
    void damagedJson() throws IOException {
        fuzz(JsonReaderFuzz.class, ReaderOracle::json);
    }

    @Test
    void damagedProtobuf() throws IOException {
        fuzz(ProtobufReaderFuzz.class, ReaderOracle::protobuf);
    }

    private static void fuzz(Class<?> fuzz, Predicate<byte[]> oracle) throws IOException {
        List<byte[]> seeds = new ArrayList<>();
        try (Stream<Path> files =
                Files.list(INPUTS.resolve(fuzz.getSimpleName() + "Inputs").resolve("read"))) {
            for (Path file : files.sorted().toList()) {
                byte[] seed = Files.readAllBytes(file);
                judge(oracle, seed, file.toString());
                seeds.add(seed);
            }
        }
        int messages = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] input = damage(new Random(round), seeds);
            messages += judge(oracle, input, "seed " + round) ? 1 : 0;
        }
        assertThat(messages).as("messages").isBetween(ROUNDS / 10, ROUNDS * 9 / 10);
    }

    private static boolean judge(Predicate<byte[]> oracle, byte[] input, String name) {
        try {
            return oracle.test(input);
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError(name + ": " + ByteBufUtil.hexDump(input), e);
        }
    }

    private static byte[] damage(Random random, List<byte[]> seeds) {
        byte[] input = seeds.get(random.nextInt(seeds.size())).clone();
        int changes = random.nextInt(4);
        for (int i = 0; i < changes && input.length > 1; i++) {
            int at = random.nextInt(input.length);
            switch (random.nextInt(6)) {
                case 0 -> input[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> input[at] = NOTABLE[random.nextInt(NOTABLE.length)];
                case 2 -> input = Arrays.copyOf(input, at + 1);
                case 3 -> {
                    int to = Math.min(input.length, at + 1 + random.nextInt(6));
                    input = join(Arrays.copyOf(input, at), Arrays.copyOfRange(input, to, input.length));
                }
                case 4 -> {
                    byte[] more = {NOTABLE[random.nextInt(NOTABLE.length)], (byte) random.nextInt()};
                    input = join(Arrays.copyOf(input, at), more, Arrays.copyOfRange(input, at, input.length));
                }
                default -> input = join(input, seeds.get(random.nextInt(seeds.size())));
            }
        }
        return input;
    }

    private static byte[] join(byte[]... parts) {
        return ByteBufUtil.getBytes(Unpooled.wrappedBuffer(parts));
    }
}
