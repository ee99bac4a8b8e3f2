package io.tidewire.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A request that reached its operation, and the one chance to answer it. */
final class HttpExchange implements Exchange {
    private static final Logger LOG = LoggerFactory.getLogger(HttpExchange.class);

    private final HttpConnection connection;
    private final Incoming.Whole request;
    private final QueryString query;
    private final Router.Found found;
    private final long startNanos = System.nanoTime();
    /** Guards the promise of one answer, whichever thread gives it. */
    private final AtomicBoolean answered = new AtomicBoolean();
    /** Found out when somebody asks; two threads that do come to the same. */
    private volatile @Nullable Origin origin;

    /** Of the event loop. */
    private @Nullable Runnable onGone;

    HttpExchange(HttpConnection connection, Incoming.Whole request, QueryString query, Router.Found found) {
        this.connection = connection;
        this.request = request;
        this.query = query;
        this.found = found;
    }

    @Override
    public HttpMethod method() {
        return request.head().method();
    }

    @Override
    public String rawPath() {
        return request.target().path();
    }

    @Override
    public String rawQuery() {
        return request.target().query();
    }

    @Override
    public String baseUrl() {
        return origin().baseUrl();
    }

    @Override
    public List<String> hosts() {
        return origin().hosts();
    }

    @Override
    public InetAddress remoteAddress() {
        return origin().address();
    }

    private Origin origin() {
        Origin known = origin;
        if (known == null) {
            known = connection.origin(request.head());
            origin = known;
        }
        return known;
    }

    @Override
    public String pathParameter(String name) {
        return found.parameter(name);
    }

    @Override
    public Query query() {
        return query;
    }

    @Override
    public HttpHeaders headers() {
        return request.head().headers();
    }

    @Override
    public ByteBuf body() {
        return request.body();
    }

    @Override
    public Route route() {
        return found.operation().route();
    }

    @Override
    public Channel channel() {
        return connection.channel();
    }

    @Override
    public void respond(Response response) {
        if (claim()) {
            connection.answer(this, response);
        }
    }

    @Override
    public void respond(Problem problem) {
        if (claim()) {
            connection.answer(this, problem);
        }
    }

    @Override
    public void onGone(Runnable action) {
        if (!channel().eventLoop().inEventLoop()) {
            channel().eventLoop().execute(() -> onGone(action));
            return;
        }
        onGone = action;
        if (!channel().isActive()) {
            channel().eventLoop().execute(this::gone);
        }
    }

    @Override
    public AnswerStream stream(Response head, AnswerStream.Writer writer) {
        requireLoop();
        // Before the claim: a head that cannot be sent is answered as any other failure.
        HttpResponse encoded = connection.streamHead(this, head);
        if (!claim()) {
            throw new IllegalStateException("The request is answered");
        }
        onGone = null;
        return connection.stream(this, encoded, writer);
    }

    @Override
    public void upgrade(Response response, Consumer<Channel> takeOver) {
        requireLoop();
        if (claim()) {
            connection.upgrade(this, response, takeOver);
        }
    }

    /** The handler threw: answers with a problem of its own, or with a 500 that says nothing but where to look in the log. */
    void fail(Throwable failure) {
        if (failure instanceof Problem problem) {
            respond(problem);
            return;
        }
        String reference = connection.report(failure, this);
        if (!answered.get()) {
            respond(new Problem(500, "InternalError", "Internal error, reference " + reference + "."));
        }
    }

    /** The connection is gone. Event loop only. */
    void gone() {
        Runnable action = onGone;
        onGone = null;
        if (action != null) {
            action.run();
        }
    }

    private void requireLoop() {
        if (!channel().eventLoop().inEventLoop()) {
            throw new IllegalStateException("Not on the event loop of the connection");
        }
    }

    long startNanos() {
        return startNanos;
    }

    Incoming.Whole request() {
        return request;
    }

    @Override
    public String toString() {
        return method() + " " + Redaction.target(rawPath(), rawQuery());
    }

    private boolean claim() {
        if (answered.compareAndSet(false, true)) {
            return true;
        }
        LOG.warn("Operation {} answered a request twice; the second answer is ignored", route().operationId());
        return false;
    }
}
