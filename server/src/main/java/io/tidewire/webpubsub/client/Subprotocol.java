package io.tidewire.webpubsub.client;

import io.tidewire.hub.Dialect;
import io.tidewire.webpubsub.protocol.ClientProtocol;
import io.tidewire.webpubsub.protocol.ClientProtocols;
import io.tidewire.webpubsub.protocol.SimpleDialect;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a client speaks (reference D.1).
 *
 * @param name as the client is told; null for none
 * @param protocol null for a simple client, whose subprotocol, if it has one, is between it and the application
 */
record Subprotocol(@Nullable String name, @Nullable ClientProtocol protocol) {
    private static final Subprotocol NONE = new Subprotocol(null, null);

    /** One for all clients that speak it, by its name. */
    private static final Map<String, Subprotocol> OURS = ClientProtocols.ALL.stream()
            .map(ours -> new Subprotocol(ours.subprotocol(), ours))
            .collect(Collectors.toUnmodifiableMap(Subprotocol::name, Function.identity()));

    /**
     * Chooses: what the application says, otherwise what comes first of those that we know.
     *
     * @param offered in the client's order
     * @param wanted by the application; null where that leaves the choice to us
     * @return null when the application wants what the client does not offer (L 19)
     */
    static @Nullable Subprotocol choose(List<String> offered, @Nullable String wanted) {
        if (wanted != null && !wanted.isEmpty()) {
            Subprotocol ours = OURS.get(wanted);
            return !offered.contains(wanted) ? null : ours == null ? new Subprotocol(wanted, null) : ours;
        }
        for (String name : offered) {
            Subprotocol ours = OURS.get(name);
            if (ours != null) {
                return ours;
            }
        }
        return NONE;
    }

    boolean isReliable() {
        return protocol != null && protocol.reliable();
    }

    Dialect dialect() {
        return protocol == null ? SimpleDialect.INSTANCE : protocol;
    }
}
