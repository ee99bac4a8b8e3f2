package io.tidewire.signalr.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.tidewire.hub.Frame;
import io.tidewire.transport.EncodedFrame;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Wire fixtures that can be read: hexadecimal bytes, 'text', and # comments to the end of the line. */
public final class WireText {
    private WireText() {}

    /** The bytes that a fixture stands for. */
    public static byte[] bytes(String fixture) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String line : fixture.split("\n", -1)) {
            int i = 0;
            while (i < line.length() && line.charAt(i) != '#') {
                if (line.charAt(i) == ' ') {
                    i++;
                } else if (line.charAt(i) == '\'') {
                    int close = line.indexOf('\'', i + 1);
                    out.writeBytes(line.substring(i + 1, close).getBytes(StandardCharsets.UTF_8));
                    i = close + 1;
                } else {
                    out.write(Integer.parseInt(line.substring(i, i + 2), 16));
                    i += 2;
                }
            }
        }
        return out.toByteArray();
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
