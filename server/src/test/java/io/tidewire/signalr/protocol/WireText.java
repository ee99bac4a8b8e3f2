package io.tidewire.signalr.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.tidewire.hub.Frame;
import io.tidewire.service.protocol.HexText;
import io.tidewire.service.protocol.VarInt;
import io.tidewire.transport.EncodedFrame;
import java.nio.charset.StandardCharsets;

/** Wire fixtures that can be read: {@link HexText} and JSON with its end. */
public final class WireText {
    private WireText() {}

    public static byte[] bytes(String fixture) {
        return HexText.bytes(fixture);
    }

    /** JSON as it travels: {@code ;} stands for 0x1E. */
    public static byte[] json(String text) {
        return text.replace(';', '\u001e').getBytes(StandardCharsets.UTF_8);
    }

    /** The bytes behind their length prefix. */
    public static byte[] prefixed(byte[] message) {
        ByteBuf buffer = Unpooled.buffer();
        VarInt.write(buffer, message.length);
        return ByteBufUtil.getBytes(buffer.writeBytes(message));
    }

    /** What the frame says, without the WebSocket header; releases the frame. */
    public static byte[] payload(Frame frame) {
        byte[] bytes = ByteBufUtil.getBytes(((EncodedFrame) frame).payload());
        frame.release();
        return bytes;
    }

    public static String jsonText(Frame frame) {
        return new String(payload(frame), StandardCharsets.UTF_8).replace('\u001e', ';');
    }

    public static String hex(byte[] bytes) {
        return ByteBufUtil.hexDump(bytes);
    }
}
