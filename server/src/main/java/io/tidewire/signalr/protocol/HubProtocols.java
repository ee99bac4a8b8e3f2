package io.tidewire.signalr.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The hub protocols there are; each is one instance for the life of the process. */
public final class HubProtocols {
    public static final HubProtocol JSON = new JsonHubProtocol();
    public static final HubProtocol MESSAGE_PACK = new MessagePackHubProtocol();

    /** In the order of {@link HubProtocol#index()}. */
    public static final List<HubProtocol> ALL = List.of(JSON, MESSAGE_PACK);

    private HubProtocols() {}

    /** The protocol that a handshake names, case-sensitive; null when there is none. */
    public static @Nullable HubProtocol byName(String name) {
        for (HubProtocol protocol : ALL) {
            if (protocol.name().equals(name)) {
                return protocol;
            }
        }
        return null;
    }
}
