package io.tidewire.service.protocol;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Binary fixtures that can be read: hexadecimal bytes, 'text', and # comments to the end of the line. */
public final class HexText {
    private HexText() {}

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
}
