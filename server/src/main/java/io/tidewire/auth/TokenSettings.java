package io.tidewire.auth;

import java.time.Duration;

/**
 * How tokens are judged.
 *
 * @param audience how exactly the audience must name this server (reference B.2)
 * @param leeway clock difference that is forgiven in {@code exp} and {@code nbf}
 * @param maxTokenBytes a longer token is refused unread
 */
public record TokenSettings(Audience audience, Duration leeway, int maxTokenBytes) {
    /** STRICT also compares the host with the public names; OFF does not look at the audience. */
    public enum Audience {
        STRICT,
        LENIENT,
        OFF
    }

    public static final TokenSettings DEFAULT = new TokenSettings(Audience.LENIENT, Duration.ofMinutes(5), 8 * 1024);
}
