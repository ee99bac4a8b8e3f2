package io.tidewire.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.tidewire.http.Budget;

/**
 * A message whose fragments are still coming. They are copied into one buffer that grows: a list of fragments would cost an
 * object for each byte when a client sends them one byte at a time.
 */
final class PartialMessage {
    enum Verdict {
        FINE,
        TOO_BIG,
        NOT_UTF8,
        NO_ROOM
    }

    private static final int FIRST_CAPACITY = 256;

    private final boolean binary;
    private final int maxBytes;
    private final ByteBuf joined;
    private final Budget budget;
    private int utf8 = Utf8.START;

    /**
     * Of no fragments yet.
     *
     * @param maxBytes all fragments together
     * @param budget that of the node, which knows the fragments until {@link #release}
     */
    PartialMessage(boolean binary, int maxBytes, Budget budget, ByteBufAllocator allocator) {
        this.binary = binary;
        this.maxBytes = maxBytes;
        this.budget = budget;
        this.joined = allocator.buffer(Math.min(FIRST_CAPACITY, maxBytes));
    }

    /** Copies one fragment. Text is checked as it comes, so a bad message ends before it is complete. */
    Verdict add(ByteBuf fragment, boolean last) {
        if (fragment.readableBytes() > maxBytes - joined.readableBytes()) {
            return Verdict.TOO_BIG;
        }
        if (!binary) {
            utf8 = Utf8.check(utf8, fragment);
            if (utf8 == Utf8.INVALID || (last && utf8 != Utf8.START)) {
                return Verdict.NOT_UTF8;
            }
        }
        if (!budget.take(fragment.readableBytes())) {
            return Verdict.NO_ROOM;
        }
        joined.writeBytes(fragment, fragment.readerIndex(), fragment.readableBytes());
        return Verdict.FINE;
    }

    boolean binary() {
        return binary;
    }

    /** Borrowed, until {@link #release}. */
    ByteBuf joined() {
        return joined;
    }

    void release() {
        budget.give(joined.writerIndex());
        joined.release();
    }
}
