package io.tidewire.webpubsub.access;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who may come into one hub, and for how long (reference A.3, A.4).
 *
 * @param anonymous whether clients may come without a token
 * @param maxConnectionLifetime after which a client is closed; zero for never
 * @param connectionCountRules how many clients may have the same property at one time; each rule holds by itself
 */
public record AdmissionSettings(
        boolean anonymous, Duration maxConnectionLifetime, List<CountRule> connectionCountRules) {
    public static final AdmissionSettings DEFAULT = new AdmissionSettings(false, Duration.ZERO, List.of());

    public AdmissionSettings {
        connectionCountRules = List.copyOf(connectionCountRules);
    }

    /**
     * At most so many clients that are alike.
     *
     * @param claim name of the claim, only for {@link By#CLAIM}
     * @param limit at least 1
     */
    public record CountRule(By by, @Nullable String claim, int limit) {}

    /** In what clients are alike. */
    public enum By {
        USER_ID,
        CLAIM,
        ADDRESS
    }
}
