package io.tidewire.signalr.upstream;

import io.tidewire.auth.AccessKeys;
import io.tidewire.http.Budget;
import io.tidewire.hub.Observer;
import io.tidewire.service.upstream.FailureLog;
import io.tidewire.service.upstream.Journal;
import io.tidewire.service.upstream.Turns;
import io.tidewire.service.upstream.UpstreamObserver;
import io.tidewire.signalr.client.Backend;
import io.tidewire.signalr.client.Caller;
import io.tidewire.upstream.Webhooks;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What stands behind the clients in serverless mode: applications that are called over HTTP (reference E). */
public final class Upstreams implements Backend {
    private static final Logger LOG = LoggerFactory.getLogger(Upstreams.class);

    private final Commons commons;
    private final Journal journal;
    private final AtomicInteger conversations = new AtomicInteger();
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private volatile boolean draining;

    /**
     * Calls nobody yet.
     *
     * @param keys sign the calls
     * @param budget bounds the messages of all clients that wait
     * @param hubs hears of messages that are given up
     * @param observer hears of calls
     */
    public Upstreams(
            UpstreamSettings settings,
            Webhooks webhooks,
            AccessKeys keys,
            Budget budget,
            Observer hubs,
            UpstreamObserver observer) {
        this.journal = new Journal(new FailureLog(System::nanoTime, LOG::warn), observer);
        var bound = new Turns.Bound(settings.maxWaitingBytes(), "signalr.upstreamCalls.maxWaitingBytes", budget);
        this.commons = new Commons(settings, new Rules(settings.rules()), webhooks, keys, bound, hubs, journal);
    }

    @Override
    public Conversation begin(Caller caller) {
        conversations.incrementAndGet();
        var conversation = new UpstreamConversation(caller, commons, this::ended);
        conversation.begin();
        return conversation;
    }

    /** No clients come any more. Completes when the last upstream has heard that the last client is gone. */
    public CompletionStage<Void> drain() {
        draining = true;
        if (conversations.get() == 0) {
            drained.complete(null);
        }
        return drained;
    }

    /** Clients whose upstreams have not yet heard all about them. */
    public int conversations() {
        return conversations.get();
    }

    /** Writes down what failed calls were only counted. */
    public void close() {
        journal.close();
    }

    private void ended() {
        if (conversations.decrementAndGet() == 0 && draining) {
            drained.complete(null);
        }
    }
}
