package io.tidewire.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.HexFormat;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The working half of a connection: gives each request to its operation, writes the answer, and only then lets the next one in. All fields
 * belong to the channel's event loop.
 */
final class HttpConnection extends ChannelInboundHandlerAdapter implements Conversation {
    /** How long a stop waits for the rest of a request. */
    private static final long REST_OF_REQUEST_MILLIS = 500;

    /** Smaller ones are not worth counting, as each stream has one. */
    private static final int LARGE_ANSWER = 4096;

    private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);

    /** How long a refused peer may go on sending, so that it gets to read why: closing at once would reset the answer away. */
    private static final long LINGER_MILLIS = 2000;

    private final Channel channel;
    private final Router router;
    private final HttpObserver observer;
    private final Origins origins;
    private final RequestSource source;
    private final Deadlines deadlines;
    /** Whether the listener is closing: then no request after the current one. */
    private final BooleanSupplier draining;

    private final Consumer<Conversation> onLeave;

    /** The place of the source in the pipeline, where bytes of HTTP enter it; looked up once. */
    private @Nullable ChannelHandlerContext place;

    private @Nullable HttpExchange current;
    /** The answer to it, while it is written piece by piece. */
    private @Nullable Stream stream;
    /** The last answer is written. */
    private boolean closing;
    /** Between the first request of a pass of the event loop and the end of that pass, where the answers are flushed together. */
    private boolean inPass;
    /** Answered, but the peer takes its answers too slowly for the next request. */
    private boolean waitingForRoom;

    /**
     * For one channel.
     *
     * @param onLeave told once, on the event loop, when the connection leaves HTTP by an upgrade
     */
    HttpConnection(
            Channel channel,
            Router router,
            HttpObserver observer,
            Origins origins,
            RequestSource source,
            Deadlines deadlines,
            BooleanSupplier draining,
            Consumer<Conversation> onLeave) {
        this.channel = channel;
        this.router = router;
        this.observer = observer;
        this.origins = origins;
        this.source = source;
        this.deadlines = deadlines;
        this.draining = draining;
        this.onLeave = onLeave;
    }

    @Override
    public Channel channel() {
        return channel;
    }

    Origin origin(HttpRequest request) {
        return origins.of(request.headers(), channel);
    }

    /**
     * The listener is closing: ends the connection if it is idle; a busy one ends with its answer. A request that has come in part has
     * a moment to arrive, because a client in good faith is sending it right now, and no longer, because another kind could make the
     * stop wait for as long as it likes. Any thread.
     */
    @Override
    public void drain() {
        onLoop(() -> {
            if (stream != null) {
                stream.writer.stopping();
            } else if (current == null && source.receiving()) {
                var _ = channel.eventLoop()
                        .schedule(this::endUnlessBusy, REST_OF_REQUEST_MILLIS, TimeUnit.MILLISECONDS);
            } else {
                endUnlessBusy();
            }
        });
    }

    private void endUnlessBusy() {
        if (current == null && !closing) {
            closing = true;
            source.discard(sourceContext());
            // Behind whatever the peer has not taken yet.
            var _ = channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        switch (msg) {
            case Incoming.Whole request -> {
                inPass = true;
                dispatch(request);
            }
            case Incoming.Refused(var problem, var head) -> refuse(problem, head);
            default -> ReferenceCountUtil.release(msg);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (inPass) {
            inPass = false;
            ctx.flush();
        }
        deadlines.passEnded();
        ctx.fireChannelReadComplete();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) throws Exception {
        if (waitingForRoom && channel.isWritable()) {
            waitingForRoom = false;
            next();
        }
        if (stream != null && channel.isWritable()) {
            stream.writer.writable();
        }
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (stream != null) {
            Stream broken = stream;
            stream = null;
            current = null;
            broken.writer.gone();
        } else if (current != null) {
            current.gone();
        }
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // A reset by the peer is everyday; anything else is a fault of ours.
        if (!(cause instanceof IOException)) {
            report(cause, current);
        }
        var _ = ctx.close();
    }

    private void dispatch(Incoming.Whole request) {
        HttpRequest head = request.head();
        RequestTarget target = request.target();
        var query = new QueryString(target.query());
        Router.Match match;
        try {
            match = router.match(
                    head.method(),
                    target.path(),
                    query,
                    head.headers(),
                    request.body().isReadable());
        } catch (RuntimeException | Error failure) {
            request.release();
            throw failure;
        }
        switch (match) {
            case Router.Refused(var problem, var format) -> {
                observer.refused(problem.code());
                finish(request, render(format, problem, null), null, format);
            }
            case Router.Found found -> {
                var exchange = new HttpExchange(this, request, query, found);
                current = exchange;
                try {
                    found.operation().route().handler().handle(exchange);
                } catch (Throwable failure) {
                    exchange.fail(failure);
                }
            }
        }
    }

    /** Any thread; the exchange gives its one answer. */
    void answer(HttpExchange exchange, Problem problem) {
        answer(exchange, render(exchange.route().problems(), problem, exchange));
    }

    /** Any thread; the exchange gives its one answer. */
    void answer(HttpExchange exchange, Response response) {
        if (!onLoop(() ->
                finish(exchange.request(), response, exchange, exchange.route().problems()))) {
            exchange.request().release();
        }
    }

    /**
     * Writes an answer and, if the connection stays, goes on to the next request.
     *
     * @param exchange null when the request reached no operation
     */
    private void finish(
            Incoming.Whole request, Response response, @Nullable HttpExchange exchange, ProblemFormat format) {
        current = null;
        request.release();
        if (!channel.isActive()) {
            answered(exchange, response.status());
            return;
        }
        deadlines.answered();
        HttpRequest head = request.head();
        boolean keepAlive = keepAlive(head);
        ByteBuf bytes = keepAlive ? bare(response, head, format) : null;
        if (bytes == null) {
            FullHttpResponse answer = encode(response, head, keepAlive, exchange, format);
            answered(exchange, answer.status().code());
            if (!keepAlive) {
                closing = true;
                source.discard(sourceContext());
                var _ = write(answer, request.budget()).addListener(ChannelFutureListener.CLOSE);
                channel.flush();
                return;
            }
            if (answer.content().readableBytes() < LARGE_ANSWER) {
                var _ = channel.write(answer, channel.voidPromise());
            } else {
                var _ = write(answer, request.budget());
            }
        } else {
            answered(exchange, response.status());
            // Past the encoder, which has no part in it.
            var _ = sourceContext().write(bytes, channel.voidPromise());
        }
        if (!inPass || !channel.isWritable()) {
            channel.flush();
        }
        if (channel.isWritable()) {
            next();
        } else {
            waitingForRoom = true;
        }
    }

    /** Counts an answer until the peer takes it. */
    private ChannelFuture write(FullHttpResponse answer, Budget budget) {
        int bytes = answer.content().readableBytes();
        budget.hold(bytes);
        return channel.write(answer).addListener(_ -> budget.give(bytes));
    }

    private boolean keepAlive(HttpRequest head) {
        return HttpUtil.isKeepAlive(head) && !draining.getAsBoolean();
    }

    /** An answer that goes on. Once it has begun no timer runs: how long it takes is for its writer to say. */
    private final class Stream implements AnswerStream {
        private final Writer writer;
        private final boolean keepAlive;

        Stream(Writer writer, boolean keepAlive) {
            this.writer = writer;
            this.keepAlive = keepAlive;
        }

        @Override
        public ChannelFuture end() {
            if (stream != this) {
                return channel.newSucceededFuture();
            }
            stream = null;
            current = null;
            deadlines.answered();
            ChannelFuture sent = channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
            if (!keepAlive || draining.getAsBoolean()) {
                closing = true;
                source.discard(sourceContext());
                sent.addListener(ChannelFutureListener.CLOSE);
            } else if (channel.isWritable()) {
                next();
            } else {
                waitingForRoom = true;
            }
            return sent;
        }
    }

    /** Event loop only. */
    HttpResponse streamHead(HttpExchange exchange, Response head) {
        HttpRequest request = exchange.request().head();
        return ResponseWriter.stream(head, streamStays(request), isHttp10(request));
    }

    /** Where the end of the connection is the end of the body, it cannot stay. */
    private boolean streamStays(HttpRequest request) {
        return keepAlive(request) && !isHttp10(request);
    }

    private static boolean isHttp10(HttpRequest request) {
        return request.protocolVersion().minorVersion() == 0;
    }

    /** Event loop only. */
    AnswerStream stream(HttpExchange exchange, HttpResponse head, AnswerStream.Writer writer) {
        exchange.request().release();
        var begun = new Stream(writer, streamStays(exchange.request().head()));
        answered(exchange, head.status().code());
        if (!channel.isActive()) {
            current = null;
            channel.eventLoop().execute(writer::gone);
            return begun;
        }
        stream = begun;
        var _ = channel.writeAndFlush(head, channel.voidPromise());
        if (draining.getAsBoolean()) {
            channel.eventLoop().execute(this::drain);
        }
        return begun;
    }

    /** Before the answer is on the wire: whoever has read it finds it counted. */
    private void answered(@Nullable HttpExchange exchange, int status) {
        if (exchange != null) {
            observer.answered(exchange.route().operationId(), status, System.nanoTime() - exchange.startNanos());
        }
    }

    private void next() {
        try {
            source.resume(sourceContext());
        } catch (Exception failure) {
            channel.pipeline().fireExceptionCaught(failure);
        }
    }

    /** The answer as bytes where it is that simple; null where it is one for the encoder. */
    private @Nullable ByteBuf bare(Response response, HttpRequest head, ProblemFormat format) {
        if (!source.passesBytes() || isHttp10(head) || !BareAnswer.fits(response)) {
            return null;
        }
        try {
            return BareAnswer.of(response.status(), head.headers(), format, channel.alloc());
        } catch (RuntimeException failure) {
            // On the other way it is reported and answered.
            return null;
        }
    }

    /** A handler may well hand us a header that cannot be sent; the caller then learns that something went wrong. */
    private FullHttpResponse encode(
            Response response,
            HttpRequest head,
            boolean keepAlive,
            @Nullable HttpExchange exchange,
            ProblemFormat format) {
        boolean isHead = head.method().equals(HttpMethod.HEAD);
        boolean http10 = isHttp10(head);
        try {
            FullHttpResponse answer = ResponseWriter.whole(response, isHead, keepAlive, http10);
            format.addHeaders(head.headers(), answer.headers()::set);
            return answer;
        } catch (RuntimeException failure) {
            String text = "Internal error, reference " + report(failure, exchange) + ".";
            return ResponseWriter.whole(Response.text(500, text), isHead, keepAlive, http10);
        }
    }

    private Response render(ProblemFormat format, Problem problem, @Nullable HttpExchange exchange) {
        try {
            return format.render(problem);
        } catch (RuntimeException failure) {
            return Response.text(500, "Internal error, reference " + report(failure, exchange) + ".");
        }
    }

    /** Answers a request that cannot be read to its end, lets the peer read that, and closes. */
    private void refuse(Problem problem, @Nullable HttpRequest head) {
        if (closing) {
            return;
        }
        closing = true;
        source.discard(sourceContext());
        deadlines.stop();
        if (!channel.isActive()) {
            // The peer left in the middle of its request.
            return;
        }
        observer.refused(problem.code());
        RequestTarget target = head == null ? null : RequestTarget.parse(head.uri());
        ProblemFormat format = target == null ? router.problems() : router.problemsAt(target.path());
        boolean isHead = head != null && head.method().equals(HttpMethod.HEAD);
        FullHttpResponse answer = ResponseWriter.whole(render(format, problem, null), isHead, false, false);
        format.addHeaders(head == null ? EmptyHttpHeaders.INSTANCE : head.headers(), answer.headers()::set);
        var _ = channel.eventLoop().schedule(this::close, LINGER_MILLIS, TimeUnit.MILLISECONDS);
        var _ = channel.writeAndFlush(answer).addListener(written -> {
            if (written.isSuccess() && channel instanceof DuplexChannel duplex) {
                endOutput(duplex);
            } else {
                var _ = channel.close();
            }
        });
    }

    /** The end of what is sent, told under TLS as well: without that, a peer takes the answer for cut off. */
    private static void endOutput(DuplexChannel duplex) {
        SslHandler tls = duplex.pipeline().get(SslHandler.class);
        if (tls == null) {
            var _ = duplex.shutdownOutput();
        } else {
            var _ = tls.closeOutbound().addListener(_ -> {
                var _ = duplex.shutdownOutput();
            });
        }
    }

    /** Event loop only. */
    void upgrade(HttpExchange exchange, Response response, Consumer<Channel> takeOver) {
        current = null;
        exchange.request().release();
        if (!channel.isActive()) {
            return;
        }
        var head = ResponseWriter.upgrade(response);
        answered(exchange, response.status());
        onLeave.accept(this);
        closing = true;
        var _ = channel.write(head, channel.voidPromise());
        ChannelPipeline pipeline = channel.pipeline();
        ChannelHandlerContext first = sourceContext();
        HttpPipeline.removeAllButDecoder(pipeline);
        try {
            takeOver.accept(channel);
        } catch (Throwable failure) {
            // Half an upgrade is of no use to anyone; the exchange reports it.
            channel.flush();
            var _ = channel.close();
            throw failure;
        }
        // Not before: who has the answer may count on what the new owner has done.
        channel.flush();
        // Last: on leaving it passes on what it has not decoded, to whatever now stands behind it.
        pipeline.remove(source);
        source.release(first);
    }

    /** Logs what is unexpected, without tokens, and returns the reference under which it is found. */
    String report(Throwable failure, @Nullable HttpExchange exchange) {
        String reference =
                HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        LOG.error(
                "Internal error, reference {}: {}\n{}",
                reference,
                exchange == null ? "between requests" : exchange,
                Redaction.trace(failure));
        return reference;
    }

    private void close() {
        var _ = channel.close();
    }

    private ChannelHandlerContext sourceContext() {
        ChannelHandlerContext known = place;
        if (known == null) {
            known = channel.pipeline().context(source);
            place = known;
        }
        return known;
    }

    private boolean onLoop(Runnable task) {
        if (channel.eventLoop().inEventLoop()) {
            task.run();
            return true;
        }
        try {
            channel.eventLoop().execute(task);
            return true;
        } catch (RejectedExecutionException stopped) {
            return false;
        }
    }
}
