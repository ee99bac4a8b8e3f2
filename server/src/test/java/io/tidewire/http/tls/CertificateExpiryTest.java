package io.tidewire.http.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidewire.observe.Warnings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operator is told that a certificate's time is over, once (bad input B30). */
class CertificateExpiryTest {
    @TempDir
    Path directory;

    private final TestCertificate certificate = TestCertificate.one();
    private final AtomicReference<Instant> now = new AtomicReference<>(certificate.expires());
    private final Warnings log = new Warnings(Tls.class);

    @AfterEach
    void listenNoMore() {
        log.close();
    }

    private List<String> warnings() {
        return log.lines();
    }

    private Tls tls() {
        return new Tls("signalr.tls", certificate.writeTo(directory), CertificateObserver.NONE, now::get);
    }

    @Test
    void atStart() {
        now.set(certificate.expires().plusSeconds(1));
        try (Tls _ = tls()) {
            assertThat(warnings())
                    .singleElement()
                    .asString()
                    .contains("setting signalr.tls.certificate", "has expired on " + certificate.expires());
        }
    }

    @Test
    void onceLaterOn() {
        try (Tls tls = tls()) {
            tls.tellExpiry();
            assertThat(warnings()).isEmpty();
            now.set(certificate.expires().plusSeconds(1));
            tls.tellExpiry();
            tls.tellExpiry();
            assertThat(warnings()).hasSize(1);
        }
    }

    @Test
    void whileTheFilesStayAsTheyAre() {
        try (Tls _ = tls().watch(Duration.ofMillis(20))) {
            now.set(certificate.expires().plusSeconds(1));
            await().until(() -> warnings().size() == 1);
        }
    }
}
