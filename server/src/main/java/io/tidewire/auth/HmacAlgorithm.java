package io.tidewire.auth;

import org.jspecify.annotations.Nullable;

/** The signature algorithms of access-key tokens; a token with any other is refused. */
public enum HmacAlgorithm {
    HS256("HmacSHA256"),
    HS512("HmacSHA512");

    private final String jcaName;

    HmacAlgorithm(String jcaName) {
        this.jcaName = jcaName;
    }

    String jcaName() {
        return jcaName;
    }

    /** By the {@code alg} of a token header, which is case-sensitive; null for one that is not allowed. */
    static @Nullable HmacAlgorithm of(String alg) {
        return switch (alg) {
            case "HS256" -> HS256;
            case "HS512" -> HS512;
            default -> null;
        };
    }
}
