package io.tidewire.auth;

import static io.tidewire.auth.Fixtures.HUB_AUDIENCE;
import static io.tidewire.auth.Fixtures.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.SignedJWT;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenIssuerTest {
    private final TokenIssuer issuer = new TokenIssuer(Fixtures.keys(), new Fixtures.HandClock());

    @Test
    void anotherLibraryReadsTheToken() throws Exception {
        SignedJWT jwt = SignedJWT.parse(issuer.issue(
                HUB_AUDIENCE,
                Duration.ofHours(1),
                List.of(Claim.of("nameid", "ä\"li ce"), Claim.of("role", "a", "b"), Claim.of("none"))));

        assertThat(jwt.verify(new MACVerifier(Fixtures.PRIMARY))).isTrue();
        assertThat(jwt.getHeader().toString()).contains("\"alg\":\"HS256\"").contains("\"typ\":\"JWT\"");
        assertThat(jwt.getJWTClaimsSet().getAudience()).containsExactly(HUB_AUDIENCE);
        assertThat(jwt.getJWTClaimsSet().getIssueTime()).isEqualTo(Date.from(NOW));
        assertThat(jwt.getJWTClaimsSet().getExpirationTime()).isEqualTo(Date.from(NOW.plusSeconds(3600)));
        assertThat(jwt.getJWTClaimsSet().getStringClaim("nameid")).isEqualTo("ä\"li ce");
        assertThat(jwt.getJWTClaimsSet().getStringListClaim("role")).containsExactly("a", "b");
        assertThat(jwt.getJWTClaimsSet().getStringListClaim("none")).isEmpty();
    }

    @Test
    void theVerifierAcceptsTheToken() {
        String jwt = issuer.issue(HUB_AUDIENCE, Duration.ofMinutes(1), List.of(Claim.of("nameid", "alice")));

        Claims claims = Fixtures.accepted(
                Fixtures.verifier(TokenSettings.Audience.STRICT).verify(jwt, Fixtures.HUB));

        assertThat(claims.first("nameid")).isEqualTo("alice");
    }

    @Test
    void aTokenTooLongForTheWayIsNotMade() {
        assertThat(issuer.issue(HUB_AUDIENCE, Duration.ofHours(1), List.of(Claim.of("x", "y".repeat(2900)))))
                .hasSizeLessThanOrEqualTo(4096);
        assertThatThrownBy(() ->
                        issuer.issue(HUB_AUDIENCE, Duration.ofHours(1), List.of(Claim.of("x", "y".repeat(3000)))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("The token would have 4\\d{3} characters; at most 4096 are allowed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"aud", "exp", "iat", "nbf", "twice"})
    void aReservedOrRepeatedClaimIsRefused(String name) {
        List<Claim> claims = List.of(Claim.of("twice", "1"), Claim.of(name, "2"));

        assertThatThrownBy(() -> issuer.issue(HUB_AUDIENCE, Duration.ofHours(1), claims))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Claim " + name);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, 999})
    void aTokenLivesAtLeastASecond(long millis) {
        assertThatThrownBy(() -> issuer.issue(HUB_AUDIENCE, Duration.ofMillis(millis), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
