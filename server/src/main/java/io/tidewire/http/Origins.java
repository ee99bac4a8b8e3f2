package io.tidewire.http;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Finds out where requests come from. What a request says of that is believed as far back as proxies that are trusted have written it, and
 * no further: who writes the rest is for anybody to choose.
 */
final class Origins {
    /** For a peer that has gone; no range has it. */
    private static final InetAddress NOBODY = new InetSocketAddress(0).getAddress();

    private final String scheme;
    private final List<AddressRange> trusted;

    /**
     * For the requests of one listener.
     *
     * @param scheme what it speaks itself
     */
    Origins(String scheme, ProxySettings proxies) {
        this.scheme = scheme;
        var ranges = new ArrayList<AddressRange>();
        for (String text : proxies.trusted()) {
            if (text.equals(ProxySettings.LOOPBACK)) {
                ranges.add(AddressRange.parse("127.0.0.0/8"));
                ranges.add(AddressRange.parse("::1"));
            } else {
                ranges.add(AddressRange.parse(text));
            }
        }
        this.trusted = List.copyOf(ranges);
    }

    Origin of(HttpHeaders headers, Channel channel) {
        InetAddress peer = peer(channel);
        String host = headers.get(HttpHeaderNames.HOST, "");
        if (host.isEmpty() && channel.localAddress() instanceof InetSocketAddress local) {
            // HTTP/1.0 may leave it out.
            host = Authority.of(local);
        }
        return isTrusted(peer)
                ? behindProxy(Forwarded.read(headers), peer, host)
                : new Origin(scheme, host, List.of(host), peer);
    }

    private Origin behindProxy(Forwarded forwarded, InetAddress proxy, String host) {
        InetAddress caller = proxy;
        int hops = 0;
        while (hops < forwarded.addresses().size() && isTrusted(caller)) {
            String written = Forwarded.back(forwarded.addresses(), hops + 1);
            InetAddress before = written == null ? null : Authority.addressOf(written);
            if (before == null) {
                // Hidden or unreadable: it is not known who wrote what stands before that.
                break;
            }
            caller = before;
            hops++;
        }
        // Each proxy adds one value, or the outermost one sets the only one.
        String told = scheme(Forwarded.back(forwarded.schemes(), Math.max(1, hops)));
        String name = Forwarded.back(forwarded.hosts(), Math.max(1, hops));
        String around = told == null ? scheme : told;
        return name == null || !Authority.isValid(name)
                ? new Origin(around, host, List.of(host), caller)
                : new Origin(around, name, List.of(host, name), caller);
    }

    boolean isTrusted(InetAddress address) {
        for (AddressRange range : trusted) {
            if (range.contains(address)) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable String scheme(@Nullable String text) {
        return switch (text == null ? "" : text.toLowerCase(Locale.ROOT)) {
            case "http", "ws" -> "http";
            case "https", "wss" -> "https";
            default -> null;
        };
    }

    /** The other end of a socket. */
    static InetAddress peer(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress inet && inet.getAddress() != null
                ? inet.getAddress()
                : NOBODY;
    }
}
