package io.tidewire.upstream;

import java.net.InetAddress;
import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Whom a URL reaches. Equal targets share connections, limits and the circuit.
 *
 * @param host in lower case, as the application is told it; an IPv6 address without brackets
 * @param port -1 when the URL names none
 * @param literal the address, when the host is one
 */
record Target(boolean tls, String host, int port, @Nullable InetAddress literal) {
    private static final int MAX_PORT = 65535;

    /** The URL is not one that may be called. */
    static final class Denied extends Exception {
        private static final long serialVersionUID = 1L;

        Denied(String why) {
            super(why, null, false, false);
        }
    }

    static Target of(URI url) throws Denied {
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new Denied("only http and https are called");
        }
        // Not getHost: that knows no name with an underscore.
        String authority = url.getRawAuthority();
        if (authority == null) {
            throw new Denied("the URL has no host");
        }
        if (authority.indexOf('@') >= 0) {
            throw new Denied("the URL has user information; credentials belong into its query or into a header");
        }
        int colon = authority.lastIndexOf(':');
        int afterAddress = authority.lastIndexOf(']');
        String host = colon > afterAddress ? authority.substring(0, colon) : authority;
        int port = colon > afterAddress ? port(authority.substring(colon + 1)) : -1;
        boolean tls = scheme.equals("https");
        if (port == (tls ? 443 : 80)) {
            port = -1;
        }
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
            return new Target(tls, host.toLowerCase(Locale.ROOT), port, address(host));
        }
        if (HostName.looksNumeric(host)) {
            return new Target(tls, host, port, address(host));
        }
        if (!HostName.isName(host)) {
            throw new Denied("the URL's host is no host name");
        }
        return new Target(tls, host.toLowerCase(Locale.ROOT), port, null);
    }

    private static int port(String text) throws Denied {
        if (text.isEmpty()) {
            return -1;
        }
        try {
            int port = Integer.parseInt(text);
            if (port > 0 && port <= MAX_PORT) {
                return port;
            }
        } catch (NumberFormatException noNumber) {
            // Denied as well.
        }
        throw new Denied("the URL's port is not between 1 and " + MAX_PORT);
    }

    private static InetAddress address(String host) throws Denied {
        try {
            return HostName.address(host);
        } catch (IllegalArgumentException ambiguous) {
            throw new Denied("the URL's host is neither a name nor an address in its usual form");
        }
    }

    String scheme() {
        return tls ? "https" : "http";
    }

    /** For people. */
    @Override
    public String toString() {
        String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return scheme() + "://" + name + (port < 0 ? "" : ":" + port);
    }
}
