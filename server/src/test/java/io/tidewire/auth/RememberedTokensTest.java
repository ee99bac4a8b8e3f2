package io.tidewire.auth;

import static io.tidewire.auth.Fixtures.HUB;
import static io.tidewire.auth.Fixtures.PRIMARY;
import static io.tidewire.auth.Fixtures.SECONDARY;
import static io.tidewire.auth.Fixtures.STRANGER;
import static io.tidewire.auth.Fixtures.payload;
import static io.tidewire.auth.Fixtures.refused;
import static io.tidewire.auth.Fixtures.token;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A verified token costs its HMACs once, and is still judged at every use. */
class RememberedTokensTest {
    private final AccessKeys keys = Fixtures.keys();
    private final Fixtures.HandClock clock = new Fixtures.HandClock();
    private final TokenVerifier verifier = new TokenVerifier(keys, TokenSettings.DEFAULT, List.of(), clock);
    private final String jwt = token(payload());

    @Test
    void theSecondUseSkipsTheHmac() {
        Verdict first = verifier.verify(jwt, HUB);
        assertThat(keys.macs()).isEqualTo(2);

        assertThat(verifier.verify(jwt, HUB)).isSameAs(first).isInstanceOf(Claims.class);
        assertThat(keys.macs()).isEqualTo(2);
        assertThat(verifier.remembered()).isOne();
    }

    @Test
    void theAudienceIsJudgedAtEveryUse() {
        verifier.verify(jwt, HUB);

        assertThat(refused(verifier.verify(jwt, new AudienceCheck.Hub("/client", "other", List.of()))))
                .isEqualTo(Refusal.Reason.AUDIENCE);
        assertThat(refused(verifier.verify(jwt, new AudienceCheck.Rest("/api/v1/hubs/chat", List.of()))))
                .isEqualTo(Refusal.Reason.AUDIENCE);
        assertThat(verifier.verify(jwt, HUB)).isInstanceOf(Claims.class);
        assertThat(keys.macs()).isEqualTo(2);
    }

    @Test
    void theTimeIsJudgedAtEveryUseAndAnExpiredTokenIsForgotten() {
        verifier.verify(jwt, HUB);

        clock.move(Duration.ofMinutes(64));
        assertThat(verifier.verify(jwt, HUB)).isInstanceOf(Claims.class);
        assertThat(keys.macs()).isEqualTo(2);

        clock.move(Duration.ofMinutes(1));
        assertThat(refused(verifier.verify(jwt, HUB))).isEqualTo(Refusal.Reason.EXPIRED);
        clock.move(Duration.ofMinutes(1));
        assertThat(verifier.remembered()).isZero();
    }

    @Test
    void aClockSetBackDoesNotOpenTheDoor() {
        String later = token(payload("\"nbf\":" + (Fixtures.NOW.getEpochSecond() - 60)));
        assertThat(verifier.verify(later, HUB)).isInstanceOf(Claims.class);

        clock.move(Duration.ofHours(-1));

        assertThat(refused(verifier.verify(later, HUB))).isEqualTo(Refusal.Reason.NOT_YET_VALID);
    }

    @Test
    void refusalsAreNotRemembered() {
        verifier.verify(token("{\"alg\":\"HS256\"}", payload(), STRANGER), HUB);
        verifier.verify(token(payload("\"nbf\":9999999999")), HUB);

        assertThat(verifier.remembered()).isZero();
    }

    @Test
    void aRotationForgetsTokensOfTheOldKeyAndKeepsThoseOfTheOther() {
        String bySecondary = token("{\"alg\":\"HS256\"}", payload(), SECONDARY);
        verifier.verify(jwt, HUB);
        verifier.verify(bySecondary, HUB);

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
            assertThat(verifier.verify(token(payload(filler, "\"i\":" + i)), HUB))
                    .isInstanceOf(Claims.class);
        }

        assertThat(verifier.remembered() * 5000).isBetween(1L, TokenVerifier.MAX_REMEMBERED_CHARS);
    }
}
