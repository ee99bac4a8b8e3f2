package io.tidewire.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The keys, clock and hand-made tokens of these tests. Tokens are made without the code under test. */
public final class Fixtures {
    public static final String PRIMARY = "primary-key-primary-key-primary-key-4444";
    public static final String SECONDARY = "secondary-key-secondary-key-secondary-44";
    public static final String STRANGER = "stranger-key-stranger-key-stranger-key-4";
    public static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
    public static final long IN_AN_HOUR = NOW.getEpochSecond() + 3600;

    public static final String HUB_AUDIENCE = "http://localhost/client/?hub=chat";
    static final AudienceCheck HUB = new AudienceCheck.Hub("/client/", "chat", List.of("localhost:8888"));

    private Fixtures() {}

    /** A clock that stands until it is moved. */
    static final class HandClock implements InstantSource {
        private volatile Instant now = NOW;

        @Override
        public Instant instant() {
            return now;
        }

        void move(Duration by) {
            now = now.plus(by);
        }
    }

    static AccessKeys keys() {
        return new AccessKeys("signalr.keys", new KeySettings(PRIMARY, SECONDARY));
    }

    static TokenVerifier verifier(TokenSettings.Audience mode, String... publicHosts) {
        TokenSettings settings = new TokenSettings(mode, Duration.ofMinutes(5), 8 * 1024);
        return new TokenVerifier(keys(), settings, List.of(publicHosts), new HandClock());
    }

    /** An HS256 token with just these claims. */
    static String token(String payload) {
        return token("{\"alg\":\"HS256\",\"typ\":\"JWT\"}", payload, PRIMARY);
    }

    /** Signed with HS256, whatever the header says. */
    static String token(String header, String payload, String key) {
        return token(header, payload, "HmacSHA256", key.getBytes(UTF_8));
    }

    static String token(String header, String payload, String hmac, byte[] key) {
        String signed = base64(header.getBytes(UTF_8)) + "." + base64(payload.getBytes(UTF_8));
        return signed + "." + base64(hmac(hmac, key, signed.getBytes(UTF_8)));
    }

    static byte[] hmac(String hmac, byte[] key, byte[] data) {
        try {
            Mac mac = Mac.getInstance(hmac);
            mac.init(new SecretKeySpec(key, hmac));
            return mac.doFinal(data);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** A payload for {@link #HUB}, valid for an hour, with {@code more} members such as {@code "a":1}. */
    static String payload(String... more) {
        StringBuilder payload = new StringBuilder("{\"aud\":\"" + HUB_AUDIENCE + "\",\"exp\":" + IN_AN_HOUR);
        for (String member : more) {
            payload.append(',').append(member);
        }
        return payload.append('}').toString();
    }

    public static Claims claims(String... more) {
        return accepted(verifier(TokenSettings.Audience.LENIENT).verify(token(payload(more)), HUB));
    }

    static Claims accepted(Verdict verdict) {
        return switch (verdict) {
            case Claims claims -> claims;
            case Refusal refusal -> throw new AssertionError("refused: " + refusal);
        };
    }

    static Refusal.Reason refused(Verdict verdict) {
        return switch (verdict) {
            case Claims claims -> throw new AssertionError("accepted: " + claims);
            case Refusal refusal -> refusal.reason();
        };
    }
}
