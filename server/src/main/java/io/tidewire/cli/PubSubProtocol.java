package io.tidewire.cli;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a client of Web PubSub speaks; the names are the words that are typed, with a dot for the underscore. */
enum PubSubProtocol {
    JSON_RELIABLE("json.reliable.webpubsub.azure.v1"),
    JSON("json.webpubsub.azure.v1"),
    /** Without a subprotocol: what is sent is an event, what comes is a message. */
    SIMPLE(null);

    private final @Nullable String subprotocol;

    PubSubProtocol(@Nullable String subprotocol) {
        this.subprotocol = subprotocol;
    }

    /** Null for none. */
    @Nullable
    String subprotocol() {
        return subprotocol;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '.');
    }
}
