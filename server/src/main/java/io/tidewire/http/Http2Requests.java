package io.tidewire.http;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.util.ReferenceCountUtil;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The one request of a stream: what {@link RequestDecoder} is to a connection of HTTP/1.1, with the same limits. */
final class Http2Requests extends ChannelDuplexHandler implements RequestSource {
    private final HttpSettings settings;
    private boolean begun;
    private boolean complete;
    private boolean discarding;
    /** The answer has gone out, to its end. */
    private boolean answered;

    Http2Requests(HttpSettings settings) {
        this.settings = settings;
    }

    @Override
    public boolean receiving() {
        return begun && !complete && !discarding;
    }

    @Override
    public boolean passesBytes() {
        return false;
    }

    @Override
    public void resume(ChannelHandlerContext ctx) {
        // There is no second request.
    }

    @Override
    public void discard(ChannelHandlerContext ctx) {
        discarding = true;
    }

    @Override
    public void release(ChannelHandlerContext ctx) {
        // A stream is read by the rules of flow control.
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        complete |= msg instanceof LastHttpContent;
        if (discarding) {
            ReferenceCountUtil.release(msg);
        } else if (msg instanceof HttpRequest head && !begun) {
            begun = true;
            onHead(ctx, head);
        } else {
            ctx.fireChannelRead(msg);
        }
    }

    private void onHead(ChannelHandlerContext ctx, HttpRequest head) {
        var alone = new DefaultHttpRequest(head.protocolVersion(), head.method(), head.uri(), head.headers());
        Problem wrong = wrong(head);
        if (wrong != null) {
            ReferenceCountUtil.release(head);
            ctx.fireChannelRead(new Incoming.Refused(wrong, alone));
        } else if (head instanceof FullHttpRequest whole) {
            // Headers alone; those who follow expect the end apart.
            whole.release();
            ctx.fireChannelRead(alone);
            ctx.fireChannelRead(LastHttpContent.EMPTY_LAST_CONTENT);
        } else {
            ctx.fireChannelRead(head);
        }
    }

    private @Nullable Problem wrong(HttpRequest head) {
        HttpHeaders headers = head.headers();
        if (head.uri().length() > settings.maxUriBytes()) {
            return Refusals.uriTooLong(settings);
        }
        int all = 0;
        Iterator<Map.Entry<CharSequence, CharSequence>> each = headers.iteratorCharSequence();
        while (each.hasNext()) {
            Map.Entry<CharSequence, CharSequence> header = each.next();
            int length = header.getKey().length() + header.getValue().length();
            if (length > settings.maxHttp2HeaderBytes()) {
                return Refusals.headerTooLong(settings);
            }
            all += length;
        }
        if (all > settings.maxHeaderBytes()) {
            return Refusals.headersTooLarge(settings);
        }
        if (headers.getAll(HttpHeaderNames.HOST).size() > 1
                || headers.getAll(HttpHeaderNames.CONTENT_LENGTH).size() > 1) {
            return Refusals.malformed("A header that must be there once is there twice.");
        }
        if (headers.contains(HttpHeaderNames.UPGRADE) || headers.contains(HttpHeaderNames.CONNECTION)) {
            return Refusals.malformed("HTTP/2 has no headers about the connection.");
        }
        return null;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof CodecException || cause instanceof Http2Exception) {
            // The peer's doing, and of this stream alone.
            if (!discarding) {
                ctx.fireChannelRead(new Incoming.Refused(Refusals.malformed("The request is not valid HTTP/2."), null));
            }
        } else {
            ctx.fireExceptionCaught(cause);
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
        if (msg instanceof LastHttpContent) {
            var _ = ctx.write(msg, promise.unvoid().addListener(written -> answered |= written.isSuccess()));
        } else {
            var _ = ctx.write(msg, promise);
        }
    }

    /**
     * Without this word of ours the stream would stay, with what the peer did not let through. When it was answered before its end, nothing
     * has failed: the rest need not be sent (RFC 9113, 8.1).
     */
    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (ctx.channel().isActive() && !(answered && complete)) {
            var _ = ctx.writeAndFlush(new DefaultHttp2ResetFrame(answered ? Http2Error.NO_ERROR : Http2Error.CANCEL));
        }
        var _ = ctx.close(promise);
    }
}
