package io.tidewire.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.StringWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Mints HS256 tokens with the primary key, as the vendors' SDKs do. Any thread. */
public final class TokenIssuer {
    /** The SDKs refuse to make longer ones, because a header on the way may not hold them. */
    public static final int MAX_CHARS = 4096;

    private static final JsonFactory JSON = new JsonFactory();
    private static final String HEADER = CompactToken.encode("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".getBytes(US_ASCII));

    private final AccessKeys keys;
    private final InstantSource clock;

    public TokenIssuer(AccessKeys keys, InstantSource clock) {
        this.keys = keys;
        this.clock = clock;
    }

    /**
     * Mints a token that is valid from now on.
     *
     * @param audience what it is for, such as {@code https://host/client/?hub=chat}
     * @param lifetime from now; at least a second
     * @param claims others, such as the one that names the user; one value is written as text, several as an array
     * @throws IllegalArgumentException for a claim named twice or reserved, and when the token exceeds {@link #MAX_CHARS}
     */
    public String issue(String audience, Duration lifetime, List<Claim> claims) {
        if (lifetime.toSeconds() < 1) {
            throw new IllegalArgumentException("A token lives at least a second");
        }
        String signed = HEADER
                + '.'
                + CompactToken.encode(payload(audience, lifetime, claims).getBytes(UTF_8));
        String token = signed + '.' + CompactToken.encode(keys.sign(HmacAlgorithm.HS256, signed.getBytes(US_ASCII)));
        if (token.length() > MAX_CHARS) {
            throw new IllegalArgumentException(
                    "The token would have %d characters; at most %d are allowed".formatted(token.length(), MAX_CHARS));
        }
        return token;
    }

    private String payload(String audience, Duration lifetime, List<Claim> claims) {
        long now = clock.instant().getEpochSecond();
        Set<String> names = new HashSet<>(Set.of("aud", "iat", "exp", "nbf"));
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeStringProperty("aud", audience);
            json.writeNumberProperty("iat", now);
            json.writeNumberProperty("exp", now + lifetime.toSeconds());
            for (Claim claim : claims) {
                if (!names.add(claim.name())) {
                    throw new IllegalArgumentException("Claim " + claim.name() + " is reserved or given twice");
                }
                write(json, claim);
            }
            json.writeEndObject();
        }
        return text.toString();
    }

    private static void write(JsonGenerator json, Claim claim) {
        json.writeName(claim.name());
        if (claim.values().size() == 1) {
            json.writeString(claim.values().getFirst());
            return;
        }
        json.writeStartArray();
        for (String value : claim.values()) {
            json.writeString(value);
        }
        json.writeEndArray();
    }
}
