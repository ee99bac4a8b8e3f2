package io.tidewire.auth;

import static io.tidewire.auth.Fixtures.HUB;
import static io.tidewire.auth.Fixtures.IN_AN_HOUR;
import static io.tidewire.auth.Fixtures.NOW;
import static io.tidewire.auth.Fixtures.PRIMARY;
import static io.tidewire.auth.Fixtures.SECONDARY;
import static io.tidewire.auth.Fixtures.STRANGER;
import static io.tidewire.auth.Fixtures.accepted;
import static io.tidewire.auth.Fixtures.payload;
import static io.tidewire.auth.Fixtures.refused;
import static io.tidewire.auth.Fixtures.token;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenVerifierTest {
    private static final String HS256 = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";

    private final TokenVerifier verifier = Fixtures.verifier(TokenSettings.Audience.LENIENT);

    @Test
    void aTokenOfAnotherLibraryIsAccepted() throws JOSEException {
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("-127846").build(),
                new JWTClaimsSet.Builder()
                        .audience(Fixtures.HUB_AUDIENCE)
                        .expirationTime(Date.from(NOW.plusSeconds(60)))
                        .subject("alice")
                        .build());
        jwt.sign(new MACSigner(PRIMARY));

        Claims claims = accepted(verifier.verify(jwt.serialize(), HUB));

        assertThat(claims.first("sub")).isEqualTo("alice");
        assertThat(claims.audiences()).containsExactly(Fixtures.HUB_AUDIENCE);
        assertThat(claims.expiresAt()).isEqualTo(NOW.plusSeconds(60));
    }

    @ParameterizedTest
    @CsvSource({"HS256, HmacSHA256", "HS512, HmacSHA512"})
    void bothKeysSignWithBothAlgorithms(String alg, String hmac) {
        for (String key : List.of(PRIMARY, SECONDARY)) {
            String jwt = token("{\"alg\":\"" + alg + "\"}", payload(), hmac, key.getBytes(UTF_8));
            assertThat(verifier.verify(jwt, HUB)).isInstanceOf(Claims.class);
        }
        String foreign = token("{\"alg\":\"" + alg + "\"}", payload(), hmac, STRANGER.getBytes(UTF_8));
        assertThat(refused(verifier.verify(foreign, HUB))).isEqualTo(Refusal.Reason.SIGNATURE);
    }

    @Test
    void noTokenIsRefused() {
        assertThat(refused(verifier.verify(null, HUB))).isEqualTo(Refusal.Reason.MISSING);
    }

    @Test
    void aLongTokenIsRefusedUnread() {
        String megabyte = token(payload("\"x\":\"" + "y".repeat(1024 * 1024) + "\""));
        AccessKeys keys = Fixtures.keys();
        TokenVerifier counted = new TokenVerifier(keys, TokenSettings.DEFAULT, List.of(), new Fixtures.HandClock());

        Verdict verdict = counted.verify(megabyte, HUB);

        assertThat(refused(verdict)).isEqualTo(Refusal.Reason.TOO_LONG);
        assertThat(((Refusal) verdict).detail()).contains("auth.maxTokenBytes is 8192");
        assertThat(keys.macs()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // exp and nbf are forgiven five minutes, not a second more; the clock stands at 1793534400.
                "1793534101      |                 | ACCEPTED",
                "1793534100      |                 | EXPIRED",
                "1793534100.9    |                 | EXPIRED",
                "0               |                 | EXPIRED",
                "-1e400          |                 | EXPIRED",
                "1793538000      | 1793534700      | ACCEPTED",
                "1793538000      | 1793534701      | NOT_YET_VALID",
                "1793538000      | 1e400           | NOT_YET_VALID",
                "1793538000.5    | 1793534400.5    | ACCEPTED",
                "1.7935380e9     |                 | ACCEPTED",
                "1793538000000   |                 | EXPIRY_TOO_FAR",
                "9e99            |                 | EXPIRY_TOO_FAR",
                "1e999999999     |                 | EXPIRY_TOO_FAR",
                "\"1793538000\"  |                 | MALFORMED",
                "[1793538000]    |                 | MALFORMED",
                "null            |                 | MALFORMED",
                "1793538000      | \"1793534400\"  | MALFORMED",
                "                | 1793534400      | NO_EXPIRY",
            })
    void timesAreSecondsWithLeeway(String exp, String nbf, String outcome) {
        String jwt = token("{\"aud\":\"" + Fixtures.HUB_AUDIENCE + "\"" + (exp == null ? "" : ",\"exp\":" + exp)
                + (nbf == null ? "" : ",\"nbf\":" + nbf) + "}");

        Verdict verdict = verifier.verify(jwt, HUB);

        assertThat(verdict instanceof Refusal refusal ? refusal.reason().name() : "ACCEPTED")
                .isEqualTo(outcome);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "\"text\"",
                "null",
                "",
                "{",
                "{} {}",
                "{}x",
                "{'aud':'x','exp':9999999999}",
                "{aud:\"x\",exp:9999999999}",
                "{\"aud\":\"x\",\"exp\":9999999999,}",
                "/**/{\"aud\":\"x\",\"exp\":9999999999}",
                "{\"aud\":\"x\",\"exp\":NaN}",
                "{\"aud\":\"x\",\"exp\":1,\"exp\":9999999999}",
                "{\"aud\":\"x\",\"a\\u0075d\":\"http://localhost/client/?hub=chat\",\"exp\":9999999999}",
                "{\"sub\":\"a\",\"sub\":\"b\",\"exp\":9999999999}",
                "{\"o\":{\"a\":1,\"a\":2},\"exp\":9999999999}",
                "{\"aud\":1,\"exp\":9999999999}",
                "{\"aud\":{},\"exp\":9999999999}",
                "{\"aud\":[\"x\",1],\"exp\":9999999999}",
                "{\"aud\":[[\"x\"]],\"exp\":9999999999}",
                "{\"aud\":null,\"exp\":9999999999}",
                "\uFEFF{\"aud\":\"x\",\"exp\":9999999999}",
            })
    void aPayloadWithTricksIsRefused(String payload) {
        assertThat(refused(verifier.verify(token(payload), HUB))).isEqualTo(Refusal.Reason.MALFORMED);
    }

    @Test
    void aDeepPayloadIsRefused() {
        String deep = payload("\"x\":" + "[".repeat(2000) + "]".repeat(2000));

        assertThat(refused(verifier.verify(token(deep), HUB))).isEqualTo(Refusal.Reason.MALFORMED);
    }

    @Test
    void bytesThatAreNotUtf8AreRefused() {
        String signed = Fixtures.base64(HS256.getBytes(UTF_8)) + "."
                + Fixtures.base64(new byte[] {'{', '"', (byte) 0xC0, (byte) 0xAF, '"', ':', '1', '}'});
        String jwt = signed + "."
                + Fixtures.base64(Fixtures.hmac("HmacSHA256", PRIMARY.getBytes(UTF_8), signed.getBytes(UTF_8)));

        assertThat(refused(verifier.verify(jwt, HUB))).isEqualTo(Refusal.Reason.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ".", "..", "a.b", "...", "a.b.c.d.e", "a b.c.d", "ä.b.c", "a.b.c\n", "a=.b.c", "Bearer x"})
    void whatIsNoTokenIsRefused(String jwt) {
        assertThat(refused(verifier.verify(jwt, HUB))).isEqualTo(Refusal.Reason.MALFORMED);
    }

    @Test
    void aSignatureHasOneSpellingOnly() {
        String jwt = token(payload());
        // 32 bytes end in a character with two bits to spare: three more characters decode to the same bytes.
        char last = jwt.charAt(jwt.length() - 1);
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        char sibling = alphabet.charAt(alphabet.indexOf(last) + 1);

        assertThat(verifier.verify(jwt, HUB)).isInstanceOf(Claims.class);
        assertThat(refused(verifier.verify(jwt.substring(0, jwt.length() - 1) + sibling, HUB)))
                .isEqualTo(Refusal.Reason.MALFORMED);
        assertThat(refused(verifier.verify(jwt + "=", HUB))).isEqualTo(Refusal.Reason.MALFORMED);
    }

    @Test
    void theClaimsAreThereInTokenOrder() {
        Claims claims = Fixtures.claims(
                "\"nbf\":1793534400",
                "\"role\":[\"a\",\"b\"]",
                "\"n\":12345678901234567890",
                "\"t\":true",
                "\"gone\":null",
                "\"o\":{\"x\": [1, {\"y\":\"ü\"}]}",
                "\"mixed\":[1,null,{\"z\" : 2},\"s\",[3]]",
                "\"z\":\"\"");

        assertThat(claims.inOrder())
                .containsExactly(
                        Claim.of("aud", Fixtures.HUB_AUDIENCE),
                        Claim.of("exp", "" + IN_AN_HOUR),
                        Claim.of("nbf", "1793534400"),
                        Claim.of("role", "a", "b"),
                        Claim.of("n", "12345678901234567890"),
                        Claim.of("t", "true"),
                        Claim.of("o", "{\"x\": [1, {\"y\":\"ü\"}]}"),
                        Claim.of("mixed", "1", "{\"z\" : 2}", "s", "[3]"),
                        Claim.of("z", ""));
        assertThat(claims.expiresAt()).isEqualTo(Instant.ofEpochSecond(IN_AN_HOUR));
        assertThat(claims.notBefore()).isEqualTo(NOW);
        assertThat(claims.all("missing")).isEmpty();
        assertThat(claims.first("missing")).isNull();
        assertThat(claims.first("Role")).as("names are case-sensitive").isNull();
    }

    @Test
    void aRoleMayBeTextOrArray() {
        assertThat(Fixtures.claims("\"role\":\"a\"").all("role")).containsExactly("a");
        assertThat(Fixtures.claims("\"role\":[\"a\"]").all("role")).containsExactly("a");
        assertThat(Fixtures.claims("\"role\":[\"a\",\"b\"]").all("role")).containsExactly("a", "b");
        assertThat(Fixtures.claims("\"role\":[]").all("role")).isEmpty();
    }

    @Test
    void nothingPrintsTheTokenItsValuesOrTheKeys() {
        String jwt = token(payload("\"sub\":\"alice\"", "\"secret\":\"hidden\""));
        String foreign = token(HS256, payload("\"sub\":\"alice\""), STRANGER);
        Claims claims = accepted(verifier.verify(jwt, HUB));
        String printed = String.join(
                "\n",
                claims.toString(),
                verifier.verify(foreign, HUB).toString(),
                verifier.verify(jwt, new AudienceCheck.Hub("/client", "other", List.of()))
                        .toString(),
                String.valueOf(CompactToken.split(jwt)));

        assertThat(printed)
                .contains("secret(1)")
                .doesNotContain("hidden")
                .doesNotContain("alice")
                .doesNotContain(jwt.substring(jwt.lastIndexOf('.') + 1))
                .doesNotContain(foreign.substring(foreign.lastIndexOf('.') + 1))
                .doesNotContain(jwt.split("\\.", -1)[1])
                .doesNotContain(PRIMARY)
                .doesNotContain(SECONDARY);
    }

    @Test
    void theChallengeNamesTheReasonAsTheCloudDoes() {
        assertThat(Refusal.MISSING.challenge()).isEqualTo("Bearer");
        assertThat(new Refusal(Refusal.Reason.AUDIENCE, "").challenge())
                .isEqualTo("Bearer error=\"invalid_token\", error_description=\"The audience is invalid\"");
        assertThat(new Refusal(Refusal.Reason.SIGNATURE, "").challenge())
                .isEqualTo("Bearer error=\"invalid_token\", error_description=\"The signature key was not found\"");
        for (Refusal.Reason reason : Refusal.Reason.values()) {
            assertThat(new Refusal(reason, "not for the peer").challenge())
                    .startsWith("Bearer")
                    .doesNotContain("not for the peer");
        }
    }

    @Test
    void theDetailOfAWrongAudienceIsOneBoundedLine() {
        String jwt =
                token("{\"aud\":[\"http://evil/\\r\\nX: y\",\"" + "a".repeat(3000) + "\"],\"exp\":" + IN_AN_HOUR + "}");

        Refusal refusal = (Refusal) verifier.verify(jwt, HUB);

        assertThat(refusal.detail())
                .startsWith("Failed to validate audience. Expected Audiences: /client/?hub=chat. "
                        + "Actual Audiences: http://evil/??X: y, aaa")
                .hasSizeLessThan(1100);
    }

    @Test
    void leewayIsASetting() {
        Fixtures.HandClock clock = new Fixtures.HandClock();
        TokenSettings strictTime = new TokenSettings(TokenSettings.Audience.LENIENT, Duration.ZERO, 8192);
        TokenVerifier exact = new TokenVerifier(Fixtures.keys(), strictTime, List.of(), clock);
        String jwt = token(payload());

        clock.move(Duration.ofSeconds(3599));
        assertThat(exact.verify(jwt, HUB)).isInstanceOf(Claims.class);
        clock.move(Duration.ofSeconds(1));
        assertThat(refused(exact.verify(jwt, HUB))).isEqualTo(Refusal.Reason.EXPIRED);
    }
}
