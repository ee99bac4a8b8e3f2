package io.tidewire.signalr.access;

import io.tidewire.auth.Claim;
import io.tidewire.auth.Claims;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a SignalR client's claims say (reference B.4). A system claim out of its range counts as absent. */
public final class SignalRClaims {
    public static final int WEB_SOCKETS = 1;
    public static final int SERVER_SENT_EVENTS = 2;
    public static final int LONG_POLLING = 4;

    private static final String SYSTEM_PREFIX = "asrs.s.";
    private static final String USER_PREFIX = "asrs.u.";
    private static final String USER_ID = "asrs.s.uid";
    private static final int ALL_TRANSPORTS = WEB_SOCKETS | SERVER_SENT_EVENTS | LONG_POLLING;

    private final Claims claims;

    public SignalRClaims(Claims claims) {
        this.claims = claims;
    }

    /** The claim by which a token names its user. */
    public static Claim user(String userId) {
        return Claim.of("nameid", userId);
    }

    /** Null for an anonymous client. {@code asrs.s.uid} decides where it is present, even when it is empty. */
    public @Nullable String userId() {
        @Nullable String named = claims.first(USER_ID);
        for (Claim claim : claims.inOrder()) {
            if (named == null
                    && isNameIdentifier(claim.name())
                    && !claim.values().isEmpty()) {
                named = claim.values().getFirst();
            }
        }
        return named == null || named.isEmpty() ? null : named;
    }

    /** Bits of {@link #WEB_SOCKETS}, {@link #SERVER_SENT_EVENTS}, {@link #LONG_POLLING}; all of them when not restricted. */
    public int allowedTransports() {
        return integer("asrs.s.htt", 0, Integer.MAX_VALUE, ALL_TRANSPORTS) & ALL_TRANSPORTS;
    }

    /** 1 to 30 seconds; null for the server's own. */
    public @Nullable Duration handshakeTimeout() {
        return seconds("asrs.s.cht", 30);
    }

    /** Silence allowed between two long polls, 1 to 300 seconds; null for the server's own. */
    public @Nullable Duration pollTimeout() {
        return seconds("asrs.s.ttl", 300);
    }

    /** When to close because the authentication expires; null when the connection may outlive it (reference B.5). */
    public @Nullable Instant closeAt() {
        if (!isTrue("asrs.s.coae")) {
            return null;
        }
        @Nullable Long expiry = number("asrs.s.aeo");
        // Up to the year 9999: an Instant does not hold every long, and nobody waits longer.
        if (expiry == null || expiry < 0 || expiry > 253_402_300_799L) {
            return claims.expiresAt();
        }
        return Instant.ofEpochSecond(expiry);
    }

    public boolean isDiagnostic() {
        return isTrue("asrs.s.dc");
    }

    public boolean wantsDetailedErrors() {
        return isTrue("asrs.s.derror");
    }

    /**
     * What the application put in, in token order: without system claims, and with the prefix taken off that a claim gets
     * whose name is reserved. The token's own {@code aud}, {@code exp} and so on are among them (reference E.2).
     */
    public List<Claim> userClaims() {
        List<Claim> own = new ArrayList<>(claims.inOrder().size());
        for (Claim claim : claims.inOrder()) {
            if (claim.name().startsWith(USER_PREFIX)) {
                own.add(new Claim(claim.name().substring(USER_PREFIX.length()), claim.values()));
            } else if (!claim.name().startsWith(SYSTEM_PREFIX)) {
                own.add(claim);
            }
        }
        return List.copyOf(own);
    }

    private static boolean isNameIdentifier(String name) {
        return switch (name) {
            case "nameid", "sub", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier" -> true;
            default -> false;
        };
    }

    private boolean isTrue(String name) {
        return "true".equalsIgnoreCase(claims.first(name));
    }

    private @Nullable Duration seconds(String name, int max) {
        int seconds = integer(name, 1, max, 0);
        return seconds == 0 ? null : Duration.ofSeconds(seconds);
    }

    private int integer(String name, int min, int max, int absent) {
        @Nullable Long value = number(name);
        return value == null || value < min || value > max ? absent : value.intValue();
    }

    private @Nullable Long number(String name) {
        @Nullable String text = claims.first(name);
        try {
            return text == null ? null : Long.valueOf(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** Names only, as {@link Claims}. */
    @Override
    public String toString() {
        return "SignalR" + claims;
    }
}
