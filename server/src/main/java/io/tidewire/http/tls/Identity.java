package io.tidewire.http.tls;

import io.tidewire.http.tls.PemFile.Block;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What a listener shows and proves in a handshake: a certificate with those that vouch for it, and the key that belongs to it. */
record Identity(PrivateKey key, List<X509Certificate> chain) {
    /**
     * Reads both files as one pair.
     *
     * @param section of the settings, for example {@code signalr.tls}
     * @throws BadCertificate when they are none
     */
    static Identity read(String section, TlsSettings files) {
        var certificateFile = new PemFile(section + ".certificate", files.certificate());
        var keyFile = new PemFile(section + ".key", files.key());
        List<X509Certificate> chain = chain(certificateFile);
        PublicKey publicKey = chain.getFirst().getPublicKey();
        PrivateKey key = PrivateKeys.read(keyFile, publicKey);
        if (!belong(key, publicKey)) {
            throw keyFile.bad("the key does not belong to the first certificate in " + files.certificate()
                    + " (setting " + certificateFile.setting() + ")");
        }
        return new Identity(key, chain);
    }

    X509Certificate certificate() {
        return chain.getFirst();
    }

    Instant expires() {
        return certificate().getNotAfter().toInstant();
    }

    private static List<X509Certificate> chain(PemFile file) {
        var chain = new ArrayList<X509Certificate>();
        for (Block block : file.blocks()) {
            if (block.label().equals("CERTIFICATE")) {
                chain.add(certificate(file, block));
            }
        }
        if (chain.isEmpty()) {
            throw file.bad("there is no certificate in it");
        }
        return List.copyOf(chain);
    }

    private static X509Certificate certificate(PemFile file, Block block) {
        try {
            var bytes = new ByteArrayInputStream(file.decode(block));
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(bytes);
        } catch (CertificateException broken) {
            throw file.bad("a certificate in it is broken");
        }
    }

    /** Whether what one of them signs is what the other one knows. */
    private static boolean belong(PrivateKey key, PublicKey publicKey) {
        byte[] text = {'t', 'i', 'd', 'e'};
        String algorithm = switch (publicKey.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> publicKey.getAlgorithm();
        };
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(text);
            byte[] signed = signature.sign();
            signature.initVerify(publicKey);
            signature.update(text);
            return signature.verify(signed);
        } catch (GeneralSecurityException differ) {
            return false;
        }
    }
}
