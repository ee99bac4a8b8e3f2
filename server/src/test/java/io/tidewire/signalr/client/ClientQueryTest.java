package io.tidewire.signalr.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ClientQueryTest {
    @Test
    void isKeptAsItWasSentWithoutTokenAndId() {
        assertThat(ClientQuery.withoutSecrets("hub=chat&id=abc&a=%20b&access_token=x.y.z&c"))
                .isEqualTo("hub=chat&a=%20b&c");
    }

    @Test
    void secretsAreFoundInAnySpelling() {
        assertThat(ClientQuery.withoutSecrets("%61ccess_token=x&ID=y&hub=chat&Access_Token=z"))
                .isEqualTo("hub=chat");
    }

    @Test
    void whatCannotBeReadMayBeOne() {
        assertThat(ClientQuery.withoutSecrets("hub=chat&%zz=x")).isEqualTo("hub=chat");
    }
}
