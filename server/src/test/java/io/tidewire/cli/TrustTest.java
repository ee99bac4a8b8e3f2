package io.tidewire.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.app.TestTidewire;
import io.tidewire.http.tls.TestCertificate;
import io.tidewire.http.tls.TlsSettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands say where a server's certificate cannot be trusted. */
class TrustTest {
    @TempDir
    Path directory;

    private TestTidewire server() {
        TlsSettings files = TestCertificate.one().writeTo(directory);
        return TestTidewire.with()
                .set("signalr.tls.certificate=" + files.certificate(), "signalr.tls.key=" + files.key())
                .start();
    }

    @Test
    void aPrivateAuthorityNeedsATrustStore() {
        var terminal = new Terminal();
        try (TestTidewire server = server()) {
            int code = terminal.run(
                    "client", "ann", "-h", "chat", "-c", server.signalr().connectionString(), "--timeout", "30s");

            assertThat(code).isEqualTo(ExitCode.FAILED);
            assertThat(terminal.err())
                    .isEqualTo("no answer from https://localhost:" + server.port()
                            + ": nobody vouches for its certificate;"
                            + " for a private authority set TIDEWIRE_JAVA_OPTS to"
                            + " '-Djavax.net.ssl.trustStore=<file> -Djavax.net.ssl.trustStorePassword=<password>'\n");
        }
    }

    @Test
    void anEmptyTrustStoreIsCalledSo() throws Exception {
        KeyStore empty = KeyStore.getInstance("PKCS12");
        empty.load(null, null);
        var trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(empty);
        var context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        try (TestTidewire server = server();
                HttpClient http = HttpClient.newBuilder().sslContext(context).build()) {
            URI url = server.signalr().url();
            Throwable thrown = Assertions.catchThrowable(
                    () -> http.send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.discarding()));

            assertThat(RestApi.reason(thrown)).startsWith("there is no certificate to read in the trust store; ");
        }
    }
}
