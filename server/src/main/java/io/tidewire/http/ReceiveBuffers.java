package io.tidewire.http;

import io.netty.channel.ChannelConfig;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * How large the buffers are that sockets are read into. Where Netty's own choice remembers for each socket what it has sent, which
 * is 150 bytes of every idle connection, this one forgets it after each turn of the socket: the first read takes what most messages
 * and requests fit in, and each read that fills its buffer makes the next one of the same turn larger. Nothing of it
 * outlives a turn, and sockets of one loop have their turns one after the other, so each loop needs one handle for all of them.
 */
final class ReceiveBuffers extends DefaultMaxMessagesRecvByteBufAllocator {
    /** A request with its token and a small body, or several messages. */
    private static final int FIRST = 4096;

    private static final int LARGEST = 65536;

    /** As Netty reads from a socket before others have their turn. */
    private static final int READS_OF_A_TURN = 16;

    private final FastThreadLocal<Turn> ofLoop = new FastThreadLocal<>() {
        @Override
        protected Turn initialValue() {
            return new Turn();
        }
    };

    ReceiveBuffers() {
        super(READS_OF_A_TURN);
    }

    @Override
    public MaxMessageHandle newHandle() {
        return ofLoop.get();
    }

    private final class Turn extends MaxMessageHandle {
        private int next = FIRST;

        @Override
        public int guess() {
            return next;
        }

        @Override
        public void reset(ChannelConfig config) {
            super.reset(config);
            next = FIRST;
        }

        @Override
        public void lastBytesRead(int bytes) {
            if (bytes == attemptedBytesRead() && next < LARGEST) {
                next *= 4;
            }
            super.lastBytesRead(bytes);
        }
    }
}
