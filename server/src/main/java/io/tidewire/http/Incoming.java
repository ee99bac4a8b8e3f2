package io.tidewire.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/** What travels from the reading half of the pipeline to {@link HttpConnection}: one whole request, or why there is none. */
sealed interface Incoming {
    /**
     * A request with everything that belongs to it.
     *
     * @param body owned by whoever takes this; empty when there is none
     * @param taken the bytes that the budget holds for the body
     */
    record Whole(HttpRequest head, RequestTarget target, ByteBuf body, int taken, Budget budget) implements Incoming {
        /** Gives the body back, and its bytes. Once; any thread. */
        void release() {
            body.release();
            budget.give(taken);
        }
    }

    /**
     * The connection cannot go on: where the next request would begin is unknown or no longer of interest.
     *
     * @param head null when the request had not come that far
     */
    record Refused(Problem problem, @Nullable HttpRequest head) implements Incoming {}
}
