package io.tidewire.auth;

import static io.tidewire.auth.Fixtures.HUB;
import static io.tidewire.auth.Fixtures.PRIMARY;
import static io.tidewire.auth.Fixtures.SECONDARY;
import static io.tidewire.auth.Fixtures.STRANGER;
import static io.tidewire.auth.Fixtures.payload;
import static io.tidewire.auth.Fixtures.refused;
import static io.tidewire.auth.Fixtures.token;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A verified token that comes again costs no HMACs from its third use on, and is still judged at every use. */
class RememberedTokensTest {
    private final AccessKeys keys = Fixtures.keys();
    private final Fixtures.HandClock clock = new Fixtures.HandClock();
    private final TokenVerifier verifier = new TokenVerifier(keys, TokenSettings.DEFAULT, List.of(), clock);
    private final String jwt = token(payload());

    @Test
    void theThirdUseSkipsTheHmac() {
        assertThat(verifier.verify(jwt, HUB)).isInstanceOf(Claims.class);
        Verdict second = verifier.verify(jwt, HUB);
        assertThat(keys.macs()).isEqualTo(4);

        assertThat(verifier.verify(jwt, HUB)).isSameAs(second).isInstanceOf(Claims.class);
        assertThat(keys.macs()).isEqualTo(4);
        assertThat(verifier.remembered()).isOne();
    }

    @Test
    void whatComesOnceIsNotRemembered() {
        for (int i = 0; i < 100; i++) {
            assertThat(verifier.verify(token(payload("\"i\":" + i)), HUB)).isInstanceOf(Claims.class);
        }

        assertThat(verifier.remembered()).isZero();
    }

    @Test
    void aKnownHeaderProvesNothing() {
        remember();

        assertThat(refused(verifier.verify(token("{\"alg\":\"HS256\",\"typ\":\"JWT\"}", payload(), STRANGER), HUB)))
                .isEqualTo(Refusal.Reason.SIGNATURE);
    }

    @Test
    void aHeaderIsKnownByTheTokensThatItSigned() {
        String refusedFirst = "{\"alg\":\"HS256\",\"crit\":[\"x\"]}";
        for (int i = 0; i < 3; i++) {
            assertThat(refused(verifier.verify(token(refusedFirst, payload(), PRIMARY), HUB)))
                    .isEqualTo(Refusal.Reason.MALFORMED);
            assertThat(refused(verifier.verify(token("{\"alg\":\"HS256\"}", payload(), STRANGER), HUB)))
                    .isEqualTo(Refusal.Reason.SIGNATURE);
        }
        assertThat(verifier.knownHeaders()).isZero();

        String strong = "{\"alg\":\"HS512\"}";
        for (int i = 0; i < 3; i++) {
            String jwt = token(strong, payload("\"i\":" + i), "HmacSHA512", PRIMARY.getBytes(UTF_8));
            assertThat(verifier.verify(jwt, HUB)).isInstanceOf(Claims.class);
        }
        assertThat(verifier.knownHeaders()).isOne();
    }

    @Test
    void moreHeadersThanAreRememberedAreReadAnew() {
        for (int i = 0; i < 2 * TokenVerifier.MAX_HEADERS; i++) {
            String header = "{\"alg\":\"HS256\",\"kid\":\"" + i + "\"}";
            assertThat(verifier.verify(token(header, payload(), PRIMARY), HUB)).isInstanceOf(Claims.class);
            assertThat(verifier.verify(token(header, payload("\"i\":1"), PRIMARY), HUB))
                    .isInstanceOf(Claims.class);
        }
        assertThat(verifier.knownHeaders()).isEqualTo(TokenVerifier.MAX_HEADERS);
    }

    private void remember() {
        verifier.verify(jwt, HUB);
        verifier.verify(jwt, HUB);
    }

    @Test
    void theAudienceIsJudgedAtEveryUse() {
        remember();

        assertThat(refused(verifier.verify(jwt, new AudienceCheck.Hub("/client", "other", List.of()))))
                .isEqualTo(Refusal.Reason.AUDIENCE);
        assertThat(refused(verifier.verify(jwt, new AudienceCheck.Rest("/api/v1/hubs/chat", List.of()))))
                .isEqualTo(Refusal.Reason.AUDIENCE);
        assertThat(verifier.verify(jwt, HUB)).isInstanceOf(Claims.class);
        assertThat(keys.macs()).isEqualTo(4);
    }

    @Test
    void theTimeIsJudgedAtEveryUseAndAnExpiredTokenIsForgotten() {
        remember();

        clock.move(Duration.ofMinutes(64));
        assertThat(verifier.verify(jwt, HUB)).isInstanceOf(Claims.class);
        assertThat(keys.macs()).isEqualTo(4);

        clock.move(Duration.ofMinutes(1));
        assertThat(refused(verifier.verify(jwt, HUB))).isEqualTo(Refusal.Reason.EXPIRED);
        clock.move(Duration.ofMinutes(1));
        assertThat(verifier.remembered()).isZero();
    }

    @Test
    void aClockSetBackDoesNotOpenTheDoor() {
        String later = token(payload("\"nbf\":" + (Fixtures.NOW.getEpochSecond() - 60)));
        assertThat(verifier.verify(later, HUB)).isInstanceOf(Claims.class);
        assertThat(verifier.verify(later, HUB)).isInstanceOf(Claims.class);
        assertThat(verifier.remembered()).isOne();

        clock.move(Duration.ofHours(-1));

        assertThat(refused(verifier.verify(later, HUB))).isEqualTo(Refusal.Reason.NOT_YET_VALID);
    }

    @Test
    void refusalsAreNotRemembered() {
        for (int i = 0; i < 3; i++) {
            verifier.verify(token("{\"alg\":\"HS256\"}", payload(), STRANGER), HUB);
            verifier.verify(token(payload("\"nbf\":9999999999")), HUB);
        }

        assertThat(verifier.remembered()).isZero();
    }

    @Test
    void aRotationForgetsTokensOfTheOldKeyAndKeepsThoseOfTheOther() {
        String bySecondary = token("{\"alg\":\"HS256\"}", payload(), SECONDARY);
        remember();
        verifier.verify(bySecondary, HUB);
        verifier.verify(bySecondary, HUB);
        assertThat(verifier.remembered()).isEqualTo(2);

        keys.replace(new KeySettings(STRANGER, SECONDARY));

        assertThat(refused(verifier.verify(jwt, HUB))).isEqualTo(Refusal.Reason.SIGNATURE);
        assertThat(verifier.verify(bySecondary, HUB)).isInstanceOf(Claims.class);
        keys.replace(new KeySettings(PRIMARY, SECONDARY));
        assertThat(verifier.verify(jwt, HUB)).isInstanceOf(Claims.class);
    }

    @Test
    void whatIsRememberedIsBounded() {
        String filler = "\"x\":\"" + "y".repeat(5000) + "\"";
        int tokens = 900;
        for (int i = 0; i < tokens; i++) {
            String one = token(payload(filler, "\"i\":" + i));
            assertThat(verifier.verify(one, HUB)).isInstanceOf(Claims.class);
            assertThat(verifier.verify(one, HUB)).isInstanceOf(Claims.class);
        }

        assertThat(verifier.remembered() * 5000).isBetween(1L, TokenVerifier.MAX_REMEMBERED_CHARS);
    }
}
