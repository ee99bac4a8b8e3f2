package io.tidewire.http;

/**
 * Where a listener binds.
 *
 * @param host address or name; IPv6 without brackets
 * @param port 0 takes a free one
 */
public record ListenSettings(String host, int port) {
    /** As written in settings: {@code host:port}, IPv6 in brackets. */
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
