package io.tidewire.webpubsub.client;

import io.tidewire.auth.AccessKeys;
import io.tidewire.auth.HmacAlgorithm;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;

/**
 * Proves that a client which comes back is the one that was there (reference B.3). Made and checked with the access keys, it is for one
 * connection of one hub.
 *
 * <p>base64url of: expiry (8 bytes, seconds), HMAC-SHA256 (32) over hub, connection id and expiry.
 */
final class ReconnectionToken {
    /** As the vendor's. A connection that is older begins anew when it breaks. */
    private static final Duration LIFETIME = Duration.ofDays(7);

    private static final int TOKEN_BYTES = Long.BYTES + 32;
    private static final int ID_BYTES = 24;
    private static final Base64.Encoder TO_TEXT = Base64.getUrlEncoder().withoutPadding();

    private final AccessKeys keys;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    ReconnectionToken(AccessKeys keys, InstantSource clock) {
        this.keys = keys;
        this.clock = clock;
    }

    /** An id that cannot be guessed. */
    String newConnectionId() {
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        return TO_TEXT.encodeToString(id);
    }

    String issue(String hub, String connectionId) {
        long expiry = clock.instant().plus(LIFETIME).getEpochSecond();
        byte[] mac = keys.sign(HmacAlgorithm.HS256, content(hub, connectionId, expiry));
        return TO_TEXT.encodeToString(
                ByteBuffer.allocate(TOKEN_BYTES).putLong(expiry).put(mac).array());
    }

    /** Whether the token is ours, for this connection, and not too old. */
    boolean proves(String token, String hub, String connectionId) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(token);
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
        if (bytes.length != TOKEN_BYTES) {
            return false;
        }
        long expiry = ByteBuffer.wrap(bytes).getLong();
        byte[] mac = Arrays.copyOfRange(bytes, Long.BYTES, TOKEN_BYTES);
        return keys.verify(HmacAlgorithm.HS256, content(hub, connectionId, expiry), mac)
                && clock.instant().getEpochSecond() <= expiry;
    }

    /** Lengths keep two different contents from having the same bytes. */
    private static byte[] content(String hub, String connectionId, long expiry) {
        return ("tidewire reconnection " + hub.length() + ":" + hub + " " + connectionId.length() + ":" + connectionId
                        + " " + expiry)
                .getBytes(StandardCharsets.UTF_8);
    }
}
