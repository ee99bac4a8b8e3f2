package io.tidewire.http;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;

/** The reading half of a connection, or of one stream of HTTP/2, for those who answer and those who watch the clock. Event loop only. */
interface RequestSource extends ChannelHandler {
    /** Whether part of a request has arrived, and not all of it. */
    boolean receiving();

    /** Whether what is written at the place of this handler goes out as it is, as bytes of HTTP/1.1. */
    boolean passesBytes();

    /** The current request is answered; the next one may come. */
    void resume(ChannelHandlerContext ctx) throws Exception;

    /** Nothing that still comes is of interest. */
    void discard(ChannelHandlerContext ctx);

    /** Reading goes on, for whoever comes after this handler. */
    void release(ChannelHandlerContext ctx);
}
