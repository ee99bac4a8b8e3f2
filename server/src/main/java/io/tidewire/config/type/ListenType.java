package io.tidewire.config.type;

import io.tidewire.http.ListenSettings;
import java.net.InetAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An address to listen on. Names are not resolved here: that could take seconds. */
public record ListenType() implements Type<ListenSettings> {
    private static final Pattern WRITTEN =
            Pattern.compile("(?:\\[([0-9A-Fa-f:.]{2,45})(%[\\w.-]{1,32})?]|([A-Za-z0-9._-]{1,253})):([0-9]{1,5})");

    @Override
    public String name() {
        return "host:port";
    }

    @Override
    public ListenSettings parse(String text) {
        Matcher written = WRITTEN.matcher(text.strip());
        if (!written.matches()) {
            throw BadValue.mustBe("host:port such as 0.0.0.0:8888 or [::1]:8888", text);
        }
        int port = Integer.parseInt(written.group(4));
        if (port > 0xFFFF) {
            throw BadValue.mustBe("a port between 0 and 65535 after the host", text);
        }
        String name = written.group(3);
        return new ListenSettings(name == null ? address(written, text) : name, port);
    }

    private static String address(Matcher written, String text) {
        String address = written.group(1);
        try {
            InetAddress.ofLiteral(address);
        } catch (IllegalArgumentException e) {
            throw BadValue.mustBe("an IPv6 address in brackets, then :port", text);
        }
        String zone = written.group(2);
        return zone == null ? address : address + zone;
    }

    @Override
    public String print(ListenSettings value) {
        return value.toString();
    }
}
