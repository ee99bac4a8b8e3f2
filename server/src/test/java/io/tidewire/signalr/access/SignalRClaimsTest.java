package io.tidewire.signalr.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.auth.Claim;
import io.tidewire.auth.Fixtures;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignalRClaimsTest {
    private static final String LONG_NAME = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "\"x\":\"y\"                                             | none",
                "\"sub\":\"a\"                                           | a",
                "\"nameid\":\"a\"                                        | a",
                "\"" + LONG_NAME + "\":\"a\"                             | a",
                "\"sub\":\"a\",\"nameid\":\"b\",\"" + LONG_NAME + "\":\"c\" | a",
                "\"nameid\":\"b\",\"sub\":\"a\"                          | b",
                "\"" + LONG_NAME + "\":\"c\",\"sub\":\"a\"               | c",
                "\"sub\":\"a\",\"asrs.s.uid\":\"u\"                      | u",
                "\"sub\":\"a\",\"asrs.s.uid\":\"\"                       | none",
                "\"sub\":null,\"nameid\":\"b\"                           | b",
                "\"sub\":[\"a\",\"b\"]                                   | a",
                "\"sub\":7                                               | 7",
                "\"sub\":\"\"                                            | none",
                "\"NameId\":\"a\"                                        | none",
            })
    void theUserIdGoesByPrecedence(String members, String userId) {
        assertThat(signalr(members).userId()).isEqualTo(userId);
    }

    @Test
    void aPlainTokenRestrictsNothing() {
        SignalRClaims plain = signalr("\"sub\":\"a\"");

        assertThat(plain.allowedTransports())
                .isEqualTo(SignalRClaims.WEB_SOCKETS | SignalRClaims.SERVER_SENT_EVENTS | SignalRClaims.LONG_POLLING);
        assertThat(plain.handshakeTimeout()).isNull();
        assertThat(plain.pollTimeout()).isNull();
        assertThat(plain.closeAt()).isNull();
        assertThat(plain.isDiagnostic()).isFalse();
        assertThat(plain.wantsDetailedErrors()).isFalse();
    }

    @Test
    void systemClaimsAreRead() {
        SignalRClaims claims = signalr(
                "\"asrs.s.htt\":\"5\",\"asrs.s.cht\":\"30\",\"asrs.s.ttl\":300,"
                        + "\"asrs.s.coae\":\"true\",\"asrs.s.aeo\":\"1793534460\",\"asrs.s.dc\":\"true\",\"asrs.s.derror\":\"True\"");

        assertThat(claims.allowedTransports()).isEqualTo(SignalRClaims.WEB_SOCKETS | SignalRClaims.LONG_POLLING);
        assertThat(claims.handshakeTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(claims.pollTimeout()).isEqualTo(Duration.ofMinutes(5));
        assertThat(claims.closeAt()).isEqualTo(Instant.ofEpochSecond(1793534460));
        assertThat(claims.isDiagnostic()).isTrue();
        assertThat(claims.wantsDetailedErrors()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"0", "-1", "301", "x", "''", "1.5", "99999999999999999999"})
    void aSystemClaimOutOfRangeCountsAsAbsent(String value) {
        SignalRClaims claims =
                signalr("\"asrs.s.cht\":\"" + value + "\",\"asrs.s.ttl\":\"" + value + "\",\"asrs.s.coae\":\"1\"");

        assertThat(claims.handshakeTimeout()).isNull();
        assertThat(claims.pollTimeout()).isNull();
        assertThat(claims.closeAt()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2", "4, 4", "7, 7", "0, 0", "15, 7", "x, 7", "-1, 7"})
    void transportsAreABitmask(String value, int transports) {
        assertThat(signalr("\"asrs.s.htt\":\"" + value + "\"").allowedTransports())
                .isEqualTo(transports);
    }

    @ParameterizedTest
    @CsvSource({"''", "x", "-1", "9999999999999999"})
    void withoutAUsableInstantTheTokensOwnExpiryCloses(String expiry) {
        assertThat(signalr("\"asrs.s.coae\":true,\"asrs.s.aeo\":\"" + expiry + "\"")
                        .closeAt())
                .isEqualTo(Instant.ofEpochSecond(Fixtures.IN_AN_HOUR));
        assertThat(signalr("\"asrs.s.aeo\":1793534460").closeAt())
                .as("only with coae")
                .isNull();
    }

    @Test
    void userClaimsLoseSystemClaimsAndPrefix() {
        SignalRClaims claims = signalr(
                "\"sub\":\"a\",\"asrs.s.uid\":\"u\",\"asrs.u.aud\":\"mine\",\"role\":[\"x\",\"y\"],\"asrs.u.\":\"e\"");

        assertThat(claims.userClaims())
                .containsExactly(
                        Claim.of("aud", Fixtures.HUB_AUDIENCE),
                        Claim.of("exp", "" + Fixtures.IN_AN_HOUR),
                        Claim.of("sub", "a"),
                        Claim.of("aud", "mine"),
                        Claim.of("role", "x", "y"),
                        Claim.of("", "e"));
    }

    private static SignalRClaims signalr(String members) {
        return new SignalRClaims(Fixtures.claims(members));
    }

    @Test
    void nothingPrintsItsValues() {
        assertThat(signalr("\"sub\":\"alice\"").toString()).doesNotContain("alice");
    }
}
