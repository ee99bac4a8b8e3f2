package io.tidewire.http.tls;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** A self-signed certificate for localhost with its key, made by the JDK's keytool; and clients that trust it. */
public final class TestCertificate {
    private static final Map<String, TestCertificate> MADE = new ConcurrentHashMap<>();
    private static final String PASSWORD = "password";

    private final X509Certificate certificate;
    private final PrivateKey key;

    private TestCertificate(X509Certificate certificate, PrivateKey key) {
        this.certificate = certificate;
        this.key = key;
    }

    /** The usual one. */
    public static TestCertificate one() {
        return named("one");
    }

    /** Another of each name; made once for all tests. */
    public static TestCertificate named(String name) {
        return MADE.computeIfAbsent(name, it -> make(it, "EC", "-startdate", "-1d", "-validity", "30"));
    }

    public static TestCertificate rsa() {
        return MADE.computeIfAbsent("rsa", it -> make(it, "RSA", "-validity", "30"));
    }

    public static TestCertificate ed25519() {
        return MADE.computeIfAbsent("ed", it -> make(it, "Ed25519", "-validity", "30"));
    }

    public static TestCertificate expired() {
        return MADE.computeIfAbsent("expired", it -> make(it, "EC", "-startdate", "-10d", "-validity", "1"));
    }

    private static TestCertificate make(String name, String algorithm, String... options) {
        try {
            Path directory = Files.createTempDirectory("tidewire-certificate");
            Path store = directory.resolve("store.p12");
            Path log = directory.resolve("log");
            var command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-alias",
                    name,
                    "-keyalg",
                    algorithm,
                    "-dname",
                    "CN=" + name,
                    "-ext",
                    "SAN=dns:localhost,ip:127.0.0.1,ip:::1",
                    "-keystore",
                    store.toString(),
                    "-storepass",
                    PASSWORD));
            command.addAll(List.of(options));
            Process keytool = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            if (!keytool.waitFor(30, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
                throw new AssertionError("keytool failed: " + Files.readString(log));
            }
            KeyStore read = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(store)) {
                read.load(in, PASSWORD.toCharArray());
            }
            Files.delete(store);
            Files.delete(log);
            Files.delete(directory);
            return new TestCertificate((X509Certificate) read.getCertificate(name), (PrivateKey)
                    read.getKey(name, PASSWORD.toCharArray()));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (GeneralSecurityException failed) {
            throw new IllegalStateException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    public X509Certificate certificate() {
        return certificate;
    }

    public Instant expires() {
        return certificate.getNotAfter().toInstant();
    }

    public String certificatePem() {
        return pem("CERTIFICATE", encoded());
    }

    /** PKCS#8. */
    public String keyPem() {
        return pem("PRIVATE KEY", key.getEncoded());
    }

    /** The form that older tools write: {@code RSA PRIVATE KEY} or {@code EC PRIVATE KEY}. */
    public String traditionalKeyPem() {
        byte[] der = key.getEncoded();
        int at = content(der, 0);
        for (int i = 0; i < 2; i++) {
            // Over the version and the algorithm, each of which is short.
            at += 2 + der[at + 1];
        }
        return pem(key.getAlgorithm() + " PRIVATE KEY", Arrays.copyOfRange(der, content(der, at), der.length));
    }

    private static int content(byte[] der, int at) {
        int length = der[at + 1];
        return at + 2 + (length < 0 ? length & 0x7F : 0);
    }

    static String pem(String label, byte[] der) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
    }

    private byte[] encoded() {
        try {
            return certificate.getEncoded();
        } catch (GeneralSecurityException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** Writes both files into the directory; what was there before is replaced. */
    public TlsSettings writeTo(Path directory) {
        var files = new TlsSettings(directory.resolve("cert.pem"), directory.resolve("key.pem"));
        write(files.certificate(), certificatePem());
        write(files.key(), keyPem());
        return files;
    }

    public static void write(Path file, String text) {
        try {
            Files.writeString(file, text, StandardCharsets.US_ASCII);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** For clients that trust this certificate and no other. */
    public SSLContext trust() {
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("server", certificate);
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** A socket after its handshake; reads wait at most ten seconds. */
    public SSLSocket connect(InetSocketAddress address, String... protocols) {
        return connect(address, 0, protocols);
    }

    /** With ALPN: these protocols are offered. */
    public SSLSocket offering(InetSocketAddress address, String... protocols) {
        return connect(address, 0, socket -> {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(protocols);
            socket.setSSLParameters(parameters);
        });
    }

    /** With a receive buffer of that size; 0 leaves it alone. */
    public SSLSocket connect(InetSocketAddress address, int receiveBuffer, String... protocols) {
        return connect(address, receiveBuffer, socket -> {
            if (protocols.length > 0) {
                socket.setEnabledProtocols(protocols);
            }
        });
    }

    private SSLSocket connect(InetSocketAddress address, int receiveBuffer, Consumer<SSLSocket> prepare) {
        try {
            Socket socket = new Socket();
            if (receiveBuffer > 0) {
                socket.setReceiveBufferSize(receiveBuffer);
            }
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(10_000);
            socket.connect(address, 10_000);
            var secured =
                    (SSLSocket) trust().getSocketFactory().createSocket(socket, "localhost", address.getPort(), true);
            prepare.accept(secured);
            secured.startHandshake();
            return secured;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
