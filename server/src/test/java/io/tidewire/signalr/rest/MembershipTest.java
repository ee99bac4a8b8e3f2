package io.tidewire.signalr.rest;

import static io.tidewire.signalr.rest.RestServer.assertDone;
import static io.tidewire.signalr.rest.RestServer.assertError;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidewire.http.RawHttp;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is in which group after each operation that changes it, seen by who gets what is sent to the group. */
@Timeout(60)
class MembershipTest {
    private static final String NEWS = "{\"type\":1,\"target\":\"news\",\"arguments\":[]};";

    private static RestServer server;

    private String hub;
    private HubClient ann; // user U
    private HubClient bob; // user V
    private HubClient cat; // user U

    @BeforeAll
    static void startServer() {
        server = RestServer.start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void connect() {
        hub = RestServer.newHub();
        ann = server.json(hub, "U");
        bob = server.json(hub, "V");
        cat = server.json(hub, "U");
    }

    @AfterEach
    void disconnect() {
        ann.close();
        bob.close();
        cat.close();
    }

    private String fill(String target) {
        return target.replace("{hub}", hub).replace("{ann}", ann.id()).replace("{bob}", bob.id());
    }

    private RawHttp.Answer call(String method, String target) {
        return server.call(method, fill(target));
    }

    private String members(String group) {
        assertDone(server.post(fill("/api/v1/hubs/{hub}/groups/" + group), "{\"target\":\"news\"}"), 202);
        return (got(ann) ? "a" : "") + (got(bob) ? "b" : "") + (got(cat) ? "c" : "");
    }

    private static boolean got(HubClient client) {
        List<String> received = client.received();
        assertThat(received).isSubsetOf(NEWS).hasSizeLessThan(2);
        return !received.isEmpty();
    }

    private boolean isRemembered(String user, String group) {
        return call("GET", "/api/hubs/{hub}/users/" + user + "/groups/" + group).status() == 200;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/api/v1/hubs/{hub}/groups/G/connections/{ann} | 200 | a",
                "/api/v1/hubs/{hub}/connections/{ann}/groups/G | 200 | a",
                "/api/hubs/{hub}/groups/G/connections/{ann}?api-version=2022-06-01 | 200 | a",
                "/api/hubs/{hub}/connections/{ann}/groups/G | 200 | a",
                "/api/hubs/{hub}/groups/G/users/U | 200 | ac",
                "/api/v1/hubs/{hub}/groups/G/users/U | 202 | ac",
                "/api/v1/hubs/{hub}/users/U/groups/G | 202 | ac",
                "/api/hubs/{hub}/users/U/groups/G?api-version=2022-06-01 | 200 | ac",
                "/api/v1/hubs/{hub}/groups/G/users/U?ttl=60 | 202 | ac",
                "/api/hubs/{hub}/users/U/groups/G?ttl=0 | 200 | ac",
                "/api/hubs/{hub}/users/U/groups/G?ttl=2147483647 | 200 | ac",
            })
    void putMakesMembers(String target, int status, String members) {
        assertDone(call("PUT", target), status);
        assertThat(members("G")).isEqualTo(members);
        assertThat(members("g")).isEmpty();

        assertDone(call("PUT", target), status);
        assertThat(members("G")).as("once, not twice").isEqualTo(members);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/api/v1/hubs/{hub}/groups/G/connections/{ann} | 200 | bc | abc",
                "/api/v1/hubs/{hub}/connections/{ann}/groups/G | 200 | bc | abc",
                "/api/hubs/{hub}/groups/G/connections/{ann} | 200 | bc | abc",
                "/api/hubs/{hub}/connections/{ann}/groups/G | 200 | bc | abc",
                "/api/hubs/{hub}/groups/G/users/U | 204 | b | abc",
                "/api/hubs/{hub}/connections/{ann}/groups | 200 | bc | bc",
                "/api/v1/hubs/{hub}/connections/{ann}/groups | 200 | bc | bc",
                "/api/v1/hubs/{hub}/groups/G/users/U | 202 | b | abc",
                "/api/v1/hubs/{hub}/users/U/groups/G | 202 | b | abc",
                "/api/hubs/{hub}/users/U/groups/G | 204 | b | abc",
                "/api/v1/hubs/{hub}/users/U/groups | 200 | b | b",
                "/api/hubs/{hub}/users/U/groups | 204 | b | b",
            })
    void deleteTakesThemOutWhateverMadeThemMembers(String target, int status, String left, String leftElsewhere) {
        for (String group : List.of("G", "H")) {
            assertDone(call("PUT", "/api/v1/hubs/{hub}/groups/" + group + "/users/U"), 202);
            assertDone(call("PUT", "/api/v1/hubs/{hub}/groups/" + group + "/connections/{ann}"), 200);
            assertDone(call("PUT", "/api/v1/hubs/{hub}/groups/" + group + "/connections/{bob}"), 200);
            assertThat(members(group)).isEqualTo("abc");
        }
        assertDone(call("DELETE", target), status);
        assertThat(members("G")).isEqualTo(left);
        assertThat(members("H")).isEqualTo(leftElsewhere);
    }

    @Test
    void aUserWhoWasTakenOutIsForgotten() {
        assertDone(call("PUT", "/api/hubs/{hub}/users/U/groups/G"), 200);
        assertDone(call("PUT", "/api/hubs/{hub}/users/U/groups/H"), 200);
        assertDone(call("DELETE", "/api/hubs/{hub}/users/U/groups/G"), 204);
        assertThat(isRemembered("U", "G")).isFalse();
        assertThat(isRemembered("U", "H")).isTrue();

        assertDone(call("DELETE", "/api/hubs/{hub}/users/U/groups"), 204);
        assertThat(isRemembered("U", "H")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?ttl=60"})
    void aMembershipTakesInConnectionsToCome(String ttl) {
        assertDone(call("PUT", "/api/hubs/{hub}/users/later/groups/G" + ttl), 200);
        try (HubClient late = server.json(hub, "later")) {
            assertThat(members("G")).isEmpty();
            assertThat(late.received()).containsExactly(NEWS);
        }
    }

    @Test
    void aTtlOfZeroIsForTheConnectionsOfThisMomentOnly() {
        assertDone(call("PUT", "/api/hubs/{hub}/users/U/groups/G?ttl=0"), 200);
        assertThat(isRemembered("U", "G")).isFalse();
        try (HubClient late = server.json(hub, "U")) {
            assertThat(members("G")).isEqualTo("ac");
            assertThat(late.received()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/hubs/{hub}/groups/G/users/U", "/api/hubs/{hub}/users/U/groups/G"})
    void expiryTakesOutWhoCameThroughTheMembershipAndNobodyElse(String target) {
        assertDone(call("PUT", "/api/v1/hubs/{hub}/groups/G/connections/{ann}"), 200);
        assertThat(call("PUT", target + "?ttl=1").status()).isLessThan(300);
        assertThat(members("G")).isEqualTo("ac");
        assertThat(isRemembered("U", "G")).isTrue();

        await().atMost(Duration.ofSeconds(10)).until(() -> !isRemembered("U", "G"));
        assertThat(members("G")).isEqualTo("a");
        try (HubClient late = server.json(hub, "U")) {
            assertThat(late.received()).isEmpty();
        }
    }

    @Test
    void aRenewedMembershipLivesOn() {
        assertDone(call("PUT", "/api/hubs/{hub}/users/U/groups/G?ttl=1"), 200);
        assertDone(call("PUT", "/api/hubs/{hub}/users/U/groups/G"), 200);
        assertDone(call("PUT", "/api/hubs/{hub}/users/U/groups/H?ttl=1"), 200);

        await().atMost(Duration.ofSeconds(10)).until(() -> !isRemembered("U", "H"));
        assertThat(isRemembered("U", "G")).isTrue();
        assertThat(members("G")).isEqualTo("ac");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"-1", "-0x", "1.5", "1e3", "abc", "2147483648", "99999999999999999999", "''", "%20", "1%201", "+1"
            })
    void aTtlThatIsNoNumberOfSecondsIsRefused(String ttl) {
        for (String target : List.of("/api/v1/hubs/{hub}/groups/G/users/U", "/api/hubs/{hub}/users/U/groups/G")) {
            assertError(
                    target,
                    call("PUT", target + "?ttl=" + ttl),
                    400,
                    "Error.Request.Invalid",
                    "Invalid ttl. It is a number of seconds between 0 and 2147483647.");
        }
        assertThat(members("G")).isEmpty();
    }

    @Test
    void theHundredLatestLastingMembershipsAreKept() {
        var puts = new ByteArrayOutputStream();
        for (int i = 1; i <= 100; i++) {
            puts.writeBytes(put("G" + i));
        }
        puts.writeBytes(put("G1")); // updated, so it is no longer the oldest
        puts.writeBytes(put("short?ttl=60")); // does not count
        puts.writeBytes(put("G101"));
        try (RawHttp http = RawHttp.connect(server.address())) {
            http.send(puts.toByteArray());
            for (int i = 0; i < 103; i++) {
                assertDone(http.read(), 200);
            }
        }
        assertThat(isRemembered("U", "G2")).isFalse();
        assertThat(members("G2")).as("the live connections leave, too").isEmpty();
        for (String kept : List.of("G1", "G3", "G100", "G101", "short")) {
            assertThat(isRemembered("U", kept)).as(kept).isTrue();
            assertThat(members(kept)).as(kept).isEqualTo("ac");
        }
    }

    private byte[] put(String group) {
        return server.request("PUT", fill("/api/hubs/{hub}/users/U/groups/" + group), "text/plain", new byte[0]);
    }

    @Test
    void groupsEndWithTheConnectionAndMembershipsDoNot() {
        assertDone(call("PUT", "/api/hubs/{hub}/groups/direct/connections/{bob}"), 200);
        assertDone(call("PUT", "/api/hubs/{hub}/users/V/groups/lasting"), 200);
        bob.close();
        await().until(() -> !bob.isMember());

        assertThat(call("HEAD", "/api/hubs/{hub}/groups/direct").status()).isEqualTo(404);
        assertThat(call("HEAD", "/api/hubs/{hub}/groups/lasting").status()).isEqualTo(404);
        assertThat(isRemembered("V", "lasting")).isTrue();
        bob = server.json(hub, "V");
        assertThat(members("direct")).isEmpty();
        assertThat(members("lasting")).isEqualTo("b");
    }
}
