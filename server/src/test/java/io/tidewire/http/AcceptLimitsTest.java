package io.tidewire.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bad input B25: one address with too many sockets, and too many sockets at once. Those that are there do not notice. */
class AcceptLimitsTest {
    private static final Route OK = TestServer.get("/ok", exchange -> exchange.respond(Response.text(200, "ok")));

    private static HttpSettings settings(int ofAddress, int inSecond, String... trusted) {
        return new HttpSettings(
                1024,
                2048,
                512,
                1024,
                Duration.ofSeconds(20),
                Duration.ofMinutes(2),
                1000,
                ofAddress,
                inSecond,
                Duration.ofSeconds(10),
                new ProxySettings(List.of(trusted)));
    }

    /** How many of so many new connections are served; the others are closed without an answer. */
    private static int served(TestServer server, List<RawHttp> open, int count) {
        int served = 0;
        for (int i = 0; i < count; i++) {
            RawHttp http = server.connect();
            open.add(http);
            served += answers(http) ? 1 : 0;
        }
        return served;
    }

    private static boolean answers(RawHttp http) {
        try {
            return http.get("/ok").read().status() == 200;
        } catch (UncheckedIOException closed) {
            return false;
        }
    }

    @Test
    void oneAddressHasSoManyAndNoMore() {
        List<RawHttp> open = new ArrayList<>();
        try (TestServer server = new TestServer(settings(3, 0), OK)) {
            assertThat(served(server, open, 3)).isEqualTo(3);
            assertThat(served(server, open, 50)).isZero();
            await().until(() -> server.recorder.refusals().size() == 50);
            assertThat(server.recorder.refusals()).containsOnly("TooManyOfAddress");
            assertThat(server.recorder.opened).hasValue(3);
            assertThat(answers(open.getFirst())).as("one that was there before").isTrue();

            open.getFirst().close();
            await().until(() -> server.listener.connections() == 2);
            assertThat(served(server, open, 1)).isEqualTo(1);
        } finally {
            open.forEach(RawHttp::close);
        }
    }

    @Test
    void aTrustedProxyHasAsManyAsItWants() {
        List<RawHttp> open = new ArrayList<>();
        try (TestServer server = new TestServer(settings(3, 0, "loopback"), OK)) {
            assertThat(served(server, open, 10)).isEqualTo(10);
        } finally {
            open.forEach(RawHttp::close);
        }
    }

    @Test
    void soManyInASecond() {
        List<RawHttp> open = new ArrayList<>();
        try (TestServer server = new TestServer(settings(0, 5), OK)) {
            assertThat(served(server, open, 1)).isEqualTo(1);
            await().until(() -> {
                served(server, open, 20);
                return server.recorder.refusals().contains("TooManyInSecond");
            });
            assertThat(answers(open.getFirst())).as("one that was there before").isTrue();
            await().until(() -> served(server, open, 1) == 1);
        } finally {
            open.forEach(RawHttp::close);
        }
    }

    @Test
    void theLastOneOfASecondIsWelcomeAndTheNextIsNot() {
        InetAddress any = InetAddress.ofLiteral("192.0.2.1");
        // Again, should a second end in between.
        await().untilAsserted(() -> {
            var limits = new AcceptLimits(settings(0, 5), new Origins("http", ProxySettings.NONE));
            for (int i = 0; i < 5; i++) {
                assertThat(limits.take(any)).isEqualTo(AcceptLimits.Verdict.WELCOME);
            }
            assertThat(limits.take(any)).isEqualTo(AcceptLimits.Verdict.TOO_MANY_IN_SECOND);
        });
    }

    @Test
    void addressesOfOneNetworkOfIpv6AreOne() {
        var limits = new AcceptLimits(settings(2, 0), new Origins("http", ProxySettings.NONE));
        InetAddress one = InetAddress.ofLiteral("2001:db8:0:1::1");
        InetAddress other = InetAddress.ofLiteral("2001:db8:0:1:ffff::2");
        InetAddress elsewhere = InetAddress.ofLiteral("2001:db8:0:2::1");

        assertThat(limits.take(one)).isEqualTo(AcceptLimits.Verdict.WELCOME);
        assertThat(limits.take(other)).isEqualTo(AcceptLimits.Verdict.WELCOME);
        assertThat(limits.take(one)).isEqualTo(AcceptLimits.Verdict.TOO_MANY_OF_ADDRESS);
        assertThat(limits.take(elsewhere)).isEqualTo(AcceptLimits.Verdict.WELCOME);
        limits.give(other);
        assertThat(limits.take(one)).isEqualTo(AcceptLimits.Verdict.WELCOME);
        limits.give(one);
        limits.give(one);
        limits.give(elsewhere);
        assertThat(limits.addresses()).as("addresses that are remembered").isZero();
    }
}
