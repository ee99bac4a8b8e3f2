package io.tidewire.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * How many sockets one address may have, and how many a listener takes in a second. Both are off by default: behind one address there may
 * be a whole office or a proxy, and a proxy that is trusted is never counted. Fields without their own guard belong to the server channel's loop.
 */
final class AcceptLimits {
    /** What becomes of a new socket. */
    enum Verdict {
        WELCOME,
        TOO_MANY_OF_ADDRESS,
        TOO_MANY_IN_SECOND
    }

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final int ofAddress;
    private final int inSecond;
    private final Origins origins;
    /** Counted up on the server channel's loop, down on those of the connections; none stays at zero. */
    private final ConcurrentHashMap<InetAddress, Integer> open = new ConcurrentHashMap<>();

    private long second = System.nanoTime();
    private int taken;

    AcceptLimits(HttpSettings settings, Origins origins) {
        this.ofAddress = settings.maxConnectionsPerAddress();
        this.inSecond = settings.maxAcceptsPerSecond();
        this.origins = origins;
    }

    /** Counts a new socket, unless it is one too many. */
    Verdict take(InetAddress address) {
        if (inSecond > 0 && !hasRoomNow()) {
            return Verdict.TOO_MANY_IN_SECOND;
        }
        if (counts(address) && open.merge(network(address), 1, Integer::sum) > ofAddress) {
            give(address);
            return Verdict.TOO_MANY_OF_ADDRESS;
        }
        return Verdict.WELCOME;
    }

    /** A socket that was welcome is gone. Any thread. */
    void give(InetAddress address) {
        if (counts(address)) {
            open.computeIfPresent(network(address), (_, count) -> count == 1 ? null : count - 1);
        }
    }

    /** Addresses that have sockets now. */
    int addresses() {
        return open.size();
    }

    private boolean counts(InetAddress address) {
        return ofAddress > 0 && !origins.isTrusted(address);
    }

    private boolean hasRoomNow() {
        long now = System.nanoTime();
        if (now - second >= SECOND) {
            second = now;
            taken = 0;
        }
        return ++taken <= inSecond;
    }

    /** Of IPv6 the first half: whoever has one address there has all those that differ in the second. */
    private static InetAddress network(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address;
        }
        byte[] bytes = address.getAddress();
        Arrays.fill(bytes, 8, 16, (byte) 0);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("Sixteen bytes are an address", impossible);
        }
    }
}
