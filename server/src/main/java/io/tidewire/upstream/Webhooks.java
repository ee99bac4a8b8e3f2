package io.tidewire.upstream;

import java.util.concurrent.CompletionStage;

/** Calls applications. Any thread may call, nothing here blocks. */
public interface Webhooks {
    /** Sends a request; completes, never exceptionally, on a thread of the client's choice, which must not be held up. */
    CompletionStage<WebhookOutcome> send(WebhookRequest request);
}
