package io.tidewire.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionStringTest {
    private static final String KEY = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789ABCDEFGH";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Endpoint=https://name.service.signalr.net;AccessKey=" + KEY + ";Version=1.0;",
                "Endpoint=http://localhost;Port=8888;AccessKey=" + KEY + ";Version=1.0;",
                "Endpoint=http://localhost:8080;AccessKey=" + KEY + ";Version=1.0;",
                "Endpoint=https://host;AuthType=aad;Version=1.0;",
                "Endpoint=https://host;AuthType=azure;Version=1.0;",
                "Endpoint=https://host;AuthType=azure.msi;Version=1.0;",
                "Endpoint=https://host;AuthType=azure.msi;ClientId=me;Version=1.0;",
                "Endpoint=https://host;AuthType=azure.app;ClientId=me;TenantId=us;ClientSecret=s=s;Version=1.0;",
                "Endpoint=https://host;AuthType=azure.app;ClientId=me;TenantId=us;ClientCert=/c.pem;Version=1.0;",
                "Endpoint=https://h;AccessKey=" + KEY
                        + ";Version=1.0;ClientEndpoint=https://proxy/rt;ServerEndpoint=http://inner:99;",
            })
    void everyFormIsReadAndPrintedAgain(String text) {
        assertThat(ConnectionString.parse(text).print()).isEqualTo(text);
    }

    @Test
    void keysIgnoreCaseAndBlanksAndUnknownOnesAreSkipped() {
        ConnectionString parsed = ConnectionString.parse(
                " ENDPOINT = https://host/ ;; ;accesskey= a=b== ;nonsense; Foo=bar ;AuthType=other;vErsion=1.2-preview.3 ");

        assertThat(parsed.endpoint()).isEqualTo(URI.create("https://host"));
        assertThat(parsed.accessKey()).isEqualTo("a=b==");
        assertThat(parsed.version()).isEqualTo("1.2-preview.3");
    }

    @Test
    void theCertificateGoesByTwoNames() {
        ConnectionString parsed = ConnectionString.parse(
                "Endpoint=https://h;AuthType=AZURE.APP;ClientId=me;TenantId=us;ClientCertPath=/c.pem");

        assertThat(parsed.credential())
                .isEqualTo(new Credential.Entra(Credential.AuthType.AZURE_APP, "me", "us", null, "/c.pem"));
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost, 8888, http://localhost:8888",
        "http://localhost:80, 8888, http://localhost:8888",
        "https://h/base/, 1, https://h:1/base",
        "'http://[::1]:5', 65535, 'http://[::1]:65535'",
    })
    void portReplacesThatOfTheEndpoint(String endpoint, String port, String expected) {
        ConnectionString parsed = ConnectionString.parse("Endpoint=" + endpoint + ";Port=" + port + ";AccessKey=k");

        assertThat(parsed.endpoint()).isEqualTo(URI.create(expected));
    }

    @Test
    void clientAndServerEndpointsStandInForTheEndpointButNotInAudiences() {
        ConnectionString plain = ConnectionString.parse("Endpoint=http://h;Port=8888;AccessKey=k");
        ConnectionString proxied = ConnectionString.parse(
                "Endpoint=http://h;Port=8888;AccessKey=k;ClientEndpoint=https://c:1/;ServerEndpoint=https://s/x/");

        assertThat(plain.clientEndpoint()).isEqualTo(URI.create("http://h:8888"));
        assertThat(plain.serverEndpoint()).isEqualTo(URI.create("http://h:8888"));
        assertThat(proxied.clientEndpoint()).isEqualTo(URI.create("https://c:1"));
        assertThat(proxied.serverEndpoint()).isEqualTo(URI.create("https://s/x"));
        assertThat(plain.audienceBase()).isEqualTo("http://h/");
        assertThat(proxied.audienceBase()).isEqualTo("http://h/");
        assertThat(ConnectionString.parse("Endpoint=http://[::1]:8080;AccessKey=k")
                        .audienceBase())
                .isEqualTo("http://[::1]/");
    }

    @Test
    void aServerPrintsItsOwn() {
        URI endpoint = URI.create("http://localhost:8888/");

        assertThat(ConnectionString.ofSignalR(endpoint, KEY).print())
                .isEqualTo("Endpoint=http://localhost;Port=8888;AccessKey=" + KEY + ";Version=1.0;");
        for (String usual : new String[] {"https://h", "https://h:443"}) {
            assertThat(ConnectionString.ofSignalR(URI.create(usual), KEY).print())
                    .isEqualTo("Endpoint=https://h;AccessKey=" + KEY + ";Version=1.0;");
        }
        assertThat(ConnectionString.ofWebPubSub(endpoint, KEY).print())
                .isEqualTo("Endpoint=http://localhost:8888;AccessKey=" + KEY + ";Version=1.0;");
        assertThatThrownBy(() -> ConnectionString.ofSignalR(URI.create("localhost"), KEY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("http://host");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                             | at least an Endpoint and an AccessKey",
                "Endpoint=https://h                             | at least an Endpoint and an AccessKey",
                "AccessKey=SECRET;Version=1.0                   | no Endpoint",
                "Endpoint=;AccessKey=SECRET                     | no Endpoint",
                "Endpoint=https://h;Version=1.0                 | no AccessKey",
                "Endpoint=https://h;AccessKey= ;Version=1.0     | no AccessKey",
                "Endpoint=https://h;AccessKey=SECRET;accesskey=SECRET | accesskey twice",
                "Endpoint=https://h;AccessKey=SECRET;SECRET=1;SECRET=2 | a property twice",
                "Endpoint=SECRET;AccessKey=SECRET               | Endpoint must be http://host",
                "Endpoint=h:80;AccessKey=SECRET                 | Endpoint must be http://host",
                "Endpoint=ftp://h;AccessKey=SECRET              | Endpoint must be http://host",
                "Endpoint=https://;AccessKey=SECRET             | Endpoint must be http://host",
                "Endpoint=https://SECRET@h;AccessKey=SECRET     | Endpoint must be http://host",
                "Endpoint=https://h?SECRET;AccessKey=SECRET     | Endpoint must be http://host",
                "Endpoint=https://h:0;AccessKey=SECRET          | Endpoint must be http://host",
                "Endpoint=https://h:65536;AccessKey=SECRET      | Endpoint must be http://host",
                "Endpoint=https://SECR ET;AccessKey=SECRET      | Endpoint must be http://host",
                "Endpoint=https://h;AccessKey=SECRET;ClientEndpoint=x | ClientEndpoint must be http://host",
                "Endpoint=https://h;AccessKey=SECRET;ServerEndpoint=x | ServerEndpoint must be http://host",
                "Endpoint=https://h;AccessKey=SECRET;Port=0     | Port must be a number from 1 to 65535",
                "Endpoint=https://h;AccessKey=SECRET;Port=65536 | Port must be a number from 1 to 65535",
                "Endpoint=https://h;AccessKey=SECRET;Port=+80   | Port must be a number from 1 to 65535",
                "Endpoint=https://h;AccessKey=SECRET;Port=99999999999 | Port must be a number from 1 to 65535",
                "Endpoint=https://h;AccessKey=SECRET;Version=2.0 | Version 2.0 is not supported",
                "Endpoint=https://h;AccessKey=SECRET;Version=1. | Version 1. is not supported",
                "Endpoint=https://h;AccessKey=SECRET;Version=1.0+ | Version 1.0+ is not supported",
                "Endpoint=https://h;AccessKey=SECRET;Version=SECRETSECRETSECRET | Version given is not supported",
                "Endpoint=https://h;AuthType=azure.app;ClientId=a;TenantId=b | azure.app needs ClientId, TenantId",
                "Endpoint=https://h;AuthType=azure.app;ClientId=a;ClientSecret=SECRET | azure.app needs ClientId",
            })
    void errorsSayWhatIsWrongAndWhatIsExpectedAndNeverTheKey(String text, String message) {
        assertThatThrownBy(() -> ConnectionString.parse(text))
                .isInstanceOf(InvalidConnectionString.class)
                .hasNoCause()
                .hasMessageContaining(message)
                .hasMessageContaining("Expected: Endpoint=https://<host>;AccessKey=<key>;Version=1.0;")
                .message()
                .doesNotContain("SECRET");
    }

    @Test
    void entraHasNoKeyToSignWith() {
        ConnectionString entra = ConnectionString.parse("Endpoint=https://h;AuthType=azure");

        assertThatThrownBy(entra::accessKey)
                .isInstanceOf(InvalidConnectionString.class)
                .hasMessageContaining("AuthType=azure");
    }

    @Test
    void keysAndSecretsAreNotPrinted() {
        ConnectionString withKey = ConnectionString.parse("Endpoint=http://h;Port=8888;AccessKey=SECRET;Version=1.0");
        ConnectionString entra = ConnectionString.parse(
                "Endpoint=https://h;AuthType=azure.app;ClientId=me;TenantId=us;ClientSecret=SECRET");

        assertThat(withKey).hasToString("Endpoint=http://h;Port=8888;AccessKey=***;Version=1.0;");
        assertThat(withKey.credential().toString()).doesNotContain("SECRET");
        assertThat(entra.toString()).contains("ClientSecret=***").doesNotContain("SECRET");
        assertThat(entra.print()).contains("ClientSecret=SECRET");
    }
}
