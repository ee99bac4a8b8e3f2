package io.tidewire.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidewire.auth.ConnectionString;
import io.tidewire.config.Profile;
import io.tidewire.config.Settings;
import io.tidewire.config.SettingsLoader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which services a server serves, and where (docs/decisions/0023). */
class ServicesTest {
    private static final List<String> OF_BOTH = List.of("signalr", "webpubsub");

    private static Settings only(String service) {
        return SettingsLoader.load(
                        Profile.SERVE,
                        Optional.empty(),
                        Map.of(),
                        List.of(
                                service + ".keys.primary=" + TestTidewire.KEY,
                                service + ".listen=127.0.0.1:0",
                                "admin.listen=127.0.0.1:0"))
                .settings();
    }

    @Test
    void aServiceIsServedWhenItHasAKey() {
        for (String name : OF_BOTH) {
            try (var server = Tidewire.start(only(name), "test")) {
                assertThat(server.services()).singleElement().satisfies(service -> {
                    assertThat(service.name()).isEqualTo(name);
                    assertThat(service.url().getPort()).isPositive();
                });
            }
        }
    }

    @Test
    void bothAreReadyOnPortsOfTheirOwn() {
        try (var server = TestTidewire.start()) {
            assertThat(server.server().services()).extracting(Service::name).isEqualTo(OF_BOTH);
            assertThat(server.webPubSub().url().getPort()).isNotEqualTo(server.port());
            assertThat(server.admin("/readyz").status()).isEqualTo(200);
        }
    }

    @Test
    void theConnectionStringNamesThePublicEndpoint() {
        try (var server = TestTidewire.start()) {
            var written = ConnectionString.parse(server.webPubSub().connectionString());
            assertThat(written.endpoint()).isEqualTo(server.webPubSub().url());
            assertThat(written.accessKey()).isEqualTo(TestTidewire.KEY);
            assertThat(written.port()).as("in the endpoint").isNull();
        }
        try (var server = TestTidewire.with()
                .set("webpubsub.publicEndpoint=https://ps.example.com")
                .start()) {
            assertThat(ConnectionString.parse(server.webPubSub().connectionString())
                            .endpoint())
                    .isEqualTo(URI.create("https://ps.example.com"));
            assertThat(server.webPubSub().listens())
                    .isEqualTo(server.webPubSub().url() + ", known as https://ps.example.com");
        }
    }

    /** Row B30; what was opened before is closed again. */
    @Test
    void aPortInUseIsNamedWithItsSetting() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            var settings = TestTidewire.with()
                    .set("webpubsub.listen=127.0.0.1:" + taken.getLocalPort())
                    .settings();
            assertThatThrownBy(() -> Tidewire.start(settings, "test"))
                    .isInstanceOf(StartFailed.class)
                    .hasMessageContaining("webpubsub.listen")
                    .hasMessageContaining("Address already in use");
        }
    }
}
