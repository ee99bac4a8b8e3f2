package io.tidewire.upstream;

import java.net.InetAddress;
import java.util.regex.Pattern;

/** What a host may be called. */
final class HostName {
    /** Underscores are no letters of a host name, but container networks use them. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9_.-]{0,252})");

    private HostName() {}

    static boolean isName(String text) {
        return NAME.matcher(text).matches() && !text.contains("..") && !looksNumeric(text);
    }

    /**
     * Whether some resolver would take it for an address: 2130706433, 0x7f.1, 017700000001 and 127.1 all mean 127.0.0.1 to
     * one or another, so no name may end like that.
     */
    static boolean looksNumeric(String text) {
        String whole = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        String last = whole.substring(whole.lastIndexOf('.') + 1);
        return last.isEmpty()
                || isDigits(last, 0, 10)
                || (last.regionMatches(true, 0, "0x", 0, 2) && isDigits(last, 2, 16));
    }

    private static boolean isDigits(String text, int from, int radix) {
        return text.chars().skip(from).allMatch(c -> c < 128 && Character.digit(c, radix) >= 0);
    }

    /**
     * An IPv6 address, or an IPv4 address as four decimal numbers.
     *
     * @throws IllegalArgumentException when it is neither; also for 0177.0.0.1, which some read as octal
     */
    static InetAddress address(String text) {
        InetAddress address = InetAddress.ofLiteral(text);
        if (text.indexOf(':') < 0 && !address.getHostAddress().equals(text)) {
            throw new IllegalArgumentException("No address in its usual form");
        }
        return address;
    }
}
