package io.tidewire.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ByteProcessor;
import java.nio.charset.StandardCharsets;

/** How messages look in a stream of server-sent events (reference D.2; WHATWG HTML, 9.2). */
final class EventStream {
    private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LINE_END = {'\r', '\n'};

    /** Enough for those in between that look at the first kilobytes of an answer before they let any of it through. */
    private static final int PADDING = 2048;

    private EventStream() {}

    /**
     * What a stream begins with: the comment that tells the client it is open, and a long one, for virus scanners and old proxies that
     * wait for so much before they pass anything on. The client skips both.
     */
    static byte[] opening() {
        return (":\r\n:" + " ".repeat(PADDING) + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * One message as one event: each of its lines on a line of data, and a blank one. A line ends at CR, LF or both, whichever the
     * message has; the client puts LF in between again, which in JSON is the same.
     */
    static ByteBuf event(ByteBuf payload, ByteBufAllocator allocator) {
        ByteBuf event = allocator.directBuffer(DATA.length + payload.readableBytes() + 2 * LINE_END.length);
        int from = payload.readerIndex();
        int end = payload.writerIndex();
        while (true) {
            int lineEnd = payload.forEachByte(from, end - from, ByteProcessor.FIND_CRLF);
            int to = lineEnd < 0 ? end : lineEnd;
            event.writeBytes(DATA).writeBytes(payload, from, to - from).writeBytes(LINE_END);
            if (lineEnd < 0) {
                return event.writeBytes(LINE_END);
            }
            boolean both =
                    payload.getByte(lineEnd) == '\r' && lineEnd + 1 < end && payload.getByte(lineEnd + 1) == '\n';
            from = lineEnd + (both ? 2 : 1);
        }
    }
}
