package io.tidewire.signalr.rest;

import static io.tidewire.signalr.protocol.WireText.bytes;
import static io.tidewire.signalr.protocol.WireText.hex;
import static io.tidewire.signalr.protocol.WireText.prefixed;
import static io.tidewire.signalr.rest.RestServer.assertDone;
import static io.tidewire.signalr.rest.RestServer.assertErrorDetail;
import static io.tidewire.signalr.rest.RestServer.newHub;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidewire.http.RawHttp;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Items of a client's streams, sent over REST (reference C.5, J 9). */
class ClientStreamsTest {
    private final RestServer server = RestServer.setup()
            .set("signalr.client.openStreams=true", "signalr.client.maxOpenStreams=2")
            .start();
    private final String hub = newHub();

    @AfterEach
    void stop() {
        server.close();
    }

    private String path(String connectionId, String stream, String operation) {
        return "/api/hubs/" + hub + "/connections/" + connectionId + "/streams/" + stream + "/:" + operation;
    }

    private RawHttp.Answer send(HubClient client, String stream, String item, String... query) {
        return server.post(path(client.id(), stream, "send") + String.join("", query), item);
    }

    private RawHttp.Answer complete(HubClient client, String stream, String... query) {
        return server.call("POST", path(client.id(), stream, "complete") + String.join("", query), "Content-Length: 0");
    }

    private static void open(HubClient client, String stream) {
        client.say("{\"type\":4,\"invocationId\":\"" + stream + "\",\"target\":\"counter\",\"arguments\":[]}");
        client.settle();
    }

    private static String item(String stream, String json) {
        return "{\"type\":2,\"invocationId\":\"" + stream + "\",\"item\":" + json + "};";
    }

    private static String completion(String stream, String rest) {
        return "{\"type\":3,\"invocationId\":\"" + stream + "\"" + rest + "};";
    }

    @Test
    void itemsAndTheEndReachTheStreamInTheirOrderAndTextually() {
        for (int i = 0; i < 3; i++) {
            try (HubClient client = server.json(hub, null)) {
                open(client, "0");
                assertDone(send(client, "0", "{\"price\": 1.50}"), 202);
                assertDone(send(client, "0", " [1, null] "), 202);
                assertDone(send(client, "0", "null"), 202);
                assertDone(complete(client, "0"), 202);
                assertThat(client.received())
                        .containsExactly(
                                item("0", "{\"price\": 1.50}"),
                                item("0", " [1, null] "),
                                item("0", "null"),
                                completion("0", ""));
            }
        }
    }

    @Test
    void itemsBecomeMessagePackForMessagePackClients() {
        for (int i = 0; i < 3; i++) {
            try (HubClient client = server.messagePack(hub, null)) {
                client.say("96 04 80 A1 '0' A7 'counter' 90 90");
                client.settle();
                send(client, "0", "{\"price\": 2.5, \"n\": [1, -1, null]}");
                complete(client, "0", "?error=over");
                assertThat(client.received())
                        .containsExactly(
                                hex(prefixed(
                                        bytes("94 02 80 A1 '0' 82 A5 'price' CB 4004000000000000 A1 'n' 93 01 FF C0"))),
                                hex(prefixed(bytes("95 03 80 A1 '0' 01 A4 'over'"))));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "True"})
    void theLastItemMayEndTheStream(String yes) {
        try (HubClient client = server.json(hub, null)) {
            open(client, "0");
            assertDone(send(client, "0", "1", "?completed=false"), 202);
            assertDone(send(client, "0", "2", "?completed=" + yes), 202);
            assertDone(send(client, "0", "3"), 202);
            assertThat(client.received()).containsExactly(item("0", "1"), item("0", "2"), completion("0", ""));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"?reason=no+more", "?error=no%20more", "?reason=no%20more&error=other"})
    void aStreamEndsWithAnError(String query) {
        try (HubClient client = server.json(hub, null)) {
            open(client, "0");
            assertDone(complete(client, "0", query), 202);
            assertThat(client.received()).containsExactly(completion("0", ",\"error\":\"no more\""));
        }
    }

    @Test
    void streamsOfOneClientAreApart() {
        try (HubClient client = server.json(hub, null)) {
            open(client, "a");
            open(client, "b");
            send(client, "a", "1");
            complete(client, "a");
            send(client, "b", "2");
            complete(client, "b");
            assertThat(client.received())
                    .containsExactly(item("a", "1"), completion("a", ""), item("b", "2"), completion("b", ""));
        }
    }

    @Test
    void whatComesAfterTheEndIsDroppedAndCounted() {
        try (HubClient client = server.json(hub, null)) {
            open(client, "0");
            complete(client, "0");
            assertDone(send(client, "0", "1"), 202);
            assertDone(send(client, "0", "2", "?completed=true"), 202);
            assertDone(complete(client, "0"), 202);
            assertDone(send(client, "never", "1"), 202);
            assertThat(client.received()).containsExactly(completion("0", ""));
            assertThat(server.dropped("StreamNotOpen")).isEqualTo(5);
        }
    }

    @Test
    void nobodyThereIsAcceptedAsForOtherSends() {
        assertDone(server.post(path("nobody", "0", "send"), "1"), 202);
        assertDone(server.call("POST", path("nobody", "0", "complete"), "Content-Length: 0"), 202);
    }

    @Test
    void aClientThatCancelsGetsNoMore() {
        try (HubClient client = server.json(hub, null)) {
            open(client, "0");
            send(client, "0", "1");
            assertThat(client.next()).isEqualTo(item("0", "1"));
            client.say("{\"type\":5,\"invocationId\":\"0\"}");
            client.settle();
            send(client, "0", "2");
            complete(client, "0");
            assertThat(client.received()).isEmpty();
            open(client, "0");
            send(client, "0", "3");
            assertThat(client.received()).as("the id is free again").containsExactly(item("0", "3"));
        }
    }

    @Test
    void soManyStreamsAreOpenAndNoMore() {
        try (HubClient client = server.json(hub, null)) {
            open(client, "1");
            open(client, "2");
            client.say("{\"type\":4,\"invocationId\":\"3\",\"target\":\"counter\",\"arguments\":[]}");
            assertThat(client.next())
                    .isEqualTo(completion(
                            "3", ",\"error\":\"More than 2 streams are open (signalr.client.maxOpenStreams).\""));
            assertThat(server.dropped("StreamRefused")).isEqualTo(1);
            complete(client, "1");
            assertThat(client.next()).isEqualTo(completion("1", ""));
            open(client, "3");
            send(client, "3", "1");
            assertThat(client.received()).containsExactly(item("3", "1"));
        }
    }

    @Test
    void anIdThatIsOpenAlreadyEndsBoth() {
        try (HubClient client = server.json(hub, null)) {
            open(client, "1");
            client.say("{\"type\":4,\"invocationId\":\"1\",\"target\":\"counter\",\"arguments\":[]}");
            assertThat(client.next()).isEqualTo(completion("1", ",\"error\":\"The stream '1' is open already.\""));
            send(client, "1", "1");
            assertThat(client.received()).isEmpty();
        }
    }

    @Test
    void itemsOfOneCallerKeepTheirOrderOnOneConnection() {
        try (HubClient client = server.json(hub, null);
                RawHttp caller = RawHttp.connect(server.address())) {
            open(client, "0");
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                String target = path(client.id(), "0", "send") + (i == 299 ? "?completed=true" : "");
                caller.send(server.request("POST", target, "application/json", ("" + i).getBytes(UTF_8)));
                expected.add(item("0", "" + i));
            }
            expected.add(completion("0", ""));
            for (String message : expected) {
                assertThat(client.next()).isEqualTo(message);
            }
            for (int i = 0; i < 300; i++) {
                assertThat(caller.read().status()).isEqualTo(202);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{", "1 2", "[1,]", "{\"a\":1}}", "nul", "\u00e9"})
    void anItemThatIsNotOneJsonValueIsRefused(String body) {
        try (HubClient client = server.json(hub, null)) {
            open(client, "0");
            assertErrorDetail(send(client, "0", body), 400, "Error.Request.Invalid", "");
            assertThat(client.received()).isEmpty();
        }
    }

    /** The message around it is one level more; a client may refuse a message that is nested deeper than 64 levels. */
    @Test
    void anItemIsNestedNoDeeperThanAMessageCanHold() {
        try (HubClient client = server.json(hub, null);
                HubClient pack = server.messagePack(hub, null)) {
            open(client, "0");
            pack.say("96 04 80 A1 '0' A7 'counter' 90 90");
            pack.settle();
            String deepest = "[".repeat(63) + "]".repeat(63);
            assertDone(send(client, "0", deepest), 202);
            assertDone(send(pack, "0", deepest), 202);
            assertThat(client.received()).containsExactly(item("0", deepest));
            assertThat(pack.received()).hasSize(1);
            assertErrorDetail(
                    send(client, "0", "[" + deepest + "]"), 400, "Error.Request.Invalid", "nested deeper than 64");
        }
    }

    @Test
    void theParametersAreLookedAt() {
        try (HubClient client = server.json(hub, null)) {
            assertErrorDetail(send(client, "0", "1", "?completed=2"), 400, "Error.Request.Invalid", "completed");
            assertErrorDetail(send(client, "x".repeat(101), "1"), 400, "Error.Request.Invalid", "stream id");
            assertErrorDetail(complete(client, "%20%20"), 400, "Error.Request.Invalid", "stream id");
            assertDone(send(client, "x".repeat(100), "1"), 202);
        }
    }

    @Test
    void theEndOfTheConnectionIsTheEndOfItsStreams() {
        HubClient client = server.json(hub, null);
        open(client, "0");
        client.leave();
        await().until(() -> !client.isMember());
        assertDone(send(client, "0", "1"), 202);
        client.close();
    }

    /** Without openStreams the server knows of no stream: whoever sends says what is open, as it is with the vendor. */
    @Test
    void withoutARecordTheCallerAloneKnowsWhatIsOpen() {
        try (RestServer closed = RestServer.start();
                HubClient client = closed.json(hub, null)) {
            client.say("{\"type\":4,\"invocationId\":\"0\",\"target\":\"counter\",\"arguments\":[]}");
            assertThat(client.next())
                    .isEqualTo(completion(
                            "0", ",\"error\":\"Streaming invocation is not supported in serverless mode.\""));
            assertDone(closed.post(path(client.id(), "out-of-band", "send"), "1"), 202);
            assertDone(closed.call("POST", path(client.id(), "out-of-band", "complete"), "Content-Length: 0"), 202);
            assertThat(client.received()).containsExactly(item("out-of-band", "1"), completion("out-of-band", ""));
        }
    }
}
