package io.tidewire.http;

/**
 * The event loops and the memory that all listeners share.
 *
 * @param transport how sockets are polled
 * @param threads event loops; 0 takes one for each processor
 * @param maxBufferedBytes the limit of the node's {@link Budget}; 0 takes half of the direct memory the process may have
 */
public record NetworkSettings(Transport transport, int threads, long maxBufferedBytes) {
    /** AUTO is epoll where its native library loads (Linux), NIO anywhere else. */
    public enum Transport {
        AUTO,
        EPOLL,
        NIO
    }

    public static final NetworkSettings DEFAULT = new NetworkSettings(Transport.AUTO, 0, 0);
}
