package io.tidewire.http.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateWatchTest {
    @TempDir
    Path directory;

    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger looks = new AtomicInteger();

    private final CertificateObserver observer = new CertificateObserver() {
        @Override
        public void taken(Instant end) {}

        @Override
        public void refused() {
            refused.incrementAndGet();
        }
    };

    /** Each look asks it whether the certificate has expired. */
    private final InstantSource clock = () -> {
        looks.incrementAndGet();
        return Instant.now();
    };

    @Test
    void filesThatStayUnusableAreComplainedOfOnce() {
        TlsSettings files = TestCertificate.one().writeTo(directory);
        try (Tls _ = new Tls("signalr.tls", files, observer, clock).watch(Duration.ofMillis(10))) {
            TestCertificate.write(files.certificate(), "broken");
            await().until(() -> refused.get() > 0);
            int before = looks.get();
            await().until(() -> looks.get() > before + 5);
            assertThat(refused).hasValue(1);
        }
    }
}
