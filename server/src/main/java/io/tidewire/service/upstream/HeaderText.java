package io.tidewire.service.upstream;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Values of headers that come from clients and tokens: whatever could end a header is percent-encoded. */
public final class HeaderText {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private HeaderText() {}

    /** Printable ASCII; blanks at either end would be lost on the way, so they are encoded as well. */
    public static String of(String value) {
        var text = new StringBuilder(value.length() + 16);
        for (int i = 0, c; i < value.length(); i += Character.charCount(c)) {
            c = value.codePointAt(i);
            boolean outer = i == 0 || i == value.length() - 1;
            if (c >= (outer ? '!' : ' ') && c <= '~') {
                text.append((char) c);
            } else {
                encode(text, c);
            }
        }
        return text.toString();
    }

    private static void encode(StringBuilder text, int codePoint) {
        for (byte b : Character.toString(codePoint).getBytes(StandardCharsets.UTF_8)) {
            HEX.toHexDigits(text.append('%'), b);
        }
    }
}
