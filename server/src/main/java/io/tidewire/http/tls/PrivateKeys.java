package io.tidewire.http.tls;

import io.tidewire.http.tls.PemFile.Block;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.List;

/** Reads the private key that belongs to a public one, in each of the three forms that tools write. */
final class PrivateKeys {
    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;
    private static final byte[] VERSION_0 = {0x02, 1, 0};

    private PrivateKeys() {}

    static PrivateKey read(PemFile file, PublicKey publicKey) {
        List<Block> blocks = file.blocks().stream()
                .filter(block -> block.label().endsWith("PRIVATE KEY"))
                .toList();
        if (blocks.size() != 1) {
            throw file.bad(blocks.isEmpty() ? "there is no private key in it" : "there are several private keys in it");
        }
        Block block = blocks.getFirst();
        if (block.label().equals("ENCRYPTED PRIVATE KEY") || block.hasHeaders()) {
            throw file.bad("the key is encrypted; take the password off with: openssl pkey -in <file> -out <new file>");
        }
        byte[] der = file.decode(block);
        byte[] pkcs8 = block.label().equals("PRIVATE KEY") ? der : wrapped(publicKey, der);
        try {
            return KeyFactory.getInstance(publicKey.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException broken) {
            throw file.bad("it is broken, or no " + publicKey.getAlgorithm() + " key, which its certificate asks for");
        }
    }

    /**
     * The older forms, {@code RSA PRIVATE KEY} (PKCS#1) and {@code EC PRIVATE KEY} (SEC 1), are what a PKCS#8 key carries inside (RFC
     * 5208), next to the name of its algorithm; that one is the same as in the public key.
     */
    private static byte[] wrapped(PublicKey publicKey, byte[] key) {
        byte[] named = publicKey.getEncoded();
        int from = contentOf(named, 0);
        byte[] algorithm = Arrays.copyOfRange(named, from, endOf(named, from));
        var content = new ByteArrayOutputStream();
        content.writeBytes(VERSION_0);
        content.writeBytes(algorithm);
        content.writeBytes(der(OCTET_STRING, key));
        return der(SEQUENCE, content.toByteArray());
    }

    /** One element in DER, of any length that a key has. */
    private static byte[] der(int tag, byte[] content) {
        var out = new ByteArrayOutputStream();
        out.write(tag);
        int length = content.length;
        if (length < 0x80) {
            out.write(length);
        } else if (length < 0x100) {
            out.writeBytes(new byte[] {(byte) 0x81, (byte) length});
        } else {
            out.writeBytes(new byte[] {(byte) 0x83, (byte) (length >> 16), (byte) (length >> 8), (byte) length});
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    /** Where the content of the element at this place begins. What is looked at is the JDK's own encoding, never the file. */
    private static int contentOf(byte[] der, int at) {
        int length = der[at + 1];
        return at + 2 + (length < 0 ? length & 0x7F : 0);
    }

    private static int endOf(byte[] der, int at) {
        int content = contentOf(der, at);
        int length = der[at + 1];
        if (length < 0) {
            length = 0;
            for (int i = at + 2; i < content; i++) {
                length = (length << 8) | (der[i] & 0xFF);
            }
        }
        return content + length;
    }
}
