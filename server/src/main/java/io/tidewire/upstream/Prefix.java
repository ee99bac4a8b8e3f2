package io.tidewire.upstream;

import java.net.InetAddress;

/** The addresses of one family that begin with the same bits. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Prefix(byte[] network, int bits) {
    /** As in {@code 10.0.0.0/8}. */
    static Prefix of(String cidr) {
        int slash = cidr.indexOf('/');
        return new Prefix(
                InetAddress.ofLiteral(cidr.substring(0, slash)).getAddress(),
                Integer.parseInt(cidr.substring(slash + 1)));
    }

    static Prefix of(WebhookSettings.Range range) {
        return new Prefix(range.network().getAddress(), range.bits());
    }

    boolean holds(byte[] address) {
        if (address.length != network.length) {
            return false;
        }
        int whole = bits / Byte.SIZE;
        for (int i = 0; i < whole; i++) {
            if (address[i] != network[i]) {
                return false;
            }
        }
        int rest = bits % Byte.SIZE;
        return rest == 0 || (address[whole] ^ network[whole]) >> (Byte.SIZE - rest) == 0;
    }
}
