package io.tidewire.http;

/**
 * What every listener needs to know.
 *
 * @param host address to bind; IPv6 without brackets
 * @param port port to bind; 0 takes a free one
 * @param limits the bounds on requests
 */
public record ListenerSettings(String host, int port, HttpLimits limits) {}
