package io.tidewire.config.type;

import static io.tidewire.config.type.ByteSizeType.GIB;
import static io.tidewire.config.type.ByteSizeType.KIB;
import static io.tidewire.config.type.ByteSizeType.MIB;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes that may pass 2 GiB: plain digits, or with one of {@code B KiB MiB GiB}. There is no {@code KB}, which
 * means 1000 to some and 1024 to others.
 *
 * @param min the least that is taken
 * @param max the most that is taken
 */
public record LongByteSizeType(long min, long max) implements Type<Long> {
    private static final Pattern WRITTEN = Pattern.compile("([0-9]{1,10}) ?(b|kib|mib|gib)?");

    @Override
    public String name() {
        return "size";
    }

    @Override
    public Long parse(String text) {
        Matcher written = WRITTEN.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!written.matches()) {
            throw BadValue.mustBe("a size such as 65536, 64KiB or 1MiB", text);
        }
        String unit = written.group(2);
        long factor = switch (unit == null ? "b" : unit) {
            case "kib" -> KIB;
            case "mib" -> MIB;
            case "gib" -> GIB;
            default -> 1;
        };
        long value = Long.parseLong(written.group(1)) * factor;
        if (value < min || value > max) {
            throw BadValue.mustBe("between " + print(min) + " and " + print(max), text);
        }
        return value;
    }

    /** In the largest unit that needs no fraction. */
    @Override
    public String print(Long value) {
        if (value == 0 || value % KIB != 0) {
            return value.toString();
        }
        if (value % MIB != 0) {
            return value / KIB + "KiB";
        }
        return value % GIB != 0 ? value / MIB + "MiB" : value / GIB + "GiB";
    }
}
