package io.tidewire.config.type;

import io.tidewire.http.ProxySettings;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Addresses and ranges of them, as a list of the file or with commas between them; {@code loopback} stands for this machine. */
public record AddressRangesType() implements Type<List<String>> {
    private static final Pattern WRITTEN = Pattern.compile("([0-9A-Fa-f.:]{2,45})(?:/([0-9]{1,3}))?");

    private static final String NONE = "none";

    @Override
    public String name() {
        return "list of addresses";
    }

    @Override
    public List<String> parse(Raw raw) {
        return switch (raw) {
            case Raw.One one -> parse(one.text());
            case Raw.Many many -> ranges(many.items());
            case Raw.Items _, Raw.Fields _ -> throw new BadValue("must be a plain list");
        };
    }

    @Override
    public List<String> parse(String text) {
        return text.isBlank() || text.strip().equals(NONE) ? List.of() : ranges(List.of(text.split(",", -1)));
    }

    private static List<String> ranges(List<String> items) {
        var ranges = new ArrayList<String>();
        for (String item : items) {
            String range = item.strip();
            if (!range.equals(ProxySettings.LOOPBACK) && !isRange(range)) {
                throw new BadValue("must hold addresses, ranges such as 10.0.0.0/8 or '" + ProxySettings.LOOPBACK
                        + "', but holds " + Quote.of(item));
            }
            ranges.add(range);
        }
        return List.copyOf(ranges);
    }

    private static boolean isRange(String text) {
        Matcher written = WRITTEN.matcher(text);
        if (!written.matches()) {
            return false;
        }
        try {
            int bits = InetAddress.ofLiteral(written.group(1)).getAddress().length * Byte.SIZE;
            return written.group(2) == null || Integer.parseInt(written.group(2)) <= bits;
        } catch (IllegalArgumentException noAddress) {
            return false;
        }
    }

    @Override
    public String print(List<String> value) {
        return value.isEmpty() ? NONE : String.join(",", value);
    }
}
