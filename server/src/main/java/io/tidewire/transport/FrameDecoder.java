package io.tidewire.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.tidewire.http.Budget;
import java.util.List;

/** Reads frames, and counts the part of one whose rest has not come yet with what the node holds for all. */
final class FrameDecoder extends WebSocket13FrameDecoder {
    /** Thrown, as every other reason to stop reading is. */
    static final class NoRoom extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private final Budget budget;

    /** Taken from the budget. */
    private int held;

    FrameDecoder(WebSocketDecoderConfig config, Budget budget) {
        super(config);
        this.budget = budget;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object input) throws Exception {
        super.channelRead(ctx, input);
        int more = ctx.isRemoved() ? 0 : actualReadableBytes() - held;
        if (more <= 0) {
            budget.give(-more);
            held += more;
        } else if (budget.take(more)) {
            held += more;
        } else {
            ctx.fireExceptionCaught(new NoRoom());
        }
    }

    /** What is whole counts where it goes, and not here as well. */
    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        super.decode(ctx, in, out);
        if (!out.isEmpty()) {
            giveBack();
        }
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) throws Exception {
        giveBack();
        super.handlerRemoved0(ctx);
    }

    private void giveBack() {
        budget.give(held);
        held = 0;
    }
}
