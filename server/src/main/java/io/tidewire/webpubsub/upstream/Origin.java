package io.tidewire.webpubsub.upstream;

import java.net.URI;
import java.util.function.Supplier;

/** This service as handlers know it (reference F.1): by the host of its endpoint. */
final class Origin {
    private final Supplier<URI> endpoint;

    /** @param endpoint known when the first handler is called */
    Origin(Supplier<URI> endpoint) {
        this.endpoint = endpoint;
    }

    String host() {
        String host = endpoint.get().getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /** Whether an item of a {@code WebHook-Allowed-Origin} is for this service. Some handlers name its port as well. */
    boolean isAllowedBy(String item) {
        return item.equals("*")
                || item.equalsIgnoreCase(host())
                || item.equalsIgnoreCase(endpoint.get().getAuthority());
    }
}
