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
 * <p>base64url of: id (16 bytes), expiry (8, seconds), flags (1), HMAC-SHA256 (32) over hub, user and all of these. Version 1
 * clients get the id apart from the token; version 0 clients know one string only, which then is the connection's id as well.
 */
final class ConnectionToken {
    private static final int ID_BYTES = 16;
    private static final int SIGNED_BYTES = ID_BYTES + Long.BYTES + 1;
    private static final int TOKEN_BYTES = SIGNED_BYTES + 32;
    /** The token itself is the connection's id. */
    private static final int IS_ID = 1;

    /** Stateful reconnect was granted. */
    private static final int MAY_RETURN = 2;

    private static final Base64.Encoder TO_TEXT = Base64.getUrlEncoder().withoutPadding();

    /** A connection as negotiated. */
    record Negotiated(String connectionId, String token) {}

    /**
     * What a token says that is ours.
     *
     * @param expired too old to open a connection with
     * @param mayReturn whether stateful reconnect was granted
     */
    record Proven(String connectionId, boolean expired, boolean mayReturn) {}

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

    Negotiated issue(int version, boolean mayReturn, String hub, @Nullable String user) {
        byte[] id = newId();
        byte[] signed = ByteBuffer.allocate(SIGNED_BYTES)
                .put(id)
                .putLong(clock.instant().plus(lifetime).getEpochSecond())
                .put((byte) ((version == 0 ? IS_ID : 0) | (mayReturn ? MAY_RETURN : 0)))
                .array();
        byte[] mac = keys.sign(HmacAlgorithm.HS256, content(hub, user, signed));
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
        if (!keys.verify(HmacAlgorithm.HS256, content(hub, user, signed), mac)) {
            return null;
        }
        long expiry = ByteBuffer.wrap(signed).getLong(ID_BYTES);
        int flags = signed[SIGNED_BYTES - 1];
        byte[] id = (flags & IS_ID) != 0 ? bytes : Arrays.copyOf(signed, ID_BYTES);
        return new Proven(
                TO_TEXT.encodeToString(id), clock.instant().getEpochSecond() > expiry, (flags & MAY_RETURN) != 0);
    }

    private byte[] newId() {
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        return id;
    }

    /** Lengths keep two different contents from having the same bytes. */
    private static byte[] content(String hub, @Nullable String user, byte[] signed) {
        String name = user == null ? "-" : user.length() + ":" + user;
        byte[] text =
                ("tidewire connection " + hub.length() + ":" + hub + " " + name + " ").getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(text.length + signed.length)
                .put(text)
                .put(signed)
                .array();
    }
}
