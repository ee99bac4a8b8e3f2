package io.tidewire.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import io.tidewire.http.tls.Tls;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a connection is made of while it speaks HTTP, with or without TLS; the whole of it on one page. */
final class HttpPipeline extends ChannelInitializer<Channel> {
    private static final String TLS = "tls";
    private static final String TLS_START = "tls-start";
    private static final String HTTP2 = "http2";
    private static final String STREAMS = "http2-streams";
    private static final String DECODER = "http-decoder";
    private static final String ENCODER = "http-encoder";
    private static final String DEADLINES = "http-deadlines";
    private static final String ASSEMBLER = "http-assembler";
    private static final String CONNECTION = "http-connection";

    private static final Http2StreamFrameToHttpObjectCodec FRAMES_TO_HTTP = new Http2StreamFrameToHttpObjectCodec(true);

    private final HttpSettings settings;
    private final @Nullable Tls tls;
    private final Origins origins;
    private final Budget budget;
    private final Router router;
    private final HttpObserver observer;
    private final BooleanSupplier draining;
    private final Consumer<Conversation> onJoin;
    private final Consumer<Conversation> onLeave;

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
            Origins origins,
            Budget budget,
            Router router,
            HttpObserver observer,
            BooleanSupplier draining,
            Consumer<Conversation> onJoin,
            Consumer<Conversation> onLeave) {
        this.settings = settings;
        this.tls = tls;
        this.origins = origins;
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
                .addLast(
                        TLS_START,
                        new TlsStart(handler, observer, ctx -> speak(ctx.channel(), handler.applicationProtocol())));
    }

    private void speak(Channel channel, @Nullable String protocol) {
        if (ApplicationProtocolNames.HTTP_2.equals(protocol)) {
            speakHttp2(channel);
        } else {
            speakHttp1(channel);
        }
    }

    private void speakHttp2(Channel channel) {
        var connection = new Http2Connection(channel, settings, observer);
        channel.pipeline()
                .addLast(HTTP2, http2Codec())
                // Each stream becomes a channel of its own, on the same event loop.
                .addLast(STREAMS, new Http2MultiplexHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel stream) {
                        speakOn(stream, connection);
                    }
                }))
                // What belongs to no stream.
                .addLast(CONNECTION, connection);
        onJoin.accept(connection);
    }

    /** The same as over HTTP/1.1 from the deadlines on; in front of them frames become what its decoder would have read. */
    private void speakOn(Channel stream, Http2Connection parent) {
        var requests = new Http2Requests(settings);
        var deadlines = new Deadlines(settings, requests);
        var connection = new HttpConnection(stream, router, observer, origins, requests, deadlines, draining, _ -> {});
        stream.pipeline()
                .addLast(ENCODER, FRAMES_TO_HTTP)
                .addLast(DECODER, requests)
                .addLast(DEADLINES, deadlines)
                .addLast(ASSEMBLER, new RequestAssembler(settings, budget, deadlines))
                .addLast(CONNECTION, connection);
        parent.join(connection);
    }

    /** Everything that a peer can make this node do or hold has a number here; over any of them the connection ends with GOAWAY. */
    private Http2FrameCodec http2Codec() {
        return Http2FrameCodecBuilder.forServer()
                .initialSettings(new Http2Settings()
                        // Of one connection at a time; a browser wants far fewer, a busy backend opens a second
                        // connection.
                        .maxConcurrentStreams(100)
                        // After decompression. The limits with a name are looked at behind this one.
                        .maxHeaderListSize(settings.maxUriBytes() + 2L * settings.maxHeaderBytes()))
                // Streams that a peer opens and takes back (rapid reset): the work of each may already have begun.
                .decoderEnforceMaxRstFramesPerWindow(200, 30)
                // Streams that a peer makes us take back: the same in disguise.
                .encoderEnforceMaxRstFramesPerWindow(200, 30)
                // Frames that bring nothing.
                .decoderEnforceMaxConsecutiveEmptyDataFrames(10)
                // Answers to pings and settings that a peer asks for and does not read.
                .encoderEnforceMaxQueuedControlFrames(1000)
                // A peer that says it reads next to no headers must not make each answer fail.
                .encoderIgnoreMaxHeaderListSize(true)
                .validateHeaders(true)
                // Ending in order is the work of Http2Connection; a close is then a close.
                .decoupleCloseAndGoAway(true)
                .build();
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
                // In front of the assembler, since a request that is too slow is refused through it: it drops the part
                // that
                // it holds.
                .addLast(DEADLINES, deadlines)
                // Pieces become whole requests or one refusal, so that nothing behind this sees half of anything.
                .addLast(ASSEMBLER, new RequestAssembler(settings, budget, deadlines))
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
