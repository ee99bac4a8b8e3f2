package io.tidewire.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import org.jspecify.annotations.Nullable;

/**
 * Answers pings without queueing an answer for each. While one pong is on its way only the latest of the others is kept,
 * which RFC 6455, 5.5.3 allows, so a client that pings and does not read costs two small buffers. Event loop only.
 */
final class Pongs {
    private final Outbox outbox;
    private boolean onItsWay;
    private boolean stopped;
    private @Nullable ByteBuf next;

    Pongs(Outbox outbox) {
        this.outbox = outbox;
    }

    /** @param pong the whole frame; taken over */
    void answer(ByteBuf pong) {
        if (onItsWay) {
            forget();
            next = pong;
        } else {
            send(pong);
        }
    }

    /** Nothing may follow a close frame. */
    void stop() {
        stopped = true;
        forget();
    }

    private void send(ByteBuf pong) {
        onItsWay = true;
        outbox.control(pong).addListener((ChannelFuture sent) -> sent());
    }

    private void sent() {
        onItsWay = false;
        ByteBuf pong = next;
        next = null;
        if (pong != null && !stopped) {
            send(pong);
        }
    }

    private void forget() {
        if (next != null) {
            next.release();
            next = null;
        }
    }
}
