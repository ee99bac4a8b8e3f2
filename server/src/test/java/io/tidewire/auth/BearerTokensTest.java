package io.tidewire.auth;

import static io.tidewire.auth.BearerTokens.InQuery.AFTER_HEADER;
import static io.tidewire.auth.BearerTokens.InQuery.BEFORE_HEADER;
import static io.tidewire.auth.BearerTokens.InQuery.IGNORED;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BearerTokensTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "Bearer a.b.c        | a.b.c",
                "bearer a.b.c        | a.b.c",
                "'BEARER\ta.b.c '    | a.b.c",
                "'  Bearer   a.b.c ' | a.b.c",
                "Bearer a.b.c d      | a.b.c d",
                "Bearer              | none",
                "'Bearer  '          | none",
                "Bearera.b.c         | none",
                "Basic YTpi          | none",
                "''                  | none",
            })
    void theSchemeIsCaseInsensitiveAndWhatFollowsIsTheToken(String header, String token) {
        assertThat(BearerTokens.fromHeader(List.of(header))).isEqualTo(token);
    }

    @Test
    void twoHeadersMakeNoValidToken() {
        String good = Fixtures.token(Fixtures.payload());
        String joined = BearerTokens.fromHeader(List.of("Bearer " + good, "Bearer " + good));

        assertThat(Fixtures.refused(
                        Fixtures.verifier(TokenSettings.Audience.OFF).verify(joined, Fixtures.HUB)))
                .isEqualTo(Refusal.Reason.MALFORMED);
    }

    @Test
    void whereTheQueryComesFirstTheHeaderIsForClientsWithoutOne() {
        List<String> bearer = List.of("Bearer header");

        assertThat(BearerTokens.fromClient(bearer, "query", BEFORE_HEADER)).isEqualTo("query");
        assertThat(BearerTokens.fromClient(bearer, "", BEFORE_HEADER)).isEqualTo("header");
        assertThat(BearerTokens.fromClient(bearer, null, BEFORE_HEADER)).isEqualTo("header");
        assertThat(BearerTokens.fromClient(List.of(), null, BEFORE_HEADER)).isNull();
    }

    @Test
    void aClientsHeaderWinsAndItsQueryCountsWhereAllowed() {
        List<String> bearer = List.of("Bearer header");

        assertThat(BearerTokens.fromClient(bearer, "query", AFTER_HEADER)).isEqualTo("header");
        assertThat(BearerTokens.fromClient(List.of(), "query", AFTER_HEADER)).isEqualTo("query");
        assertThat(BearerTokens.fromClient(List.of(), "query", IGNORED)).isNull();
        assertThat(BearerTokens.fromClient(List.of(), "", AFTER_HEADER)).isNull();
        assertThat(BearerTokens.fromClient(List.of(), null, AFTER_HEADER)).isNull();
        assertThat(BearerTokens.fromClient(List.of("Basic YTpi"), "query", AFTER_HEADER))
                .as("a proxy's password is no token")
                .isEqualTo("query");
    }
}
