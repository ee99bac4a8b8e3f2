package io.tidewire.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessKeysTest {
    private static final byte[] DATA = "data".getBytes(UTF_8);

    private final AccessKeys keys = Fixtures.keys();

    @ParameterizedTest
    @EnumSource
    void bothKeysAreValidAndBothAreAlwaysTried(HmacAlgorithm algorithm) {
        byte[] primary = Fixtures.hmac(algorithm.jcaName(), Fixtures.PRIMARY.getBytes(UTF_8), DATA);
        byte[] secondary = Fixtures.hmac(algorithm.jcaName(), Fixtures.SECONDARY.getBytes(UTF_8), DATA);
        byte[] stranger = Fixtures.hmac(algorithm.jcaName(), Fixtures.STRANGER.getBytes(UTF_8), DATA);

        assertThat(keys.verify(algorithm, DATA, primary)).isTrue();
        assertThat(keys.macs())
                .as("the second key is tried although the first matched")
                .isEqualTo(2);
        assertThat(keys.verify(algorithm, DATA, secondary)).isTrue();
        assertThat(keys.macs()).isEqualTo(4);
        assertThat(keys.verify(algorithm, DATA, stranger)).isFalse();
        assertThat(keys.macs()).isEqualTo(6);
        assertThat(keys.sign(algorithm, DATA)).isEqualTo(primary);
        assertThat(keys.signWithEach(algorithm, DATA)).containsExactly(primary, secondary);
    }

    @Test
    void oneKeyIsEnough() {
        AccessKeys single = new AccessKeys("signalr.keys", new KeySettings(Fixtures.PRIMARY, null));

        assertThat(single.signWithEach(HmacAlgorithm.HS256, DATA)).hasSize(1);
        assertThat(single.verify(HmacAlgorithm.HS256, DATA, new byte[0])).isFalse();
        assertThat(single.verify(HmacAlgorithm.HS256, DATA, single.sign(HmacAlgorithm.HS256, DATA)))
                .isTrue();
    }

    @Test
    void aReplacedKeyIsValidNoLonger() {
        byte[] old = keys.sign(HmacAlgorithm.HS256, DATA);

        keys.replace(new KeySettings(Fixtures.STRANGER, Fixtures.SECONDARY));

        assertThat(keys.verify(HmacAlgorithm.HS256, DATA, old)).isFalse();
        assertThat(keys.verify(HmacAlgorithm.HS256, DATA, keys.sign(HmacAlgorithm.HS256, DATA)))
                .isTrue();
    }

    @Test
    void aKeyIsMeasuredInBytes() {
        assertThat(new AccessKeys("signalr.keys", new KeySettings("ü".repeat(16), null)).toString())
                .isEqualTo("AccessKeys[signalr.keys, 1]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "short", "1234567890123456789012345678901"})
    void aShortKeyIsRefusedByTheNameOfItsSetting(String key) {
        assertThatThrownBy(() -> new AccessKeys("webpubsub.keys", new KeySettings(Fixtures.PRIMARY, key)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("webpubsub.keys.secondary has " + key.length() + " bytes; an access key needs at least 32");
        assertThatThrownBy(() -> keys.replace(new KeySettings(key, null)))
                .hasMessageStartingWith("signalr.keys.primary has");
    }

    @ParameterizedTest
    @ValueSource(strings = {";", " ", "\n", "\u0000\u0000"})
    void aKeyThatNoConnectionStringCanCarryIsRefused(String end) {
        assertThatThrownBy(() -> new AccessKeys("signalr.keys", new KeySettings(Fixtures.PRIMARY + end, null)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("signalr.keys.primary")
                .message()
                .doesNotContain(Fixtures.PRIMARY);
    }

    @Test
    void keysAreNotPrinted() {
        assertThat(keys).hasToString("AccessKeys[signalr.keys, 2]");
        assertThat(new KeySettings(Fixtures.PRIMARY, Fixtures.SECONDARY).toString())
                .doesNotContain(Fixtures.PRIMARY)
                .doesNotContain(Fixtures.SECONDARY);
    }
}
