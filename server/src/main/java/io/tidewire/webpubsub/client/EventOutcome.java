package io.tidewire.webpubsub.client;

import io.tidewire.webpubsub.protocol.Metadata;
import io.tidewire.webpubsub.protocol.Payload;
import org.jspecify.annotations.Nullable;

/** What became of a client's event (reference F.6). */
public sealed interface EventOutcome {
    /** It was handled. Data is null where the handler answered without, or only listeners heard of it. */
    record Handled(@Nullable Payload data, Metadata metadata) implements EventOutcome {}

    /** There is neither handler nor listener for it. */
    record NoHandler() implements EventOutcome {}

    /** The handler failed, or could not be reached; the reason is in the log, not for the client. */
    record Failed() implements EventOutcome {}
}
