package io.tidewire.service.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidewire.http.Problem;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Base64;

/** Where a listing goes on, in a form that callers have no reason to look into: a kind, and the last id that was listed. */
public final class ContinuationToken {
    /** The kind of what follows, so that another one can come to be told from this one. */
    private static final byte AFTER_ID = 1;

    private ContinuationToken() {}

    public static String after(String id) {
        byte[] text = id.getBytes(UTF_8);
        byte[] token =
                ByteBuffer.allocate(1 + text.length).put(AFTER_ID).put(text).array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    }

    /**
     * The id.
     *
     * @throws Problem 400 for what {@link #after} did not make
     */
    static String read(String token) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(token));
            if (bytes.remaining() > 1 && bytes.get() == AFTER_ID) {
                return UTF_8.newDecoder().decode(bytes).toString();
            }
        } catch (IllegalArgumentException | CharacterCodingException notOurs) {
            // said below
        }
        throw RestCall.invalid(
                "continuationToken",
                "Invalid continuationToken. It is the one that a nextLink of this listing has; without one the listing begins"
                        + " at the beginning.");
    }
}
