package io.tidewire.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands behind the {@link SslHandler}: waits for the handshake and then has the rest of the pipeline put in place. It stays, because what
 * breaks under TLS later on is the peer's doing as well, and no concern of the handlers behind.
 */
final class TlsStart extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(TlsStart.class);

    /** For those who read it: a browser or a curl that was given the wrong scheme. */
    private static final String PLAIN_HTTP = "This port speaks HTTPS, and the request was plain HTTP.";

    private final SslHandler tls;
    private final HttpObserver observer;
    private final Consumer<ChannelHandlerContext> onHandshake;

    /**
     * For one connection.
     *
     * @param onHandshake what follows when the peer is in
     */
    TlsStart(SslHandler tls, HttpObserver observer, Consumer<ChannelHandlerContext> onHandshake) {
        this.tls = tls;
        this.observer = observer;
        this.onHandshake = onHandshake;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            if (handshake.isSuccess()) {
                onHandshake.accept(ctx);
            } else if (ctx.channel().isActive()) {
                refuse(ctx, handshake.cause());
            }
        }
        ctx.fireUserEventTriggered(event);
    }

    /** The channel is closed right after this. */
    private void refuse(ChannelHandlerContext ctx, Throwable cause) {
        switch (cause) {
            case NotSslRecordException _ -> {
                // Its message shows what was sent, which may be a request with its token.
                refused(ctx, "PlainHttpOnTlsPort", "what came is not TLS");
                var answer = Unpooled.copiedBuffer(
                        "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: "
                                + PLAIN_HTTP.length() + "\r\nConnection: close\r\n\r\n" + PLAIN_HTTP,
                        StandardCharsets.US_ASCII);
                // From before the handler that would encrypt it.
                var _ = ctx.pipeline().context(tls).writeAndFlush(answer);
            }
            case SslHandshakeTimeoutException _ ->
                refused(ctx, "TlsHandshakeTimeout", "not done in time (setting http.tlsHandshakeTimeout)");
            default -> refused(ctx, "TlsHandshakeFailed", Redaction.text(String.valueOf(cause.getMessage())));
        }
    }

    private void refused(ChannelHandlerContext ctx, String reason, String why) {
        observer.refused(reason);
        LOG.debug("TLS handshake with {} failed: {}", ctx.channel().remoteAddress(), why);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof DecoderException && cause.getCause() instanceof SSLException broken) {
            LOG.debug(
                    "TLS with {} broke: {}",
                    ctx.channel().remoteAddress(),
                    broken.getClass().getSimpleName());
            var _ = ctx.close();
        } else {
            ctx.fireExceptionCaught(cause);
        }
    }
}
