package io.tidewire.http.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS for the listeners of one service: makes the handler of each connection, with the certificate that is in the files now. A renewed one
 * is taken up by new handshakes; connections that are there keep what they have.
 */
public final class Tls implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Tls.class);

    /** Authenticated encryption with a key that is thrown away afterwards, and nothing else; also what HTTP/2 asks for (RFC 9113, 9.2.2). */
    private static final List<String> CIPHERS = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    /** The peer is told of the end, but a peer that reads nothing must not hold a socket that is to be closed. */
    private static final Duration FAREWELL = Duration.ofSeconds(1);

    static {
        // In TLS 1.2 a client could otherwise ask for one handshake after the other on a connection that it has.
        System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
    }

    private final String section;
    private final TlsSettings files;
    private final CertificateObserver observer;
    private final InstantSource clock;
    private final ExecutorService handshakes;
    /** Written by the constructor, then by the watch alone. */
    private volatile Certified now;

    private volatile @Nullable CertificateWatch watch;
    /** The end of the last certificate whose expiry was told. The constructor, then the watch alone. */
    private Instant told = Instant.MIN;

    /** The certificate in use, ready for handshakes. */
    private record Certified(SslContext context, Instant expires) {}

    /**
     * Reads the files.
     *
     * @param section of the settings, for messages: {@code signalr.tls}
     * @throws BadCertificate when they cannot be used
     */
    public Tls(String section, TlsSettings files, CertificateObserver observer, InstantSource clock) {
        this.section = section;
        this.files = files;
        this.observer = observer;
        this.clock = clock;
        this.now = read();
        this.handshakes = handshakeThreads();
        tellExpiry();
    }

    /**
     * Reads the files as a start would.
     *
     * @throws BadCertificate when they cannot be used
     */
    public static void check(String section, TlsSettings files) {
        Identity.read(section, files);
    }

    /** Looks at the files from now on, so often. */
    public Tls watch(Duration interval) {
        watch = new CertificateWatch(this, observer, interval);
        return this;
    }

    /** For one connection. */
    public SslHandler newHandler(ByteBufAllocator allocator, Duration handshakeTimeout) {
        SslHandler handler = now.context().newHandler(allocator, handshakes);
        handler.setHandshakeTimeoutMillis(handshakeTimeout.toMillis());
        handler.setCloseNotifyFlushTimeoutMillis(FAREWELL.toMillis());
        return handler;
    }

    @Override
    public void close() {
        CertificateWatch watching = watch;
        if (watching != null) {
            watching.close();
        }
        handshakes.shutdownNow();
    }

    /**
     * Takes up what is in the files now.
     *
     * @throws BadCertificate when they cannot be used; then everything stays as it is
     */
    void renew() {
        now = read();
    }

    /** Says once of each certificate that its time is over. Handshakes go on: whether to accept it is for the clients to decide. */
    void tellExpiry() {
        Instant expires = now.expires();
        if (!expires.equals(told) && expires.isBefore(clock.instant())) {
            told = expires;
            LOG.warn(
                    "The certificate in {} (setting {}.certificate) has expired on {}: clients will refuse it",
                    files.certificate(),
                    section,
                    expires);
        }
    }

    /** The files to look at. */
    List<Path> paths() {
        return List.of(files.certificate(), files.key());
    }

    private Certified read() {
        Identity identity = Identity.read(section, files);
        var read = new Certified(context(identity), identity.expires());
        observer.taken(read.expires());
        LOG.info(
                "New handshakes use the certificate in {} (setting {}.certificate), valid until {}",
                files.certificate(),
                section,
                read.expires());
        return read;
    }

    private SslContext context(Identity identity) {
        try {
            return SslContextBuilder.forServer(identity.key(), identity.chain())
                    .sslProvider(SslProvider.JDK)
                    .protocols("TLSv1.3", "TLSv1.2")
                    .ciphers(CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                    .applicationProtocolConfig(new ApplicationProtocolConfig(
                            Protocol.ALPN,
                            SelectorFailureBehavior.NO_ADVERTISE,
                            SelectedListenerFailureBehavior.ACCEPT,
                            ApplicationProtocolNames.HTTP_2,
                            ApplicationProtocolNames.HTTP_1_1))
                    .build();
        } catch (SSLException | IllegalArgumentException unusable) {
            throw new BadCertificate("Cannot use " + files.certificate() + " (setting " + section + ".certificate): "
                    + unusable.getMessage());
        }
    }

    /** A handshake costs about a millisecond of signing: time that an event loop owes to everybody else. */
    private static ExecutorService handshakeThreads() {
        var number = new AtomicInteger();
        int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        return Executors.newFixedThreadPool(
                threads,
                task -> Thread.ofPlatform()
                        .daemon()
                        .name("tidewire-tls-" + number.incrementAndGet())
                        .unstarted(task));
    }
}
