package io.tidewire.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import org.junit.jupiter.api.Test;

class CompactTokenTest {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    /** What counts as canonical is what an encoder writes, whatever the part ends in. */
    @Test
    void onlyWhatAnEncoderWritesIsDecoded() {
        for (String begin : new String[] {"", "A", "AB", "ABC", "ABCD", "ABCDE", "ABCDEF"}) {
            for (char last : (ALPHABET + "=+/").toCharArray()) {
                String part = begin + last;
                byte[] decoded = CompactToken.decode(part);
                assertThat(decoded == null ? null : CompactToken.encode(decoded))
                        .as(part)
                        .isEqualTo(written(part) ? part : null);
            }
        }
        assertThat(CompactToken.decode("")).isEmpty();
        assertThat(CompactToken.decode("QQ==")).isNull();
        assertThat(CompactToken.decode("QUI=")).isNull();
    }

    private static boolean written(String part) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(part.getBytes(US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(part);
        } catch (IllegalArgumentException none) {
            return false;
        }
    }
}
