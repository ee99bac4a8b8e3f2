package io.tidewire.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import io.netty.util.ByteProcessor;
import java.util.List;

/**
 * Turns bytes into one request at a time, strictly. After each request it pauses by itself, so whatever a client pipelines stays bytes,
 * at most one read's worth, until {@link #resume}; and bytes that follow an upgrade are still unread when this handler is removed, which
 * forwards them.
 */
final class RequestDecoder extends HttpRequestDecoder implements RequestSource {
    /** What every TLS connection begins with (RFC 8446, 5.1), and no request. */
    private static final byte TLS_HANDSHAKE = 22;

    private enum Mode {
        OPEN,
        /** A request is being answered. */
        PAUSED,
        /** The connection is lost to HTTP: read on only to keep the peer from being reset before it has read why. */
        DISCARDING
    }

    private Mode mode = Mode.OPEN;
    /** The head is through and content follows. */
    private boolean inBody;
    /** The first byte of a request has come and its last has not. */
    private boolean receiving;
    /** Inside {@link #channelRead}, where resuming needs no more than the mode. */
    private boolean reading;
    /** Pausing kept bytes from being decoded. */
    private boolean stalled;
    /** Auto-read is off. */
    private boolean held;

    private int lengths;
    private int hosts;

    RequestDecoder(HttpSettings settings) {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(settings.maxUriBytes())
                .setMaxHeaderSize(settings.maxHeaderBytes())
                // Content is passed on as it comes; a body that arrives in one read is then never copied.
                .setMaxChunkSize(Math.max(1, settings.maxBodyBytes()))
                .setHeadersFactory(DefaultHttpHeadersFactory.headersFactory().withValidation(true))
                .setTrailersFactory(DefaultHttpHeadersFactory.trailersFactory().withValidation(true))
                .setAllowDuplicateContentLengths(false)
                .setStrictLineParsing(true)
                .setUseRfc9112TransferEncoding(true));
    }

    @Override
    public boolean receiving() {
        return receiving;
    }

    @Override
    public boolean passesBytes() {
        return true;
    }

    @Override
    public void resume(ChannelHandlerContext ctx) throws Exception {
        if (mode != Mode.PAUSED) {
            return;
        }
        mode = Mode.OPEN;
        if (!reading) {
            if (actualReadableBytes() > 0) {
                channelRead(ctx, Unpooled.EMPTY_BUFFER);
                ctx.fireChannelReadComplete();
            }
            if (!ctx.isRemoved()) {
                hold(ctx, mode == Mode.PAUSED && actualReadableBytes() > 0);
            }
        }
    }

    @Override
    public void discard(ChannelHandlerContext ctx) {
        mode = Mode.DISCARDING;
        receiving = false;
        hold(ctx, false);
    }

    @Override
    public void release(ChannelHandlerContext ctx) {
        hold(ctx, false);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) throws Exception {
        reading = true;
        try {
            super.channelRead(ctx, msg);
            while (stalled && mode == Mode.OPEN) {
                stalled = false;
                super.channelRead(ctx, Unpooled.EMPTY_BUFFER);
            }
        } finally {
            reading = false;
        }
        if (!ctx.isRemoved()) {
            // Not before something comes too early: a client that waits for its answer costs no change of interest.
            hold(ctx, mode == Mode.PAUSED && actualReadableBytes() > 0);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        if (held) {
            // The base class would ask for more whenever auto-read is off and nothing was decoded.
            ctx.fireChannelReadComplete();
        } else {
            super.channelReadComplete(ctx);
        }
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        switch (mode) {
            case PAUSED -> stalled = true;
            case DISCARDING -> in.skipBytes(in.readableBytes());
            case OPEN -> decodeOpen(ctx, in, out);
        }
    }

    private void decodeOpen(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        if (!receiving && in.getByte(in.readerIndex()) == TLS_HANDSHAKE) {
            in.skipBytes(in.readableBytes());
            out.add(new Incoming.Refused(Refusals.tlsOnPlainPort(), null));
            mode = Mode.DISCARDING;
            return;
        }
        if (!inBody && folded(in)) {
            in.skipBytes(in.readableBytes());
            out.add(new Incoming.Refused(Refusals.malformed("A header must not continue on the next line."), null));
            mode = Mode.DISCARDING;
            return;
        }
        super.decode(ctx, in, out);
        if (out.isEmpty()) {
            return;
        }
        Object last = out.getLast();
        if (last instanceof LastHttpContent) {
            mode = Mode.PAUSED;
            inBody = false;
            receiving = false;
            lengths = 0;
            hosts = 0;
        } else if (last instanceof HttpRequest head) {
            inBody = head.decoderResult().isSuccess();
        }
    }

    /**
     * Whether a line of the head begins with a blank (obs-fold, RFC 9112, 5.2). The base class joins such lines without a trace, while
     * others on the way may have read them as two. Each call sees the head from the start of a line, since whole lines are consumed.
     */
    private boolean folded(ByteBuf in) {
        int from = in.readerIndex();
        if (!receiving) {
            // Empty lines before a request are skipped, and are not yet a request (RFC 9112, 2.2).
            from = in.forEachByte(ByteProcessor.FIND_NON_CRLF);
            if (from < 0) {
                return false;
            }
            receiving = true;
        }
        int end = in.writerIndex();
        while (from < end) {
            byte first = in.getByte(from);
            if (first == ' ' || first == '\t') {
                return true;
            }
            if (first == '\r' || first == '\n') {
                return false;
            }
            int feed = in.indexOf(from, end, (byte) '\n');
            from = feed < 0 ? end : feed + 1;
        }
        return false;
    }

    /** Counts the headers that decide where a request ends or whom it is for; the base class takes the first of two in HTTP/1.0. */
    @Override
    protected AsciiString splitHeaderName(byte[] line, int start, int length) {
        AsciiString name = super.splitHeaderName(line, start, length);
        if (length == 14 && HttpHeaderNames.CONTENT_LENGTH.contentEqualsIgnoreCase(name) && ++lengths > 1) {
            throw new IllegalArgumentException("Content-Length twice");
        }
        if (length == 4 && HttpHeaderNames.HOST.contentEqualsIgnoreCase(name) && ++hosts > 1) {
            throw new IllegalArgumentException("Host twice");
        }
        return name;
    }

    private void hold(ChannelHandlerContext ctx, boolean hold) {
        if (held != hold) {
            held = hold;
            ctx.channel().config().setAutoRead(!hold);
        }
    }
}
