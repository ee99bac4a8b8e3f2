package io.tidewire.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The three parts of a signed token in its only spelling: base64url without padding and without stray bits at the end of a
 * part. Any other spelling is refused, so one signature never fits two texts.
 */
record CompactToken(String header, String payload, String signature) {
    /** By character: a token has hundreds of them. */
    private static final boolean[] IS_BASE64_URL = base64Url();

    /** Null when it is not three parts of base64url characters. The parts are not decoded yet. */
    static @Nullable CompactToken split(String jwt) {
        int firstDot = -1;
        int secondDot = -1;
        for (int i = 0; i < jwt.length(); i++) {
            char c = jwt.charAt(i);
            if (c == '.') {
                if (secondDot >= 0) {
                    return null;
                }
                secondDot = firstDot < 0 ? -1 : i;
                firstDot = firstDot < 0 ? i : firstDot;
            } else if (!isBase64Url(c)) {
                return null;
            }
        }
        return secondDot < 0
                ? null
                : new CompactToken(
                        jwt.substring(0, firstDot),
                        jwt.substring(firstDot + 1, secondDot),
                        jwt.substring(secondDot + 1));
    }

    /** Null when the text is not how an encoder would have written it. */
    static byte @Nullable [] decode(String part) {
        if (!isCanonical(part)) {
            return null;
        }
        try {
            return Base64.getUrlDecoder().decode(part);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** No padding, and where the last character has more bits than the bytes need, those are 0. The JDK's decoder takes any. */
    private static boolean isCanonical(String part) {
        int length = part.length();
        char last = length == 0 ? 'A' : part.charAt(length - 1);
        return last != '='
                && switch (length % 4) {
                    case 2 -> "AQgw".indexOf(last) >= 0;
                    case 3 -> "AEIMQUYcgkosw048".indexOf(last) >= 0;
                    default -> length % 4 == 0;
                };
    }

    static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    byte[] signedBytes() {
        return (header + '.' + payload).getBytes(US_ASCII);
    }

    /** Never prints the token. */
    @Override
    public String toString() {
        return "CompactToken[***]";
    }

    private static boolean isBase64Url(char c) {
        return c < IS_BASE64_URL.length && IS_BASE64_URL[c];
    }

    private static boolean[] base64Url() {
        var is = new boolean[128];
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
                .chars()
                .forEach(c -> is[c] = true);
        return is;
    }
}
