package io.tidewire.http;

import java.net.InetAddress;
import java.util.List;

/**
 * Where a request came from and which way, as far as that is known and believed.
 *
 * @param scheme the caller's: {@code http} or {@code https}
 * @param authority the host, and perhaps a port, that the caller used
 * @param hosts every authority by which this server was called on the way
 * @param address the caller's
 */
record Origin(String scheme, String authority, List<String> hosts, InetAddress address) {
    String baseUrl() {
        return scheme + "://" + authority;
    }
}
