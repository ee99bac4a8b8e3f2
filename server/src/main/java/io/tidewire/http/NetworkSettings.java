package io.tidewire.http;

/**
 * The event loops that all listeners share.
 *
 * @param transport how sockets are polled
 * @param threads event loops; 0 takes one for each processor
 */
public record NetworkSettings(Transport transport, int threads) {
    /** AUTO is epoll where its native library loads (Linux), NIO anywhere else. */
    public enum Transport {
        AUTO,
        EPOLL,
        IO_URING,
        NIO
    }

    public static final NetworkSettings DEFAULT = new NetworkSettings(Transport.AUTO, 0);
}
