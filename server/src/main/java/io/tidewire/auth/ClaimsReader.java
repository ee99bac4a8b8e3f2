package io.tidewire.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads a token's payload strictly: one JSON object, no name twice at any depth, numbers kept as written. Streaming, because
 * the claim sets of JWT libraries forget inner duplicates and round long numbers.
 */
final class ClaimsReader {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // Names come from outside; a shared table of them would only grow.
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(32).build())
            .build();

    private static final Refusal NO_EXPIRY = new Refusal(Refusal.Reason.NO_EXPIRY, "The token has no exp claim");
    /** The year 9999: what lies beyond is as far for us, and fits every arithmetic with instants. */
    private static final long LAST_SECOND = 253_402_300_799L;

    private ClaimsReader() {}

    /** The claims, or why there are none. */
    static Verdict read(byte[] payload) {
        try {
            return read(UTF_8.newDecoder().decode(ByteBuffer.wrap(payload)).toString());
        } catch (CharacterCodingException e) {
            return malformed("is not UTF-8");
        } catch (JacksonException e) {
            return malformed("is not a JSON object, or has a name twice");
        }
    }

    private static Verdict read(String text) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return malformed("is not a JSON object");
            }
            List<Claim> claims = new ArrayList<>();
            @Nullable Instant expiresAt = null;
            @Nullable Instant notBefore = null;
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                JsonToken first = parser.nextToken();
                boolean isTime = name.equals("exp") || name.equals("nbf");
                if (isTime && !first.isNumeric()) {
                    return malformed("has an exp or nbf that is not a number");
                }
                List<String> values = values(parser, text, name.equals("aud"));
                if (values == null) {
                    return malformed("has an aud that is neither text nor an array of texts");
                }
                if (isTime && name.equals("exp")) {
                    expiresAt = instant(values.getFirst());
                } else if (isTime) {
                    notBefore = instant(values.getFirst());
                }
                if (!values.isEmpty()) {
                    claims.add(new Claim(name, values));
                }
            }
            if (parser.nextToken() != null) {
                return malformed("goes on after its JSON object");
            }
            return expiresAt == null ? NO_EXPIRY : new Claims(claims, expiresAt, notBefore);
        }
    }

    /** The values of the claim at which the parser stands; null when it must be text and is not. */
    private static @Nullable List<String> values(JsonParser parser, String text, boolean mustBeText) {
        if (!parser.hasToken(JsonToken.START_ARRAY)) {
            if (mustBeText && !parser.hasToken(JsonToken.VALUE_STRING)) {
                return null;
            }
            @Nullable String value = value(parser, text);
            return value == null ? List.of() : List.of(value);
        }
        List<String> values = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (mustBeText && !parser.hasToken(JsonToken.VALUE_STRING)) {
                return null;
            }
            @Nullable String value = value(parser, text);
            if (value != null) {
                values.add(value);
            }
        }
        return values;
    }

    private static @Nullable String value(JsonParser parser, String text) {
        if (parser.hasToken(JsonToken.VALUE_NULL)) {
            return null;
        }
        if (!parser.currentToken().isStructStart()) {
            return parser.getString();
        }
        int start = (int) parser.currentTokenLocation().getCharOffset();
        parser.skipChildren();
        int end = (int) parser.currentLocation().getCharOffset();
        return text.substring(start, end);
    }

    /** Fractions are allowed by RFC 7519. A double holds every second exactly, and takes 1e999 without harm. */
    private static Instant instant(String seconds) {
        double value = Math.floor(Double.parseDouble(seconds));
        return Instant.ofEpochSecond((long) Math.clamp(value, -LAST_SECOND, LAST_SECOND));
    }

    private static Refusal malformed(String what) {
        return new Refusal(Refusal.Reason.MALFORMED, "The token's payload " + what);
    }
}
