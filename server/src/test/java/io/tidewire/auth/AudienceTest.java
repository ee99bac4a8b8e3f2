package io.tidewire.auth;

import static io.tidewire.auth.Fixtures.IN_AN_HOUR;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reference B.2: every caller in the wild gets in, and nobody to where the token does not say. */
class AudienceTest {
    private static final List<String> HOSTS = List.of("localhost:8888");

    private final TokenVerifier strict =
            Fixtures.verifier(TokenSettings.Audience.STRICT, "rt.example.com", "[2001:db8::1]");
    private final TokenVerifier lenient = Fixtures.verifier(TokenSettings.Audience.LENIENT);
    private final TokenVerifier off = Fixtures.verifier(TokenSettings.Audience.OFF);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // by hand, after the documentation: the exact URL, port and all
                "/api/v1/hubs/chat                    | http://localhost:8888/api/v1/hubs/chat",
                "/api/v1/hubs/chat/users/alice        | http://localhost:8888/api/v1/hubs/chat/users/alice",
                // .NET Management SDK: no port, but the query
                "/api/hubs/chat/:send                 | http://localhost/api/hubs/chat/:send?api-version=2022-06-01",
                "/api/hubs/chat/groups/g/:send        | http://localhost/api/hubs/chat/groups/g/:send?application=app&api-version=2024-12-01",
                // Web PubSub SDKs: the full URL with its query
                "/api/hubs/chat/connections/c         | http://localhost:8888/api/hubs/chat/connections/c?api-version=2023-07-01",
                // the sample's: an ancestor of the path
                "/api/v1/hubs/chat/users/alice        | http://localhost:8888/api/v1/hubs/chat",
                "/api/v1/hubs/chat                    | http://localhost/api",
                // spellings
                "/api/v1/hubs/chat                    | HTTPS://LocalHost:1/API/V1/hubs/CHAT/",
                "/api/v1/hubs/chat/                   | https://localhost./api/v1/hubs/chat",
                "/api/hubs/a%5B1%5D/users/b%20c       | http://localhost/api/hubs/a[1]/users/b c",
                "/api/hubs/a[1]/users/%C3%BC          | http://localhost/api/hubs/a%5b1%5d/users/ü",
                "/api/hubs/c/groups/a%2Fb             | http://localhost/api/hubs/c/groups/a%2fb",
                "/api/hubs/c/groups/a+b               | http://localhost/api/hubs/c/groups/a%2Bb",
                "/api/hubs/c/groups/a+b%21            | http://localhost/api/hubs/c/groups/a%2Bb!",
                "/api/hubs/c/groups/100%2525          | http://localhost/api/hubs/c/groups/100%2525",
            })
    void restCallersInTheWildAreAccepted(String path, String audience) {
        assertThat(accepts(lenient, rest(path), audience)).isTrue();
        assertThat(accepts(strict, rest(path), audience)).isTrue();
        assertThat(accepts(off, rest(path), audience)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/api/v1/hubs/chat          | http://localhost/api/v1/hubs/other",
                "/api/v1/hubs/chat          | http://localhost/api/v1/hubs/chat/users/alice",
                "/api/v1/hubs/chatter       | http://localhost/api/v1/hubs/chat",
                "/api/hubs/c/groups/a%2Fb   | http://localhost/api/hubs/c/groups/a",
                "/api/hubs/c/groups/a%2Fb   | http://localhost/api/hubs/c/groups/a/b",
                "/api/hubs/c/groups/a%252Fb | http://localhost/api/hubs/c/groups/a%2Fb",
                "/api/hubs/c/groups/a%20b   | http://localhost/api/hubs/c/groups/a+b",
                "/api/hubs/chat/../other    | http://localhost/api/hubs/chat",
                "/api/hubs/chat/%2e%2E/x    | http://localhost/api/hubs/chat",
                "/api/hubs/x                | http://localhost/api/hubs/chat/../x",
                "/api/hubs/c/groups/%FF     | http://localhost/api/hubs/c/groups/%FE",
                "/api/hubs/%zz              | http://localhost/api/hubs/%zz",
                "/api/hubs/c                | http://localhost/client/?hub=c",
                "/api/hubs/c                | /api/hubs/c",
                "/api/hubs/c                | localhost/api/hubs/c",
                "/api/hubs/c                | api://localhost/api/hubs/c",
                "/api/hubs/c                | http:///api/hubs/c",
                "/api/hubs/c                | http://user@localhost/api/hubs/c",
                "/api/hubs/c                | http://localhost/api/hubs/c#x",
                "/api/hubs/c                | http://localhost\\api/hubs/c",
                "/api/hubs/c                | http://localhost//api/hubs/c",
                "/api/hubs/c                | ''",
            })
    void aRestTokenForAnotherPathIsRefused(String path, String audience) {
        assertThat(accepts(lenient, rest(path), audience)).isFalse();
        assertThat(accepts(strict, rest(path), audience)).isFalse();
        assertThat(accepts(off, rest(path), audience)).isTrue();
    }

    /** A path with nothing to decode is not taken apart. That must not change for any path what is above it. */
    @Test
    void aPlainPathBeginsWithTheSegmentsThatItHasWhenItIsTakenApart() {
        List<String> paths = List.of("");
        for (int length = 0; length < 5; length++) {
            paths = paths.stream()
                    .flatMap(path -> Stream.of("/", "a", "A", ".").map(next -> path + next))
                    .toList();
            for (String path : paths) {
                List<String> segments = AudienceUri.segments("/" + path);
                assertThat(AudienceUri.isPlain("/" + path)).as(path).isEqualTo(!("/" + path).contains("/."));
                if (!AudienceUri.isPlain("/" + path)) {
                    continue;
                }
                assertThat(segments).as(path).isNotNull();
                for (String other :
                        List.of("", "/", "a", "/a", "//a", "a/a", "a//a", "aa", "a/a/a", "a.", "a/", "a%2Fa", "%2F")) {
                    List<String> prefix = Objects.requireNonNull(AudienceUri.segments("/" + other));
                    boolean begins = prefix.size() <= segments.size()
                            && IntStream.range(0, prefix.size())
                                    .allMatch(i -> prefix.get(i).equalsIgnoreCase(segments.get(i)));
                    assertThat(AudienceUri.startsWith("/" + path, prefix))
                            .as("/%s begins with %s", path, prefix)
                            .isEqualTo(begins);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"http://localhost", "http://localhost/", "http://localhost//", "http://localhost?x=/api/v1/hubs/chat"})
    void theHostAloneIsEnoughForRestInLenientOnly(String audience) {
        assertThat(accepts(lenient, rest("/api/v1/hubs/chat"), audience)).isTrue();
        assertThat(accepts(strict, rest("/api/v1/hubs/chat"), audience)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/client/           | chat     | http://localhost/client/?hub=chat",
                "/client            | chat     | http://localhost:8888/client/?hub=chat",
                "/client/           | Chat     | https://localhost/client?HUB=chat",
                "/client/negotiate  | chat     | http://localhost/client/?hub=CHAT",
                "/client/negotiate/ | chat     | http://localhost/client/negotiate?hub=chat",
                "/client/           | chat     | ws://localhost/client/negotiate?x=1&hub=chat&asrs.op=%2Fa",
                "/client/           | app_chat | wss://localhost/client/?hub=app_chat",
                "/client/           | a[1]     | http://localhost/client/?hub=a%5B1%5D",
                "/server/           | chat     | http://localhost/server/?hub=chat",
            })
    void hubCallersInTheWildAreAccepted(String path, String hub, String audience) {
        assertThat(accepts(lenient, hub(path, hub), audience)).isTrue();
        assertThat(accepts(strict, hub(path, hub), audience)).isTrue();
        assertThat(accepts(off, hub(path, hub), audience)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/client/ | chat | http://localhost/client/?hub=other",
                "/client/ | chat | http://localhost/client/",
                "/client/ | chat | http://localhost/client/?hub=",
                "/client/ | chat | http://localhost/client/?hub",
                "/client/ | chat | http://localhost/client/?xhub=chat",
                "/client/ | chat | http://localhost/client/?hub=chat&hub=other",
                "/client/ | chat | http://localhost/client/?hub=other&hub=chat",
                "/client/ | chat | http://localhost/client/?hub=%zz",
                "/client/ | chat | http://localhost/server/?hub=chat",
                "/server/ | chat | http://localhost/client/?hub=chat",
                "/client/ | chat | http://localhost/?hub=chat",
                "/client/ | chat | http://localhost/client/x?hub=chat",
                "/client/ | chat | http://localhost/api/v1/hubs/chat",
                "/client/ | chat | http://localhost/client/negotiate/negotiate?hub=chat",
            })
    void aTokenForAnotherHubOrEndpointIsRefused(String path, String hub, String audience) {
        assertThat(accepts(lenient, hub(path, hub), audience)).isFalse();
        assertThat(accepts(strict, hub(path, hub), audience)).isFalse();
        assertThat(accepts(off, hub(path, hub), audience)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "http://rt.example.com/client/?hub=chat, true",
        "https://RT.example.com:444/client/?hub=chat, true",
        "http://localhost:1/client/?hub=chat, true",
        "http://forwarded.example.com/client/?hub=chat, true",
        "'http://[2001:DB8:0:0::1]:9/client/?hub=chat', true",
        "http://evil.example.com/client/?hub=chat, false",
        "http://rt.example.com.evil/client/?hub=chat, false",
        "http://localhost%00.evil/client/?hub=chat, false",
        "'http://[2001:db8::2]/client/?hub=chat', false",
        "'http://[::1/client/?hub=chat', false",
    })
    void theHostIsComparedInStrictOnlyAndItsPortNever(String audience, boolean known) {
        AudienceCheck check =
                new AudienceCheck.Hub("/client/", "chat", List.of("localhost:8888", "Forwarded.example.com"));

        assertThat(accepts(strict, check, audience)).isEqualTo(known);
        assertThat(accepts(lenient, check, audience)).isTrue();
    }

    @Test
    void aRequestToAnIpv6HostIsRecognised() {
        AudienceCheck check = new AudienceCheck.Rest("/api/hubs/c", List.of("[::1]:8888"));

        assertThat(accepts(strict, check, "http://[0:0:0:0:0:0:0:1]/api/hubs/c"))
                .isTrue();
        assertThat(accepts(strict, check, "http://[::2]/api/hubs/c")).isFalse();
    }

    @Test
    void oneOfSeveralAudiencesIsEnough() {
        String array = "[\"https://elsewhere/x\",\"not a url\",\"http://localhost/client/?hub=chat\"]";

        assertThat(verdict(strict, hub("/client/", "chat"), array)).isInstanceOf(Claims.class);
        assertThat(verdict(lenient, hub("/client/", "chat"), "[\"http://localhost/server/?hub=chat\"]"))
                .isInstanceOf(Refusal.class);
        assertThat(verdict(lenient, hub("/client/", "chat"), "[]")).isInstanceOf(Refusal.class);
    }

    @Test
    void aTokenWithoutAudienceIsForOffOnly() {
        String jwt = Fixtures.token("{\"exp\":" + IN_AN_HOUR + "}");

        assertThat(Fixtures.refused(lenient.verify(jwt, hub("/client/", "chat"))))
                .isEqualTo(Refusal.Reason.AUDIENCE);
        assertThat(Fixtures.refused(lenient.verify(jwt, rest("/api/hubs/c")))).isEqualTo(Refusal.Reason.AUDIENCE);
        assertThat(off.verify(jwt, hub("/client/", "chat"))).isInstanceOf(Claims.class);
    }

    private static boolean accepts(TokenVerifier verifier, AudienceCheck check, String audience) {
        String json = "\"" + audience.replace("\\", "\\\\") + "\"";
        return switch (verdict(verifier, check, json)) {
            case Claims _ -> true;
            case Refusal refusal -> {
                assertThat(refusal.reason()).isEqualTo(Refusal.Reason.AUDIENCE);
                yield false;
            }
        };
    }

    private static Verdict verdict(TokenVerifier verifier, AudienceCheck check, String audienceJson) {
        return verifier.verify(Fixtures.token("{\"exp\":" + IN_AN_HOUR + ",\"aud\":" + audienceJson + "}"), check);
    }

    private static AudienceCheck rest(String path) {
        return new AudienceCheck.Rest(path, HOSTS);
    }

    private static AudienceCheck hub(String path, String hub) {
        return new AudienceCheck.Hub(path, hub, HOSTS);
    }
}
