package io.tidewire.upstream;

import java.io.IOException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.EndpointDetails;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.entity.BasicAsyncEntityProducer;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/** One request on one connection. Ends once, with an answer or a failure. */
abstract class Exchange implements FutureCallback<Ending.Reply> {
    private static final String SELF = "io.tidewire.exchange";

    private final HttpClientContext context = HttpClientContext.create();
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile boolean sent;
    private volatile boolean cancelled;
    private volatile @Nullable Future<?> running;

    Exchange() {
        context.setAttribute(SELF, this);
    }

    /** There is a connection, and the request is about to be written to it. */
    static void isSent(HttpContext context) {
        if (context.getAttribute(SELF) instanceof Exchange exchange) {
            exchange.sent = true;
        }
    }

    abstract void answered(Ending.Reply reply);

    abstract void ended(Exception failure);

    /** Whether a byte of the request may have gone out. */
    boolean sent() {
        return sent;
    }

    /** Whether other requests had used the connection. */
    boolean reused() {
        EndpointDetails endpoint = context.getEndpointDetails();
        return endpoint != null && endpoint.getRequestCount() > 1;
    }

    /** Whether an answer has begun to come. */
    boolean answering() {
        return context.getResponse() != null;
    }

    HttpClientContext context() {
        return context;
    }

    AsyncRequestProducer sending(HttpRequest message, WebhookRequest request) {
        return new BasicRequestProducer(
                message,
                switch (request.method()) {
                    case POST -> new BasicAsyncEntityProducer(request.body(), null);
                    case OPTIONS, GET -> null;
                });
    }

    void run(Future<?> future) {
        running = future;
        if (cancelled) {
            future.cancel(true);
        }
    }

    /** Ends it, and its connection; nothing is told. */
    void cancel() {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        cancelled = true;
        Future<?> future = running;
        if (future != null) {
            future.cancel(true);
        }
    }

    @Override
    public final void completed(Ending.Reply reply) {
        if (ended.compareAndSet(false, true)) {
            answered(reply);
        }
    }

    @Override
    public final void failed(Exception failure) {
        if (ended.compareAndSet(false, true)) {
            ended(failure);
        }
    }

    @Override
    public final void cancelled() {
        failed(new IOException("the client is closed"));
    }
}
