package io.tidewire.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonParser;
import com.microsoft.signalr.HubConnectionState;
import com.microsoft.signalr.TransportEnum;
import io.reactivex.rxjava3.core.Single;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The vendor's Java client over each of its transports with JSON; a hub of its own for each test. */
@ParameterizedClass
@EnumSource(
        value = TransportEnum.class,
        names = {"WEBSOCKETS", "LONG_POLLING"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class VendorJavaClientTest {
    private static final AtomicInteger HUBS = new AtomicInteger();

    @Parameter
    @SuppressWarnings("NullAway.Init") // set before all tests
    private TransportEnum transport;

    /** Null until it has started, and for good if it does not. */
    private @Nullable PackagedServer server;

    @SuppressWarnings("NullAway.Init") // set before each test
    private HubCaller hub;

    @BeforeAll
    void startServer() throws Exception {
        server = PackagedServer.start("java-client-" + transport);
    }

    @AfterAll
    void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void newHub() {
        hub = new HubCaller(Objects.requireNonNull(server), "java" + HUBS.incrementAndGet());
    }

    @AfterEach
    void closeCaller() {
        hub.close();
    }

    private VendorClient client(String user) {
        return VendorClient.start(hub, transport, user);
    }

    @Test
    void broadcastReachesEveryone() throws Exception {
        try (var one = client("");
                var two = client("ann")) {
            hub.send("", "[\"hello ü 😀\"]");
            assertThat(one.take(1)).containsExactly("hello ü 😀");
            assertThat(two.take(1)).containsExactly("hello ü 😀");
        }
    }

    @Test
    void userGetsItOnEachConnectionAndNobodyElse() throws Exception {
        try (var one = client("ann");
                var two = client("ann");
                var other = client("bob")) {
            hub.send("/users/ann", "[\"for ann\"]");
            hub.send("", "[\"end\"]");
            assertThat(one.take(2)).containsExactly("for ann", "end");
            assertThat(two.take(2)).containsExactly("for ann", "end");
            assertThat(other.take(1)).containsExactly("end");
        }
    }

    @Test
    void groupReachesMembersUntilTheyLeave() throws Exception {
        try (var member = client("");
                var outsider = client("")) {
            hub.join("room", member.id());
            hub.send("/groups/room", "[\"in\"]");
            hub.leave("room", member.id());
            hub.send("/groups/room", "[\"out\"]");
            hub.send("", "[\"end\"]");
            assertThat(member.take(2)).containsExactly("in", "end");
            assertThat(outsider.take(1)).containsExactly("end");
        }
    }

    @Test
    void negotiatedIdIsTheOneThatRestAddresses() throws Exception {
        try (var one = client("ann");
                var two = client("ann")) {
            hub.send("/connections/" + two.id(), "[\"for two\"]");
            hub.send("", "[\"end\"]");
            assertThat(one.take(1)).containsExactly("end");
            assertThat(two.take(2)).containsExactly("for two", "end");
        }
    }

    @Test
    void argumentsOfSeveralTypes() throws Exception {
        try (var client = client("")) {
            var seen = new CompletableFuture<List<Object>>();
            client.connection()
                    .on(
                            "typed",
                            (number, fraction, flag, texts) ->
                                    seen.complete(List.of(number, fraction, flag, List.of(texts))),
                            Long.class,
                            Double.class,
                            Boolean.class,
                            String[].class);
            hub.send("", "typed", "[9007199254740993, 0.1, true, [\"a\", \"\\u00fc\"]]");
            assertThat(seen.get(20, TimeUnit.SECONDS))
                    .isEqualTo(List.of(9007199254740993L, 0.1, true, List.of("a", "ü")));
        }
    }

    @Test
    void closeCarriesTheReason() throws Exception {
        try (var client = client("")) {
            String id = client.id();
            hub.close(id, "tidied up: ü");
            assertThat(client.closeError())
                    .hasValueSatisfying(error -> assertThat(error).hasMessageContaining("tidied up: ü"));
            await().until(() -> !hub.connectionExists(id));
        }
    }

    @Test
    void stopEndsTheConnection() throws Exception {
        try (var client = client("")) {
            String id = client.id();
            assertThat(hub.connectionExists(id)).isTrue();
            client.connection().stop().blockingAwait();
            assertThat(client.closeError()).isEmpty();
            await().until(() -> !hub.connectionExists(id));
        }
    }

    @Test
    void twoHundredArriveInOrder() throws Exception {
        try (var client = client("ann")) {
            List<String> texts =
                    IntStream.range(0, 200).mapToObj(i -> "number " + i).toList();
            for (int i = 0; i < texts.size(); i++) {
                hub.send(i % 2 == 0 ? "" : "/users/ann", "[\"" + texts.get(i) + "\"]");
            }
            assertThat(client.take(200)).isEqualTo(texts);
        }
    }

    @Test
    void nineHundredKilobytesArriveWhole() throws Exception {
        String text = IntStream.range(0, 90_000).mapToObj("%09d"::formatted).collect(Collectors.joining(" ")) + "!";
        assertThat(text).hasSize(900_000);
        try (var client = client("")) {
            hub.send("", "[\"" + text + "\"]");
            hub.send("", "[\"next\"]");
            List<String> taken = client.take(2);
            assertThat(taken.get(0).equals(text)).as("the large text is whole").isTrue();
            assertThat(taken.get(1)).isEqualTo("next");
        }
    }

    @Test
    void negotiatesWithItsApplicationAndIsSentOn() throws Exception {
        try (var application = new JavaApplication()) {
            application.sendOn(hub::clientUrl, () -> hub.clientToken("ann"));
            // Over long polling the vendor's client goes on with the token that it came with, so both are the same
            // here.
            try (var client = VendorClient.start(application.url(), () -> hub.clientToken("ann"), transport)) {
                hub.send("/users/ann", "[\"sent on\"]");
                assertThat(client.take(1)).containsExactly("sent on");
            }
        }
    }

    @Test
    void answersWhatRestCalls() throws Exception {
        try (var client = client("ann")) {
            client.connection().onWithResult("shout", text -> Single.just(text.toUpperCase(Locale.ROOT)), String.class);
            client.connection().onWithResult("fail", () -> Single.error(new IllegalStateException("not today")));
            var shouted = hub.invoke(client.id(), "shout", "[\"hello \u00fc\"]");
            assertThat(shouted.statusCode()).as(shouted.body()).isEqualTo(200);
            assertThat(JsonParser.parseString(shouted.body()))
                    .isEqualTo(JsonParser.parseString("{\"result\":\"HELLO \u00dc\"}"));
            var failed = hub.invoke(client.id(), "fail", "[]");
            assertThat(failed.statusCode()).as(failed.body()).isEqualTo(400);
            assertThat(failed.body()).contains("not today");
        }
    }

    @Test
    void connectsWithoutNegotiating() throws Exception {
        // Only WebSockets can, whatever the other tests use.
        try (var client = VendorClient.start(
                hub, TransportEnum.WEBSOCKETS, "ann", builder -> builder.shouldSkipNegotiate(true))) {
            hub.send("/users/ann", "[\"direct\"]");
            assertThat(client.take(1)).containsExactly("direct");
        }
    }

    @Test
    void invokeWithoutUpstreamNamesIt() throws Exception {
        try (var client = client("")) {
            var answer = client.connection().invoke("orderPizza", "large").timeout(20, TimeUnit.SECONDS);
            assertThatThrownBy(answer::blockingAwait)
                    .hasMessageContaining("upstream")
                    .hasMessageContaining("orderPizza");
            assertThat(client.connection().getConnectionState()).isEqualTo(HubConnectionState.CONNECTED);
        }
    }
}
