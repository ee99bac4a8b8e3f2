package io.tidewire.upstream;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * How the applications are called. Limits hold for each host, that is scheme, name and port.
 *
 * @param addresses which addresses may be dialled
 * @param allow what may be dialled whatever {@code addresses} says
 * @param timeout from a try's begin, waiting included, to the last byte of its answer
 * @param connectTimeout for one address, and again for the TLS handshake
 * @param idleTimeout how long a connection is kept for the next call
 * @param maxResponseBytes longest body of an answer
 * @param maxConnections calls at one time to one host, and connections to it
 * @param maxWaitingBytes calls that wait for a connection to one host
 * @param retries how often a repeatable request is tried again
 */
public record WebhookSettings(
        Addresses addresses,
        List<Allowed> allow,
        Duration timeout,
        Duration connectTimeout,
        Duration idleTimeout,
        int maxResponseBytes,
        int maxConnections,
        int maxWaitingBytes,
        int retries,
        CircuitSettings circuit) {
    /** Link-local, metadata, multicast and other special addresses are denied by all of them. */
    public enum Addresses {
        ANY,
        /** Not this machine itself. */
        PRIVATE,
        /** Nor a private network. */
        PUBLIC,
        /** Nothing but the list. */
        LISTED
    }

    /** An entry of the list of exceptions. */
    public sealed interface Allowed {
        /**
         * Reads an entry: a CIDR range, an address, or the name of a host.
         *
         * @throws IllegalArgumentException when it is none of them
         */
        static Allowed parse(String text) {
            int slash = text.indexOf('/');
            if (slash >= 0) {
                InetAddress network = HostName.address(text.substring(0, slash));
                return new Range(network, Integer.parseInt(text.substring(slash + 1)));
            }
            if (text.indexOf(':') >= 0 || HostName.looksNumeric(text)) {
                InetAddress address = HostName.address(text);
                return new Range(address, address.getAddress().length * Byte.SIZE);
            }
            return new Host(text);
        }
    }

    /** Addresses that begin with the same bits. */
    public record Range(InetAddress network, int bits) implements Allowed {
        public Range {
            int most = network.getAddress().length * Byte.SIZE;
            if (bits < 0 || bits > most) {
                throw new IllegalArgumentException("A prefix has 0 to " + most + " bits");
            }
        }

        @Override
        public String toString() {
            return network.getHostAddress() + "/" + bits;
        }
    }

    /** A host, on whatever address but the special ones. */
    public record Host(String name) implements Allowed {
        public Host {
            if (!HostName.isName(name)) {
                throw new IllegalArgumentException("No host name");
            }
            name = name.toLowerCase(Locale.ROOT);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    public static final WebhookSettings DEFAULT = new WebhookSettings(
            Addresses.PRIVATE,
            List.of(),
            Duration.ofSeconds(100),
            Duration.ofSeconds(5),
            Duration.ofSeconds(4),
            16 * 1024 * 1024,
            100,
            64 * 1024 * 1024,
            0,
            CircuitSettings.DEFAULT);

    public WebhookSettings {
        allow = List.copyOf(allow);
    }
}
