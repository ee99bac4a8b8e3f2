package io.tidewire.signalr.client;

import io.tidewire.auth.AccessKeys;
import io.tidewire.auth.HmacAlgorithm;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * What negotiate hands out and connect takes back. The token carries its own proof, so nothing is stored between the two
 * requests, and any node that has the keys can take what another one gave.
 *
 * <p>base64url of: id (16 bytes), expiry (8, seconds), HMAC-SHA256 (32) over version, hub, user, id and expiry. Version 1
 * clients get the id apart from the token; version 0 clients know one string only, which then is the connection's id as well.
 */
final class ConnectionToken {
    private static final int ID_BYTES = 16;
    private static final int SIGNED_BYTES = ID_BYTES + Long.BYTES;
    private static final int TOKEN_BYTES = SIGNED_BYTES + 32;
    private static final Base64.Encoder TO_TEXT = Base64.getUrlEncoder().withoutPadding();

    /** A connection as negotiated. */
    record Negotiated(String connectionId, String token) {}

    /**
     * What a token says that is ours.
     *
     * @param expired too old to open a connection with
     */
    record Proven(String connectionId, boolean expired) {}

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
        return TO_TEXT.encodeToString(newId());
    }

    Negotiated issue(int version, String hub, @Nullable String user) {
        byte[] id = newId();
        byte[] signed = ByteBuffer.allocate(SIGNED_BYTES)
                .put(id)
                .putLong(clock.instant().plus(lifetime).getEpochSecond())
                .array();
        byte[] mac = keys.sign(HmacAlgorithm.HS256, content(version, hub, user, signed));
        String token = TO_TEXT.encodeToString(
                ByteBuffer.allocate(TOKEN_BYTES).put(signed).put(mac).array());
        return new Negotiated(version == 0 ? token : TO_TEXT.encodeToString(id), token);
    }

    /** Null when the token is not ours, or is for another hub or user. */
    @Nullable
    Proven prove(String token, String hub, @Nullable String user) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(token);
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
        if (bytes.length != TOKEN_BYTES) {
            return null;
        }
        byte[] signed = Arrays.copyOf(bytes, SIGNED_BYTES);
        byte[] mac = Arrays.copyOfRange(bytes, SIGNED_BYTES, TOKEN_BYTES);
        long expiry = ByteBuffer.wrap(signed).getLong(ID_BYTES);
        boolean expired = clock.instant().getEpochSecond() > expiry;
        if (keys.verify(HmacAlgorithm.HS256, content(1, hub, user, signed), mac)) {
            return new Proven(TO_TEXT.encodeToString(Arrays.copyOf(signed, ID_BYTES)), expired);
        }
        return keys.verify(HmacAlgorithm.HS256, content(0, hub, user, signed), mac)
                ? new Proven(TO_TEXT.encodeToString(bytes), expired)
                : null;
    }

    private byte[] newId() {
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        return id;
    }

    /** Lengths keep two different contents from having the same bytes. */
    private static byte[] content(int version, String hub, @Nullable String user, byte[] signed) {
        String name = user == null ? "-" : user.length() + ":" + user;
        byte[] text = ("tidewire connection " + version + " " + hub.length() + ":" + hub + " " + name + " ")
                .getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(text.length + signed.length)
                .put(text)
                .put(signed)
                .array();
    }
}
