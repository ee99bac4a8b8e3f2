package io.tidewire.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.ssl.SslHandler;
import io.tidewire.http.tls.Tls;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a connection is made of while it speaks HTTP, with or without TLS; the whole of it on one page. */
final class HttpPipeline extends ChannelInitializer<Channel> {
    private static final String TLS = "tls";
    private static final String TLS_START = "tls-start";
    private static final String DECODER = "http-decoder";
    private static final String ENCODER = "http-encoder";
    private static final String DEADLINES = "http-deadlines";
    private static final String ASSEMBLER = "http-assembler";
    private static final String CONNECTION = "http-connection";

    private final HttpSettings settings;
    private final @Nullable Tls tls;
    private final Origins origins;
    private final Budget budget;
    private final Router router;
    private final HttpObserver observer;
    private final BooleanSupplier draining;
    private final Consumer<HttpConnection> onJoin;
    private final Consumer<HttpConnection> onLeave;

    /**
     * For all connections of one listener.
     *
     * @param tls null for plain HTTP
     * @param draining whether the listener is closing
     * @param onJoin told of each new connection
     * @param onLeave told when a connection is upgraded; not when it is closed
     */
    HttpPipeline(
            HttpSettings settings,
            @Nullable Tls tls,
            Budget budget,
            Router router,
            HttpObserver observer,
            BooleanSupplier draining,
            Consumer<HttpConnection> onJoin,
            Consumer<HttpConnection> onLeave) {
        this.settings = settings;
        this.tls = tls;
        this.origins = new Origins(tls == null ? "http" : "https", settings.proxies());
        this.budget = budget;
        this.router = router;
        this.observer = observer;
        this.draining = draining;
        this.onJoin = onJoin;
        this.onLeave = onLeave;
    }

    @Override
    protected void initChannel(Channel channel) {
        if (tls == null) {
            speakHttp1(channel);
            return;
        }
        SslHandler handler = tls.newHandler(channel.alloc(), settings.tlsHandshakeTimeout());
        channel.pipeline()
                .addLast(TLS, handler)
                // Nothing behind these two until the handshake is done: who does not finish it costs no more than it.
                .addLast(TLS_START, new TlsStart(handler, observer, ctx -> speakHttp1(ctx.channel())));
    }

    private void speakHttp1(Channel channel) {
        var decoder = new RequestDecoder(settings);
        var deadlines = new Deadlines(settings, decoder);
        var connection = new HttpConnection(channel, router, observer, origins, decoder, deadlines, draining, onLeave);
        channel.pipeline()
                // First to see the bytes of HTTP and last to leave: on an upgrade it hands over what it has not
                // decoded.
                .addLast(DECODER, decoder)
                // Before the handlers that answer, since what they write travels towards the head of the pipeline.
                .addLast(ENCODER, new HttpResponseEncoder())
                // Right behind the decoder, whose pieces tell when a request begins and ends; a request that is too
                // slow is refused
                // through the assembler, which drops the part that it holds.
                .addLast(DEADLINES, deadlines)
                // Pieces become whole requests or one refusal, so that nothing behind this sees half of anything.
                .addLast(ASSEMBLER, new RequestAssembler(settings, budget))
                // Routes, answers, and lets the decoder go on.
                .addLast(CONNECTION, connection);
        onJoin.accept(connection);
    }

    /** Takes HTTP out, timers included; the decoder stays until its successor is there. */
    static void removeAllButDecoder(ChannelPipeline pipeline) {
        pipeline.remove(CONNECTION);
        pipeline.remove(ASSEMBLER);
        pipeline.remove(DEADLINES);
        pipeline.remove(ENCODER);
    }
}
