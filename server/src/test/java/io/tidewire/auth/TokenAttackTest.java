package io.tidewire.auth;

import static io.tidewire.auth.Fixtures.HUB;
import static io.tidewire.auth.Fixtures.PRIMARY;
import static io.tidewire.auth.Fixtures.payload;
import static io.tidewire.auth.Fixtures.refused;
import static io.tidewire.auth.Fixtures.token;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens made to get in without a key. */
class TokenAttackTest {
    private final TokenVerifier verifier = Fixtures.verifier(TokenSettings.Audience.OFF);

    @ParameterizedTest
    @ValueSource(
            strings = {"none", "None", "NONE", "nOnE", "hs256", "HS384", "RS256", "ES256", "PS256", "EdDSA", "dir", ""})
    void anAlgorithmOffTheListIsRefusedThoughTheHmacFits(String alg) {
        String header = "{\"alg\":\"" + alg + "\"}";
        String unsigned = Fixtures.base64(header.getBytes(UTF_8)) + "."
                + Fixtures.base64(payload().getBytes(UTF_8)) + ".";

        assertThat(refused(verifier.verify(token(header, payload(), PRIMARY), HUB)))
                .isEqualTo(Refusal.Reason.ALGORITHM);
        assertThat(refused(verifier.verify(unsigned, HUB))).isEqualTo(Refusal.Reason.ALGORITHM);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"alg\":\"HS256\",\"crit\":[\"exp\"],\"exp\":1}",
                "{\"alg\":\"HS256\",\"crit\":[\"b64\"],\"b64\":false}",
                "{\"alg\":\"HS256\",\"b64\":false}",
                "{\"alg\":\"HS256\",\"cty\":\"JWT\"}",
                "{\"alg\":\"HS256\",\"alg\":\"none\"}",
                "{\"alg\":[\"HS256\"]}",
                "{\"alg\":null}",
                "{\"typ\":\"JWT\"}",
                "[]",
                "x",
                "",
            })
    void aHeaderThatAsksForMoreOrIsBrokenIsRefusedThoughTheHmacFits(String header) {
        assertThat(refused(verifier.verify(token(header, payload(), PRIMARY), HUB)))
                .isEqualTo(Refusal.Reason.MALFORMED);
    }

    @Test
    void anEncryptedTokensHeaderIsRefused() {
        String header = "{\"alg\":\"dir\",\"enc\":\"A128GCM\"}";

        assertThat(refused(verifier.verify(token(header, payload(), PRIMARY), HUB)))
                .isEqualTo(Refusal.Reason.ALGORITHM);
    }

    @Test
    void aTokenInsideATokenIsRefused() {
        assertThat(refused(verifier.verify(token(token(payload())), HUB))).isEqualTo(Refusal.Reason.MALFORMED);
    }

    @Test
    void asymmetricSignaturesAreRefused() throws Exception {
        KeyPairGenerator ec = KeyPairGenerator.getInstance("EC");
        ec.initialize(new ECGenParameterSpec("secp256r1"));
        JWSSigner ecSigner = new ECDSASigner((ECPrivateKey) ec.generateKeyPair().getPrivate());
        JWSSigner rsaSigner = new RSASSASigner(rsa().getPrivate());

        assertThat(refused(verifier.verify(signed(new JWSHeader(JWSAlgorithm.ES256), ecSigner), HUB)))
                .isEqualTo(Refusal.Reason.ALGORITHM);
        assertThat(refused(verifier.verify(signed(new JWSHeader(JWSAlgorithm.RS256), rsaSigner), HUB)))
                .isEqualTo(Refusal.Reason.ALGORITHM);
    }

    @Test
    void hmacWithAPublicKeysBytesIsRefused() throws Exception {
        byte[] publicKey = rsa().getPublic().getEncoded();

        String jwt = token("{\"alg\":\"HS256\"}", payload(), "HmacSHA256", publicKey);

        assertThat(refused(verifier.verify(jwt, HUB))).isEqualTo(Refusal.Reason.SIGNATURE);
    }

    @Test
    void keysNamedInTheHeaderAreNeitherFetchedNorUsed() throws Exception {
        KeyPair pair = rsa();
        RSAKey jwk = new RSAKey.Builder((RSAPublicKey) pair.getPublic()).build();
        AtomicInteger requests = new AtomicInteger();
        HttpServer keyServer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        keyServer.createContext("/", exchange -> {
            requests.incrementAndGet();
            byte[] keys = ("{\"keys\":[" + jwk.toJSONString() + "]}").getBytes(UTF_8);
            exchange.sendResponseHeaders(200, keys.length);
            exchange.getResponseBody().write(keys);
            exchange.close();
        });
        keyServer.start();
        try {
            URI url = URI.create("http://localhost:" + keyServer.getAddress().getPort() + "/keys");
            JWSHeader rs256 = new JWSHeader.Builder(JWSAlgorithm.RS256)
                    .jwkURL(url)
                    .x509CertURL(url)
                    .jwk(jwk)
                    .keyID("1")
                    .build();
            String hs256 = "{\"alg\":\"HS256\",\"kid\":\"1\",\"jku\":\"" + url + "\",\"x5u\":\"" + url + "\",\"jwk\":"
                    + jwk.toJSONString() + "}";

            assertThat(refused(verifier.verify(signed(rs256, new RSASSASigner(pair.getPrivate())), HUB)))
                    .isEqualTo(Refusal.Reason.ALGORITHM);
            assertThat(refused(verifier.verify(
                            token(
                                    hs256,
                                    payload(),
                                    "HmacSHA256",
                                    pair.getPublic().getEncoded()),
                            HUB)))
                    .isEqualTo(Refusal.Reason.SIGNATURE);
            assertThat(verifier.verify(token(hs256, payload(), PRIMARY), HUB))
                    .as("such a header does no harm to a good token")
                    .isInstanceOf(Claims.class);
            assertThat(requests).hasValue(0);
        } finally {
            keyServer.stop(0);
        }
    }

    /** The same 20,000 changed tokens each time: none is accepted, none makes the verifier throw. */
    @Test
    void changedTokensAreRefused() {
        Random random = new Random(20261101);
        String[] originals = {
            token(payload("\"sub\":\"alice\"")),
            token("{\"alg\":\"HS512\"}", payload("\"role\":[\"a\",\"b\"]"), "HmacSHA512", PRIMARY.getBytes(UTF_8)),
        };
        for (String original : originals) {
            assertThat(verifier.verify(original, HUB)).isInstanceOf(Claims.class);
        }
        for (int i = 0; i < 20_000; i++) {
            String original = originals[i % originals.length];
            String changed = change(original, originals[(i + 1) % originals.length], random);
            if (!changed.equals(original)) {
                assertThat(verifier.verify(changed, HUB)).as("%s", changed).isInstanceOf(Refusal.class);
            }
        }
    }

    private static String change(String token, String other, Random random) {
        int at = random.nextInt(token.length());
        StringBuilder text = new StringBuilder(token);
        switch (random.nextInt(8)) {
            case 0 -> text.setCharAt(at, base64Char(random));
            case 1 -> text.setCharAt(at, (char) random.nextInt(0x250));
            case 2 -> text.deleteCharAt(at);
            case 3 -> text.insert(at, base64Char(random));
            case 4 -> text.setLength(at);
            case 5 -> text.insert(at, '.');
            // Parts of one token in the other.
            case 6 -> {
                int part = random.nextInt(3);
                String[] parts = token.split("\\.", -1);
                parts[part] = other.split("\\.", -1)[part];
                text = new StringBuilder(String.join(".", parts));
            }
            // A header or payload of other bytes, well encoded, under the old signature.
            default -> {
                int part = random.nextInt(2);
                String[] parts = token.split("\\.", -1);
                byte[] bytes = Base64.getUrlDecoder().decode(parts[part]);
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                parts[part] = Fixtures.base64(bytes);
                text = new StringBuilder(String.join(".", parts));
            }
        }
        return text.toString();
    }

    private static char base64Char(Random random) {
        return "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".charAt(random.nextInt(64));
    }

    private static KeyPair rsa() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return generator.generateKeyPair();
    }

    private static String signed(JWSHeader header, JWSSigner signer) throws Exception {
        JWSObject object = new JWSObject(header, new Payload(payload()));
        object.sign(signer);
        return object.serialize();
    }
}
