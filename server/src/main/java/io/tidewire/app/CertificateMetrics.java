package io.tidewire.app;

import io.tidewire.http.tls.CertificateObserver;
import io.tidewire.observe.Metrics;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Joins a certificate to the metrics, which do not know each other. */
final class CertificateMetrics implements CertificateObserver {
    private final AtomicLong expires = new AtomicLong();
    private final LongAdder refused;

    CertificateMetrics(String section, Metrics metrics) {
        metrics.certificateExpiry(section, expires);
        this.refused = metrics.certificatesRefused(section);
    }

    @Override
    public void taken(Instant end) {
        expires.set(end.getEpochSecond());
    }

    @Override
    public void refused() {
        refused.increment();
    }
}
