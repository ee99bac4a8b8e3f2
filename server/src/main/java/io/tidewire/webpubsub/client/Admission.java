package io.tidewire.webpubsub.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a {@code connect} handler says of an {@link Arrival}. */
public sealed interface Admission {
    /**
     * The client may come in.
     *
     * @param userId in place of the token's; null keeps that
     * @param groups in place of the token's; null or none keeps those
     * @param roles in place of the token's, even when there are none; null keeps those
     * @param subprotocol one of those offered; null leaves the choice to the service
     */
    record Accepted(
            @Nullable String userId,
            @Nullable List<String> groups,
            @Nullable List<String> roles,
            @Nullable String subprotocol)
            implements Admission {
        public static final Accepted UNCHANGED = new Accepted(null, null, null, null);
    }

    /**
     * The client may not, or nobody could be asked.
     *
     * @param status of the handshake
     */
    record Refused(int status, String why) implements Admission {}
}
