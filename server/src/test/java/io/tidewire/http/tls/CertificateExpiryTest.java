package io.tidewire.http.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** An operator is told that a certificate's time is over, once (bad input B30). */
class CertificateExpiryTest {
    @TempDir
    Path directory;

    private final TestCertificate certificate = TestCertificate.one();
    private final AtomicReference<Instant> now = new AtomicReference<>(certificate.expires());
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        logger().addAppender(log);
    }

    @AfterEach
    void listenNoMore() {
        logger().detachAppender(log);
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger(Tls.class);
    }

    private List<String> warnings() {
        return List.copyOf(log.list).stream()
                .filter(event -> event.getLevel().equals(Level.WARN))
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
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
