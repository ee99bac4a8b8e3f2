package io.tidewire.http.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a certificate and its key may look like, and one line for each way in which they cannot be used (bad input B30). */
class IdentityTest {
    @TempDir
    Path directory;

    private TlsSettings files;

    @BeforeEach
    void goodFiles() {
        files = TestCertificate.one().writeTo(directory);
    }

    static Stream<TestCertificate> kinds() {
        return Stream.of(TestCertificate.one(), TestCertificate.rsa(), TestCertificate.ed25519());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void keysInPkcs8(TestCertificate kind) {
        kind.writeTo(directory);

        Identity identity = Identity.read("signalr.tls", files);

        assertThat(identity.chain()).containsExactly(kind.certificate());
        assertThat(identity.expires()).isEqualTo(kind.expires());
    }

    @Test
    void keysInTheFormsOfOlderTools() {
        for (TestCertificate kind : new TestCertificate[] {TestCertificate.rsa(), TestCertificate.one()}) {
            kind.writeTo(directory);
            TestCertificate.write(
                    files.key(),
                    "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
                            + kind.traditionalKeyPem());
            assertThat(kind.traditionalKeyPem())
                    .contains(kind.certificate().getPublicKey().getAlgorithm() + " PRIVATE");

            assertThat(Identity.read("signalr.tls", files).key().getEncoded())
                    .isEqualTo(Identity.read("signalr.tls", kind.writeTo(directory))
                            .key()
                            .getEncoded());
        }
    }

    @Test
    void aChainWithTextBetweenItsBlocks() {
        TestCertificate.write(
                files.certificate(),
                "subject=CN=one\n" + TestCertificate.one().certificatePem() + "\nissuer=a-b\r\n"
                        + TestCertificate.rsa().certificatePem().replace("\n", "\r\n"));

        assertThat(Identity.read("signalr.tls", files).chain())
                .containsExactly(
                        TestCertificate.one().certificate(),
                        TestCertificate.rsa().certificate());
    }

    @Test
    void aFileThatIsNotThere() throws IOException {
        Files.delete(files.certificate());
        refused("Cannot use " + files.certificate() + " (setting signalr.tls.certificate): there is no such file");
    }

    @Test
    void aDirectory() throws IOException {
        Files.delete(files.key());
        Files.createDirectory(files.key());
        refused("Cannot use " + files.key() + " (setting signalr.tls.key): it is a directory");
    }

    @Test
    void aFileOfSomethingElse() {
        certificateIs("hello", "there is no certificate in it");
        certificateIs(TestCertificate.one().keyPem(), "there is no certificate in it");
        certificateIs(TestCertificate.pem("CERTIFICATE", new byte[] {1, 2, 3}), "a certificate in it is broken");
        certificateIs("-----BEGIN CERTIFICATE-----\nA\n-----END CERTIFICATE-----\n", "a block is not base64");
        certificateIs("x".repeat(1024 * 1024 + 1), "it is larger than 1048576 bytes");
        keyIs(TestCertificate.one().certificatePem(), "there is no private key in it");
        keyIs(TestCertificate.one().keyPem() + TestCertificate.rsa().keyPem(), "there are several private keys in it");
        keyIs(
                TestCertificate.pem("PRIVATE KEY", new byte[] {1, 2, 3}),
                "it is broken, or no EC key, which its certificate asks for");
    }

    /** Also where the first certificate of a chain is there as a whole, and would do. */
    @Test
    void aFileThatIsBeingWritten() {
        String whole = TestCertificate.one().certificatePem();
        String more = TestCertificate.rsa().certificatePem();
        certificateIs(whole.substring(0, whole.length() - 10), "a block has no end; is the file complete?");
        certificateIs(whole + more.substring(0, 100), "a block has no end; is the file complete?");
        String key = TestCertificate.one().keyPem();
        keyIs(key.substring(0, key.length() / 2), "a block has no end; is the file complete?");
    }

    @Test
    void anEncryptedKey() {
        String hint = "the key is encrypted; take the password off with: openssl pkey -in <file> -out <new file>";
        keyIs(TestCertificate.pem("ENCRYPTED PRIVATE KEY", new byte[] {1, 2, 3}), hint);
        keyIs(
                "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n"
                        + Base64.getEncoder().encodeToString(new byte[] {1, 2, 3})
                        + "\n-----END RSA PRIVATE KEY-----\n",
                hint);
    }

    @Test
    void aKeyOfAnotherCertificate() {
        String why = "the key does not belong to the first certificate in " + files.certificate()
                + " (setting signalr.tls.certificate)";
        keyIs(TestCertificate.named("other").keyPem(), why);
        keyIs(TestCertificate.rsa().keyPem(), "it is broken, or no EC key, which its certificate asks for");
    }

    private void certificateIs(String text, String why) {
        TestCertificate.write(files.certificate(), text);
        refused("Cannot use " + files.certificate() + " (setting signalr.tls.certificate): " + why);
    }

    private void keyIs(String text, String why) {
        TestCertificate.one().writeTo(directory);
        TestCertificate.write(files.key(), text);
        refused("Cannot use " + files.key() + " (setting signalr.tls.key): " + why);
    }

    private void refused(String message) {
        assertThatThrownBy(() -> Identity.read("signalr.tls", files))
                .isInstanceOf(BadCertificate.class)
                .hasMessage(message);
    }
}
