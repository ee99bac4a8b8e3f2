package io.tidewire.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.config.type.Nearest;
import java.util.HashSet;
import org.junit.jupiter.api.Test;

class CatalogueTest {
    @Test
    void theReferenceHasEverySetting() {
        String reference = Catalogue.reference();

        for (Setting<?> setting : Catalogue.all()) {
            assertThat(reference)
                    .containsOnlyOnce("| `" + setting.key() + "` | `" + setting.environmentName() + "` |")
                    .contains(setting.doc());
        }
        for (EnvironmentSource.Other other : EnvironmentSource.OTHERS) {
            assertThat(reference).contains("`" + other.name() + "`");
        }
        assertThat(reference)
                .contains("| `http.maxBodyBytes` | `TIDEWIRE_HTTP_MAX_BODY_BYTES` | size | 1MiB |"
                        + " Longest request body; over it 413. |\n")
                .contains("| `auth.audience` | `TIDEWIRE_AUTH_AUDIENCE` | strict \\| lenient \\| off |"
                        + " dev: off; serve: lenient |")
                .contains("| dev: the well-known key; serve: none |")
                .doesNotContain("ABCDEFGH");
    }

    @Test
    void namesAreUniqueAndDocsAreSentences() {
        var names = new HashSet<String>();
        for (Setting<?> setting : Catalogue.all()) {
            assertThat(names.add(setting.key())).as(setting.key()).isTrue();
            assertThat(names.add(setting.environmentName())).as(setting.key()).isTrue();
            assertThat(Catalogue.isSection(setting.key())).as(setting.key()).isFalse();
            assertThat(setting.doc()).as(setting.key()).endsWith(".").doesNotContain("\n");
        }
    }

    @Test
    void environmentNames() {
        assertThat(Catalogue.SIGNALR_KEYS_PRIMARY.environmentName()).isEqualTo("TIDEWIRE_SIGNALR_KEYS_PRIMARY");
        assertThat(Catalogue.SIGNALR_CLIENT_HANDSHAKE_TIMEOUT.environmentName())
                .isEqualTo("TIDEWIRE_SIGNALR_CLIENT_HANDSHAKE_TIMEOUT");
        assertThat(Catalogue.SHUTDOWN_TIMEOUT.environmentName()).isEqualTo("TIDEWIRE_SHUTDOWN_TIMEOUT");
    }

    @Test
    void typingMistakes() {
        assertThat(Nearest.distance("", "abc")).isEqualTo(3);
        assertThat(Nearest.distance("listen", "listen")).isZero();
        assertThat(Nearest.distance("lisen", "listen")).isEqualTo(1);
        assertThat(Nearest.distance("lsiten", "listen")).isEqualTo(1);
        assertThat(Nearest.distance("kitten", "sitting")).isEqualTo(3);
        assertThat(Catalogue.nearest("signalr.handshakeTimeout")).isEqualTo("signalr.client.handshakeTimeout");
        assertThat(Catalogue.nearest("signalr.kesy")).isEqualTo("signalr.keys");
        assertThat(Catalogue.nearest("cluster.redis")).isNull();
    }
}
