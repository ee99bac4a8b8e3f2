package io.tidewire.auth;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The claims of a verified token, in token order; immutable. What they mean to a service is that service's to say. */
public final class Claims implements Verdict {
    private final List<Claim> inOrder;
    private final Instant expiresAt;
    private final @Nullable Instant notBefore;

    Claims(List<Claim> inOrder, Instant expiresAt, @Nullable Instant notBefore) {
        this.inOrder = List.copyOf(inOrder);
        this.expiresAt = expiresAt;
        this.notBefore = notBefore;
    }

    /** Every claim, the registered ones ({@code aud}, {@code exp} and so on) included. */
    public List<Claim> inOrder() {
        return inOrder;
    }

    /** All values of the claim; empty when absent. */
    public List<String> all(String name) {
        for (Claim claim : inOrder) {
            if (claim.name().equals(name)) {
                return claim.values();
            }
        }
        return List.of();
    }

    /** The first value of the claim; null when absent. */
    public @Nullable String first(String name) {
        List<String> values = all(name);
        return values.isEmpty() ? null : values.getFirst();
    }

    public List<String> audiences() {
        return all("aud");
    }

    /** As the token says, without leeway. */
    public Instant expiresAt() {
        return expiresAt;
    }

    public @Nullable Instant notBefore() {
        return notBefore;
    }

    /** Names only: values are personal data. */
    @Override
    public String toString() {
        return "Claims" + inOrder;
    }
}
