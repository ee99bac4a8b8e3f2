package io.tidewire.service.protocol;

import java.nio.charset.StandardCharsets;
import tools.jackson.core.io.NumberInput;

/**
 * The value of a JSON number as MessagePack can hold it: whole numbers as 64 bits while they fit, everything else as a
 * double. A number written with a fraction or an exponent is a double even if its value is whole ({@code 1.0}, {@code 1e3}).
 *
 * @param bits the long, the unsigned long, or {@link Double#doubleToRawLongBits}
 */
public record JsonNumber(Kind kind, long bits) {
    public enum Kind {
        LONG,
        /** Above {@link Long#MAX_VALUE}, within 64 unsigned bits. */
        UNSIGNED_LONG,
        DOUBLE
    }

    /** The longest number of 64 bits has 20 digits, and 19 of them always fit unsigned. */
    private static final int MAX_DIGITS = 20;

    private static final long MAX_UNSIGNED_BY_TEN = Long.divideUnsigned(-1L, 10);

    /** Reads what {@link JsonScanner} has accepted as a number. Beyond the range of a double it is infinite. */
    public static JsonNumber read(byte[] json, int from, int to) {
        boolean negative = json[from] == '-';
        int digits = negative ? from + 1 : from;
        if (to - digits > MAX_DIGITS) {
            return real(json, from, to);
        }
        long magnitude = 0;
        for (int i = digits; i < to; i++) {
            int digit = json[i] - '0';
            if (digit < 0 || digit > 9 || overflows(magnitude, digit)) {
                return real(json, from, to);
            }
            magnitude = magnitude * 10 + digit;
        }
        if (magnitude >= 0) {
            return new JsonNumber(Kind.LONG, negative ? -magnitude : magnitude);
        }
        if (!negative) {
            return new JsonNumber(Kind.UNSIGNED_LONG, magnitude);
        }
        return magnitude == Long.MIN_VALUE ? new JsonNumber(Kind.LONG, magnitude) : real(json, from, to);
    }

    private static boolean overflows(long magnitude, int digit) {
        int order = Long.compareUnsigned(magnitude, MAX_UNSIGNED_BY_TEN);
        return order > 0 || (order == 0 && digit > 5);
    }

    private static JsonNumber real(byte[] json, int from, int to) {
        String text = new String(json, from, to - from, StandardCharsets.ISO_8859_1);
        return new JsonNumber(Kind.DOUBLE, Double.doubleToRawLongBits(NumberInput.parseDouble(text, true)));
    }
}
