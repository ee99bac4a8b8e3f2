package io.tidewire.signalr.client;

import io.tidewire.auth.AccessKeys;
import io.tidewire.auth.HmacAlgorithm;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * What negotiate hands out and connect takes back. The token carries its own proof, so nothing is stored between the two
 * requests, and any node that has the keys can take what another one gave.
 *
 * <p>{@code <id>.<expiry in seconds, base 36>.<HMAC over version, hub, user, id and expiry>}. Version 1 clients get the id
 * apart from the token; version 0 clients know one string only, which then is the connection's id as well.
 */
final class ConnectionToken {
    private static final int ID_BYTES = 16;
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    /** A connection as negotiated. */
    record Negotiated(String connectionId, String token) {}

    private final AccessKeys keys;
    private final InstantSource clock;
    private final Duration lifetime;
    private final SecureRandom random = new SecureRandom();

    ConnectionToken(AccessKeys keys, InstantSource clock, Duration lifetime) {
        this.keys = keys;
        this.clock = clock;
        this.lifetime = lifetime;
    }

    /** An id that cannot be guessed. */
    String newConnectionId() {
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        return BASE64.encodeToString(id);
    }

    Negotiated issue(int version, String hub, @Nullable String user) {
        String id = newConnectionId();
        String expiry = Long.toString(clock.instant().plus(lifetime).getEpochSecond(), Character.MAX_RADIX);
        String token = id + "." + expiry + "."
                + BASE64.encodeToString(keys.sign(HmacAlgorithm.HS256, content(version, hub, user, id, expiry)));
        return version == 0 ? new Negotiated(token, token) : new Negotiated(id, token);
    }

    /** The connection id behind the token, however old; null when the token is not ours or is for someone else. */
    @Nullable
    String connectionId(String token, String hub, @Nullable String user) {
        String[] parts = token.split("\\.", 4);
        if (parts.length != 3) {
            return null;
        }
        byte[] given;
        try {
            given = Base64.getUrlDecoder().decode(parts[2]);
        } catch (IllegalArgumentException malformed) {
            return null;
        }
        if (keys.verify(HmacAlgorithm.HS256, content(1, hub, user, parts[0], parts[1]), given)) {
            return parts[0];
        }
        return keys.verify(HmacAlgorithm.HS256, content(0, hub, user, parts[0], parts[1]), given) ? token : null;
    }

    /** Whether a token that {@link #connectionId} accepted is too old to open a connection. */
    boolean isExpired(String token) {
        String[] parts = token.split("\\.", 4);
        return clock.instant().getEpochSecond() > Long.parseLong(parts[1], Character.MAX_RADIX);
    }

    /** Lengths keep two different contents from having the same bytes. */
    private static byte[] content(int version, String hub, @Nullable String user, String id, String expiry) {
        String name = user == null ? "-" : user.length() + ":" + user;
        return ("tidewire connection " + version + " " + hub.length() + ":" + hub + " " + name + " " + id + " "
                        + expiry)
                .getBytes(StandardCharsets.UTF_8);
    }
}
