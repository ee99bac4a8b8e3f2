package io.tidewire.http;

import java.net.InetAddress;

/**
 * Neighbouring addresses: those that begin with the same bits.
 *
 * @param first any of them
 * @param bits how many bits they share
 */
record AddressRange(InetAddress first, int bits) {
    /**
     * Reads {@code 10.0.0.0/8}, or one address by itself.
     *
     * @throws IllegalArgumentException when it is neither
     */
    static AddressRange parse(String text) {
        int slash = text.indexOf('/');
        InetAddress first = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
        int length = first.getAddress().length * Byte.SIZE;
        int bits = slash < 0 ? length : Integer.parseInt(text.substring(slash + 1));
        if (bits < 0 || bits > length) {
            throw new IllegalArgumentException("A prefix of " + bits + " bits");
        }
        return new AddressRange(first, bits);
    }

    boolean contains(InetAddress address) {
        byte[] mine = first.getAddress();
        byte[] other = address.getAddress();
        if (mine.length != other.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit += Byte.SIZE) {
            int differing = (mine[bit / Byte.SIZE] ^ other[bit / Byte.SIZE]) & 0xFF;
            int looked = Math.min(Byte.SIZE, bits - bit);
            if (differing >>> (Byte.SIZE - looked) != 0) {
                return false;
            }
        }
        return true;
    }
}
