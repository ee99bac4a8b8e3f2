package io.tidewire.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;

/** The control frames a server sends (RFC 6455, 5.5), whole: unmasked header and payload. */
final class ControlFrames {
    /** "No code was there" (7.4.1): never sent, stands for a close frame without payload. */
    static final int NO_CODE = 1005;

    private static final int FIN_CLOSE = 0x88;
    private static final int FIN_PING = 0x89;
    private static final int FIN_PONG = 0x8A;
    private static final int MAX_PAYLOAD = 125;
    private static final int MAX_REASON = MAX_PAYLOAD - Short.BYTES;

    private ControlFrames() {}

    /** Repeats the payload of a ping; borrowed, at most 125 bytes. */
    static ByteBuf pong(ByteBufAllocator allocator, ByteBuf ping) {
        int length = ping.readableBytes();
        return allocator
                .buffer(2 + length)
                .writeByte(FIN_PONG)
                .writeByte(length)
                .writeBytes(ping, ping.readerIndex(), length);
    }

    /** Without payload: there is never more than one question open. */
    static ByteBuf ping(ByteBufAllocator allocator) {
        return allocator.buffer(2).writeByte(FIN_PING).writeByte(0);
    }

    static ByteBuf close(ByteBufAllocator allocator, WireClose close) {
        if (close.code() == NO_CODE) {
            return allocator.buffer(2).writeByte(FIN_CLOSE).writeByte(0);
        }
        byte[] reason = close.reason().getBytes(StandardCharsets.UTF_8);
        int length = whole(reason);
        return allocator
                .buffer(4 + length)
                .writeByte(FIN_CLOSE)
                .writeByte(Short.BYTES + length)
                .writeShort(close.code())
                .writeBytes(reason, 0, length);
    }

    /** What the peer's close frame says; its code is {@link #NO_CODE} when it is empty. */
    static WireClose parseClose(ByteBuf payload) {
        if (!payload.isReadable()) {
            return new WireClose(NO_CODE, "");
        }
        int at = payload.readerIndex();
        byte[] reason = ByteBufUtil.getBytes(payload, at + Short.BYTES, payload.readableBytes() - Short.BYTES);
        return new WireClose(payload.getUnsignedShort(at), new String(reason, StandardCharsets.UTF_8));
    }

    /** Codes a peer may send: those defined or registered, and those for libraries and applications (7.4.2). */
    static boolean mayBeSent(int code) {
        return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
    }

    /** Bytes of the reason that fit, not cutting a character in two. */
    private static int whole(byte[] reason) {
        int length = Math.min(reason.length, MAX_REASON);
        while (length < reason.length && length > 0 && (reason[length] & 0xC0) == 0x80) {
            length--;
        }
        return length;
    }
}
