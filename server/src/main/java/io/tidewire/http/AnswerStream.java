package io.tidewire.http;

import io.netty.channel.ChannelFuture;

/** The body of an answer that is still being written; see {@link Exchange#stream}. Event loop only. */
public interface AnswerStream {
    /**
     * The body ends here, behind every piece written before, and the connection goes on to its next request. Nothing may be written after
     * it. The first call only; harmless once the peer is gone.
     *
     * @return when the end is sent, or never will be
     */
    ChannelFuture end();

    /** Who writes the pieces, as the connection sees it. Called on its event loop. */
    interface Writer {
        /** The channel was not writable and is so again. */
        void writable();

        /** The listener is closing: the writer ends the stream soon, or it is cut. */
        void stopping();

        /** The connection is gone. Last call; not after the end of the stream. */
        void gone();
    }
}
