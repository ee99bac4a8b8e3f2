package io.tidewire.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/** Makes whole requests, within the limits, of the decoder's heads and pieces of content; the first thing wrong ends it. */
final class RequestAssembler extends ChannelInboundHandlerAdapter {
    private static final FullHttpResponse CONTINUE =
            new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER);
    private static final int FIRST_PIECE = 4096;

    private final HttpSettings settings;
    private final Budget budget;
    private final Deadlines deadlines;
    /** The request that is arriving; null between two and after a refusal. */
    private @Nullable HttpRequest head;

    private @Nullable RequestTarget target;
    /** As its head says. */
    private boolean withBody;
    /** What has come of its body, once that is more than one piece. */
    private @Nullable ByteBuf body;
    /** What the budget holds for it. */
    private int taken;

    RequestAssembler(HttpSettings settings, Budget budget, Deadlines deadlines) {
        this.settings = settings;
        this.budget = budget;
        this.deadlines = deadlines;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        switch (msg) {
            case HttpRequest request -> onHead(ctx, request);
            case HttpContent content -> {
                if (content instanceof LastHttpContent) {
                    deadlines.arrived();
                }
                try {
                    onContent(ctx, content);
                } finally {
                    content.release();
                }
            }
            case Incoming.Refused refused -> refuse(ctx, refused.problem(), head);
            default -> ReferenceCountUtil.release(msg);
        }
    }

    private void onHead(ChannelHandlerContext ctx, HttpRequest request) {
        if (request.decoderResult().isFailure()) {
            refuse(ctx, Refusals.malformed(request.decoderResult().cause(), settings), request);
            return;
        }
        RequestTarget parsed = RequestTarget.parse(request.uri());
        if (parsed == null) {
            refuse(ctx, Refusals.malformed("The request target is not valid."), request);
            return;
        }
        withBody = hasBody(request);
        Problem wrong = wrong(request);
        if (wrong != null) {
            refuse(ctx, wrong, request);
            return;
        }
        head = request;
        target = parsed;
        if (withBody && request.headers().contains(HttpHeaderNames.EXPECT)) {
            var _ = ctx.writeAndFlush(CONTINUE, ctx.voidPromise());
        }
    }

    private @Nullable Problem wrong(HttpRequest request) {
        HttpVersion version = request.protocolVersion();
        HttpHeaders headers = request.headers();
        if (version.majorVersion() != 1) {
            return Refusals.version();
        }
        String host = headers.get(HttpHeaderNames.HOST);
        if (version.minorVersion() >= 1 && host == null) {
            return Refusals.malformed("The Host header is missing.");
        }
        if (host != null && !host.isEmpty() && !Authority.isValid(host)) {
            return Refusals.malformed("The Host header is not valid.");
        }
        if (!isOnly(headers, HttpHeaderNames.EXPECT, "100-continue")) {
            return Refusals.expectation();
        }
        return withBody ? wrongBody(headers) : null;
    }

    private @Nullable Problem wrongBody(HttpHeaders headers) {
        String coding = headers.get(HttpHeaderNames.TRANSFER_ENCODING);
        if (coding != null && !Ascii.equalsIgnoreCase(coding, "chunked")) {
            return Refusals.transferCoding();
        }
        if (coding == null && length(headers) > settings.maxBodyBytes()) {
            return Refusals.bodyTooLarge(settings);
        }
        if (!isOnly(headers, HttpHeaderNames.CONTENT_ENCODING, "identity")) {
            return Refusals.encodedBody();
        }
        return null;
    }

    private void onContent(ChannelHandlerContext ctx, HttpContent content) {
        HttpRequest request = head;
        RequestTarget parsed = target;
        if (request == null || parsed == null) {
            return;
        }
        ByteBuf piece = content.content();
        if (content.decoderResult().isFailure()) {
            refuse(ctx, Refusals.malformed("The chunked body is not valid."), request);
        } else if (piece.isReadable() && !withBody) {
            // The decoder still gives a body to some requests of an obsolete WebSocket draft; nobody else on the way
            // does.
            refuse(ctx, Refusals.malformed("The request has a body of unknown length."), request);
        } else if (piece.readableBytes() > settings.maxBodyBytes() - taken) {
            refuse(ctx, Refusals.bodyTooLarge(settings), request);
        } else if (piece.isReadable() && !take(piece.readableBytes())) {
            refuse(ctx, Refusals.overloaded(budget), request);
        } else if (content instanceof LastHttpContent) {
            complete(ctx, request, parsed, piece);
        } else {
            append(ctx, request, piece);
        }
    }

    private void complete(ChannelHandlerContext ctx, HttpRequest request, RequestTarget parsed, ByteBuf piece) {
        ByteBuf whole = body;
        if (whole == null) {
            whole = piece.retain();
        } else {
            whole.writeBytes(piece);
        }
        var complete = new Incoming.Whole(request, parsed, whole, taken, budget);
        body = null;
        taken = 0;
        head = null;
        target = null;
        ctx.fireChannelRead(complete);
    }

    private boolean take(int bytes) {
        boolean room = budget.take(bytes);
        taken += room ? bytes : 0;
        return room;
    }

    /** Copies, so that a body of many small pieces holds its own bytes and not the buffers of as many reads. */
    private void append(ChannelHandlerContext ctx, HttpRequest request, ByteBuf piece) {
        ByteBuf whole = body;
        if (whole == null) {
            // A declared length is a promise of the peer, not a reason to allocate: it grows with what has really come.
            long declared = Math.max(0, length(request.headers()));
            int first = Math.max(piece.readableBytes(), (int) Math.min(declared, FIRST_PIECE));
            whole = ctx.alloc().buffer(first);
            body = whole;
        }
        whole.writeBytes(piece);
    }

    private void refuse(ChannelHandlerContext ctx, Problem problem, @Nullable HttpRequest request) {
        drop();
        ctx.fireChannelRead(new Incoming.Refused(problem, request));
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        drop();
    }

    private void drop() {
        head = null;
        target = null;
        if (body != null) {
            body.release();
            body = null;
        }
        budget.give(taken);
        taken = 0;
    }

    /** Whether a header is absent or has this value, each time it is there: what was not looked at is what others go by. */
    private static boolean isOnly(HttpHeaders headers, CharSequence name, String value) {
        if (!headers.contains(name)) {
            return true;
        }
        for (String each : headers.getAll(name)) {
            if (!Ascii.equalsIgnoreCase(each, value)) {
                return false;
            }
        }
        return true;
    }

    private static boolean hasBody(HttpRequest request) {
        return length(request.headers()) > 0 || HttpUtil.isTransferEncodingChunked(request);
    }

    /** As the decoder checked it; -1 when absent. */
    private static long length(HttpHeaders headers) {
        String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
        return length == null ? -1 : Long.parseLong(length);
    }
}
