package io.tidewire.webpubsub.client;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A client that wants to come in, as a {@code connect} handler is told (reference F.3). What only a handler wants to know is put together
 * when one asks: most clients come without.
 *
 * @param hub lower case
 * @param userId what the token says; null for none
 * @param claims of the token, all of them
 * @param query without {@code access_token}
 * @param headers without {@code Authorization} and what belongs to this hop alone
 * @param subprotocols offered, in the client's order
 */
public record Arrival(
        String hub,
        String connectionId,
        @Nullable String userId,
        Map<String, List<String>> claims,
        Supplier<Map<String, List<String>>> query,
        Supplier<Map<String, List<String>>> headers,
        List<String> subprotocols) {}
