package io.tidewire.http;

import java.time.Duration;

/**
 * Bounds on requests. Each error names the bound and its setting ({@code http.maxBodyBytes} and so on).
 *
 * @param maxUriBytes request line; over it 414
 * @param maxHeaderBytes all headers together; over it 431
 * @param maxHttp2HeaderBytes one header of a request over HTTP/2; over it 431
 * @param maxBodyBytes body; over it 413
 * @param requestTimeout from the first byte of a request to its last; slow senders are cut with 408
 * @param idleTimeout between two requests of a kept connection, and before the first
 * @param maxConnections sockets on one listener; over it accepting pauses
 * @param maxConnectionsPerAddress sockets of one address on one listener, trusted proxies apart; over it they are closed. 0 for no limit
 * @param maxAcceptsPerSecond new sockets on one listener; over it they are closed. 0 for no limit
 * @param tlsHandshakeTimeout from an accepted socket to the end of its TLS handshake
 * @param proxies whom to believe about the callers behind them
 */
public record HttpSettings(
        int maxUriBytes,
        int maxHeaderBytes,
        int maxHttp2HeaderBytes,
        int maxBodyBytes,
        Duration requestTimeout,
        Duration idleTimeout,
        int maxConnections,
        int maxConnectionsPerAddress,
        int maxAcceptsPerSecond,
        Duration tlsHandshakeTimeout,
        ProxySettings proxies) {
    /** The vendor's documented limits (reference G), and ours where it has none. */
    public static final HttpSettings DEFAULT = new HttpSettings(
            12 * 1024,
            16 * 1024,
            4 * 1024,
            1024 * 1024,
            Duration.ofSeconds(20),
            Duration.ofMinutes(2),
            100_000,
            0,
            0,
            Duration.ofSeconds(10),
            ProxySettings.NONE);
}
