package io.tidewire.config.type;

import io.tidewire.auth.KeySettings;
import java.nio.charset.StandardCharsets;

/** An access key. Neither its errors nor its printed form ever show it. */
public record KeyType() implements Type<String> {
    /** The digest length of HS256: RFC 7518, 3.2 asks for a key of at least that many bytes. */
    private static final int MIN_BYTES = 32;

    /** How to make a good key, for errors. */
    public static final String RECIPE = "openssl rand -base64 32";

    @Override
    public String name() {
        return "key";
    }

    @Override
    public String parse(String text) {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes < MIN_BYTES) {
            throw new BadValue(
                    "must be at least " + MIN_BYTES + " bytes long, but has " + bytes + "; make a key with: " + RECIPE);
        }
        // A connection string ends its values at ';' and SDKs trim them, so such a key would never match.
        if (text.chars().anyMatch(c -> c == ';' || Character.isWhitespace(c) || Character.isISOControl(c))) {
            throw new BadValue("must not contain ';', white space or control characters; make a key with: " + RECIPE);
        }
        return text;
    }

    @Override
    public String print(String value) {
        return value.equals(KeySettings.WELL_KNOWN) ? "the well-known key" : "***";
    }
}
