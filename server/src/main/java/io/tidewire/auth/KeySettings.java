package io.tidewire.auth;

import org.jspecify.annotations.Nullable;

/**
 * The access keys of one service, as written: their UTF-8 bytes are the HMAC key. Both are valid at any time.
 *
 * @param secondary null when there is one key only
 */
public record KeySettings(String primary, @Nullable String secondary) {
    /** The key of the vendors' emulators, public knowledge; refused on listeners that are not loopback. */
    public static final String WELL_KNOWN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789ABCDEFGH";

    /** Never prints a key. */
    @Override
    public String toString() {
        return "KeySettings[primary=***, secondary=" + (secondary == null ? "none" : "***") + "]";
    }
}
