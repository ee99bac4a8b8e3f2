package io.tidewire.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator.MaxMessageHandle;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ReceiveBuffersTest {
    private final ReceiveBuffers buffers = new ReceiveBuffers();
    private final ChannelConfig config = new DefaultChannelConfig(new EmbeddedChannel());

    @Test
    void growsWhileOneSocketFillsItsBuffers() {
        MaxMessageHandle turn = buffers.newHandle();
        turn.reset(config);

        assertThat(read(turn, 4096)).isEqualTo(4096);
        assertThat(read(turn, 16384)).isEqualTo(16384);
        assertThat(read(turn, 65536)).isEqualTo(65536);
        assertThat(read(turn, 100)).isEqualTo(65536);
        assertThat(turn.continueReading())
                .as("after a buffer that was not filled")
                .isFalse();
    }

    @Test
    void remembersNothingOfTheSocketBefore() {
        MaxMessageHandle turn = buffers.newHandle();
        turn.reset(config);
        read(turn, 4096);
        turn.readComplete();

        turn.reset(config);

        assertThat(read(turn, 10)).isEqualTo(4096);
    }

    @Test
    void endsTheTurnOfASocketThatHasEverMore() {
        MaxMessageHandle turn = buffers.newHandle();
        turn.reset(config);
        int reads = 0;
        do {
            read(turn, Integer.MAX_VALUE);
            reads++;
        } while (turn.continueReading() && reads < 100);

        assertThat(reads).isEqualTo(16);
    }

    @Test
    void oneHandleServesAllSocketsOfALoopAndNoneOfAnother() throws Exception {
        assertThat(buffers.newHandle()).isSameAs(buffers.newHandle());
        var elsewhere = new CompletableFuture<MaxMessageHandle>();
        var loop = new FastThreadLocalThread(() -> elsewhere.complete(buffers.newHandle()));
        loop.start();
        assertThat(elsewhere.get()).isNotSameAs(buffers.newHandle());
        loop.join();
    }

    /** Reads as a socket that has so many bytes; returns how many it would have taken. */
    private static int read(MaxMessageHandle turn, int available) {
        ByteBuf buffer = turn.allocate(UnpooledByteBufAllocator.DEFAULT);
        try {
            turn.attemptedBytesRead(buffer.writableBytes());
            turn.lastBytesRead(Math.min(available, buffer.writableBytes()));
            turn.incMessagesRead(1);
            return buffer.capacity();
        } finally {
            buffer.release();
        }
    }
}
