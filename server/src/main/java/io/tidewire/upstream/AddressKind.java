package io.tidewire.upstream;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/** What an address stands for, from the registries of special addresses. */
enum AddressKind {
    PUBLIC("a public address"),
    PRIVATE("a private network"),
    LOOPBACK("this machine"),
    /** Machines of a cloud learn their credentials there; nothing else is near. */
    LINK_LOCAL("a link-local address"),
    METADATA("a cloud's metadata service"),
    MULTICAST("a multicast address"),
    SPECIAL("an address reserved for special use");

    private final String words;

    AddressKind(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }

    private record Line(Prefix prefix, AddressKind kind) {}

    /** The first that fits counts. */
    private static final List<Line> LINES = List.of(
            line("127.0.0.0/8", LOOPBACK),
            line("10.0.0.0/8", PRIVATE),
            line("172.16.0.0/12", PRIVATE),
            line("192.168.0.0/16", PRIVATE),
            line("169.254.0.0/16", LINK_LOCAL),
            line("100.100.100.200/32", METADATA),
            line("100.64.0.0/10", PRIVATE),
            line("168.63.129.16/32", METADATA),
            line("192.0.0.192/32", METADATA),
            line("192.0.0.0/24", SPECIAL),
            line("192.0.2.0/24", SPECIAL),
            line("192.88.99.0/24", SPECIAL),
            line("198.18.0.0/15", PRIVATE),
            line("198.51.100.0/24", SPECIAL),
            line("203.0.113.0/24", SPECIAL),
            line("224.0.0.0/4", MULTICAST),
            line("0.0.0.0/8", SPECIAL),
            line("240.0.0.0/4", SPECIAL),
            line("::1/128", LOOPBACK),
            line("::/128", SPECIAL),
            line("fd00:ec2::254/128", METADATA),
            line("fd20:ce::254/128", METADATA),
            line("fc00::/7", PRIVATE),
            line("fe80::/10", LINK_LOCAL),
            line("fec0::/10", PRIVATE),
            line("ff00::/8", MULTICAST),
            line("100::/64", SPECIAL),
            line("2001::/32", SPECIAL), // Teredo
            line("2001:db8::/32", SPECIAL),
            line("3fff::/20", SPECIAL),
            line("5f00::/16", SPECIAL));

    /** Prefixes before an IPv4 address, and where in the sixteen bytes that begins. */
    private record Carrier(Prefix prefix, int at) {}

    private static final List<Carrier> CARRIERS = List.of(
            new Carrier(Prefix.of("::/96"), 12),
            new Carrier(mapped(), 12),
            new Carrier(Prefix.of("::ffff:0:0:0/96"), 12),
            new Carrier(Prefix.of("64:ff9b::/96"), 12), // NAT64
            new Carrier(Prefix.of("64:ff9b:1::/48"), 12),
            new Carrier(Prefix.of("2002::/16"), 2)); // 6to4

    /** Of what is really reached: an address that carries an IPv4 address counts as that. */
    static AddressKind of(InetAddress address) {
        byte[] bytes = address.getAddress();
        for (Line line : LINES) {
            if (line.prefix.holds(bytes)) {
                return line.kind;
            }
        }
        for (Carrier carrier : CARRIERS) {
            if (carrier.prefix.holds(bytes)) {
                return of(carried(bytes, carrier.at));
            }
        }
        // ISATAP: the last eight bytes say that the last four are an IPv4 address.
        if (bytes.length == 16
                && (bytes[8] & 0xFD) == 0
                && bytes[9] == 0
                && bytes[10] == 0x5E
                && bytes[11] == (byte) 0xFE) {
            return of(carried(bytes, 12));
        }
        return PUBLIC;
    }

    /** ::ffff:0:0/96, which the JDK does not read as IPv6. */
    private static Prefix mapped() {
        byte[] network = new byte[16];
        network[10] = (byte) 0xFF;
        network[11] = (byte) 0xFF;
        return new Prefix(network, 96);
    }

    private static InetAddress carried(byte[] bytes, int at) {
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(bytes, at, at + 4));
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Line line(String prefix, AddressKind kind) {
        return new Line(Prefix.of(prefix), kind);
    }
}
