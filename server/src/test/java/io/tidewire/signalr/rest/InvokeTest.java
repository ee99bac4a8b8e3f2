package io.tidewire.signalr.rest;

import static io.tidewire.signalr.protocol.WireText.bytes;
import static io.tidewire.signalr.protocol.WireText.hex;
import static io.tidewire.signalr.protocol.WireText.prefixed;
import static io.tidewire.signalr.rest.RestServer.assertErrorDetail;
import static io.tidewire.signalr.rest.RestServer.newHub;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidewire.http.RawHttp;
import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The result of a call to one client, over REST (reference C.5, J 8, J 20). */
class InvokeTest {
    private static final String ASK = "{\"target\":\"ask\",\"arguments\":[1,\"two\"]}";

    private final RestServer server = RestServer.setup()
            .set("signalr.client.invocationTimeout=5s", "signalr.client.maxPendingInvocations=2")
            .start();
    private final String hub = newHub();
    private final List<RawHttp> callers = new ArrayList<>();

    @AfterEach
    void stop() {
        callers.forEach(RawHttp::close);
        server.close();
    }

    private RawHttp invoke(String connectionId, String contentType, byte[] body) {
        RawHttp caller = RawHttp.connect(server.address());
        callers.add(caller);
        String target = "/api/hubs/" + hub + "/connections/" + URLEncoder.encode(connectionId, UTF_8)
                + "/:invoke?api-version=2024-12-01";
        return caller.send(server.request("POST", target, contentType, body));
    }

    private RawHttp invoke(HubClient client) {
        return invoke(client.id(), "application/json", ASK.getBytes(UTF_8));
    }

    private static void assertResult(RawHttp caller, String json) {
        RawHttp.Answer answer = caller.read();
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json; charset=utf-8");
        assertThat(answer.text()).isEqualTo(json);
    }

    private static String question(int id) {
        return "{\"type\":1,\"invocationId\":\"tidewire-" + id + "\",\"target\":\"ask\",\"arguments\":[1,\"two\"]};";
    }

    private static String completion(int id, String rest) {
        return "{\"type\":3,\"invocationId\":\"tidewire-" + id + "\"" + rest + "}";
    }

    /** Callers and clients take turns on the loops, so the connection is on the caller's loop and on another one. */
    @Test
    void aResultInJsonComesBackAsItIsFromWhicheverLoop() {
        for (int i = 0; i < 4; i++) {
            try (HubClient client = server.json(hub, null)) {
                RawHttp caller = invoke(client);
                assertThat(client.next()).isEqualTo(question(1));
                client.say(completion(1, ",\"result\":{\"b\": 1.50, \"a\":[\"\\u00e9\", 12345678901234567890123]}"));
                assertResult(caller, "{\"result\":{\"b\": 1.50, \"a\":[\"\\u00e9\", 12345678901234567890123]}}");
            }
        }
    }

    @Test
    void aResultInMessagePackBecomesJson() {
        for (int i = 0; i < 4; i++) {
            try (HubClient client = server.messagePack(hub, null)) {
                RawHttp caller = invoke(client);
                assertThat(client.next())
                        .isEqualTo(hex(prefixed(bytes("96 01 80 AA 'tidewire-1' A3 'ask' 92 01 A3 'two' 90"))));
                client.say("95 03 80 AA 'tidewire-1' 03 82 A1 'a' 93 01 C0 C3 A1 'b' C4 02 01 02");
                assertResult(caller, "{\"result\":{\"a\":[1,null,true],\"b\":\"AQI=\"}}");
            }
        }
    }

    @Test
    void noResultIsNoMemberAndNullIsOne() {
        try (HubClient json = server.json(hub, null);
                HubClient pack = server.messagePack(hub, null)) {
            RawHttp nothing = invoke(json);
            json.next();
            json.say(completion(1, ""));
            assertResult(nothing, "{}");
            RawHttp isNull = invoke(json);
            json.next();
            json.say(completion(2, ",\"result\":null"));
            assertResult(isNull, "{\"result\":null}");

            RawHttp packedNothing = invoke(pack);
            pack.next();
            pack.say("94 03 80 AA 'tidewire-1' 02");
            assertResult(packedNothing, "{}");
            RawHttp packedNull = invoke(pack);
            pack.next();
            pack.say("95 03 80 AA 'tidewire-2' 03 C0");
            assertResult(packedNull, "{\"result\":null}");
        }
    }

    @Test
    void theErrorOfTheClientIsTheErrorOfTheCall() {
        try (HubClient json = server.json(hub, null);
                HubClient pack = server.messagePack(hub, null)) {
            RawHttp caller = invoke(json);
            json.next();
            json.say(completion(1, ",\"error\":\"not \\\"now\\\"\""));
            assertErrorDetail(caller.read(), 400, "Error.Request.Invalid", "not \"now\"");
            RawHttp other = invoke(pack);
            pack.next();
            pack.say("95 03 80 AA 'tidewire-1' 01 A4 'nope'");
            assertErrorDetail(other.read(), 400, "Error.Request.Invalid", "nope");
        }
    }

    @Test
    void aResultThatJsonCannotSayIsAnError() {
        try (HubClient client = server.messagePack(hub, null)) {
            RawHttp caller = invoke(client);
            client.next();
            client.say("95 03 80 AA 'tidewire-1' 03 81 90 01");
            assertErrorDetail(caller.read(), 400, "Error.Request.Invalid", "cannot be written as JSON");
        }
    }

    @Test
    void aConnectionThatIsNotThere() {
        assertErrorDetail(
                invoke("nobody", "application/json", ASK.getBytes(UTF_8)).read(),
                404,
                "Error.Connection.NotExisted",
                "does not exist");
    }

    @Test
    void aClientThatLeavesWithoutAnAnswerIsSaidToBeDisconnected() {
        try (HubClient client = server.json(hub, null)) {
            RawHttp caller = invoke(client);
            client.next();
            client.leave();
            assertErrorDetail(
                    caller.read(), 400, "Error.Request.Invalid", "Connection '" + client.id() + "' is disconnected.");
        }
    }

    @Test
    void aClientThatIsClosedOverRestMeanwhileIsDisconnectedToo() {
        try (HubClient client = server.json(hub, null)) {
            RawHttp caller = invoke(client);
            client.next();
            server.call("DELETE", "/api/hubs/" + hub + "/connections/" + client.id());
            assertErrorDetail(
                    caller.read(), 400, "Error.Request.Invalid", "Connection '" + client.id() + "' is disconnected.");
        }
    }

    @Test
    void aStopAnswersThoseWhoWait() {
        try (HubClient client = server.json(hub, null)) {
            RawHttp caller = invoke(client);
            client.next();
            Thread.ofVirtual().start(server::close);
            assertErrorDetail(caller.read(), 400, "Error.Request.Invalid", "is disconnected.");
        }
    }

    @Test
    void aClientThatDoesNotAnswerEndsIn504AndItsLateAnswerIsNobodys() {
        try (RestServer hasty = RestServer.setup()
                        .set("signalr.client.invocationTimeout=200ms")
                        .start();
                HubClient client = hasty.json(hub, null)) {
            RawHttp.Answer answer = hasty.post(
                    "/api/hubs/" + hub + "/connections/" + client.id() + "/:invoke?api-version=2024-12-01", ASK);
            assertErrorDetail(
                    answer, 504, "Error.Connection.Timeout", "within 200 ms (signalr.client.invocationTimeout)");
            client.next();
            client.say(completion(1, ",\"result\":1"));
            assertThat(client.received()).as("the client goes on").isEmpty();
        }
    }

    @Test
    void completionsNobodyWaitsForAreIgnoredAndCounted() {
        try (HubClient client = server.json(hub, null)) {
            client.say(completion(1, ",\"result\":1"));
            RawHttp caller = invoke(client);
            client.next();
            client.say(completion(2, ",\"result\":2"));
            client.say(completion(1, ",\"result\":1"));
            client.say(completion(1, ",\"result\":3"));
            assertResult(caller, "{\"result\":1}");
            await().untilAsserted(() ->
                    assertThat(server.dropped("UnknownCompletion")).isEqualTo(3));
        }
    }

    @Test
    void soManyInvocationsWaitForOneClientAndACallerThatLeavesMakesRoom() {
        try (HubClient client = server.json(hub, null)) {
            RawHttp first = invoke(client);
            assertThat(client.next()).isEqualTo(question(1));
            RawHttp second = invoke(client);
            assertThat(client.next()).isEqualTo(question(2));
            RawHttp.Answer refused = invoke(client).read();
            assertErrorDetail(refused, 429, "Error.Connection.Busy", "2 invocations");
            assertThat(refused.text()).contains("signalr.client.maxPendingInvocations");

            first.close();
            // Refused for what it is as soon as there is room for it.
            byte[] noQuestion = framed("json", "{}\36".getBytes(UTF_8));
            await().until(() -> invoke(client.id(), "application/octet-stream", noQuestion)
                            .read()
                            .status()
                    == 400);
            RawHttp third = invoke(client);
            assertThat(client.next()).isEqualTo(question(3));
            client.say(completion(3, ",\"result\":3"));
            assertResult(third, "{\"result\":3}");
            client.say(completion(2, ",\"result\":2"));
            assertResult(second, "{\"result\":2}");
        }
    }

    @Test
    void answersOutOfOrderFindTheirCallers() {
        try (HubClient client = server.json(hub, null)) {
            RawHttp first = invoke(client);
            client.next();
            RawHttp second = invoke(client);
            client.next();
            client.say(completion(2, ",\"result\":\"b\""));
            client.say(completion(1, ",\"result\":\"a\""));
            assertResult(first, "{\"result\":\"a\"}");
            assertResult(second, "{\"result\":\"b\"}");
        }
    }

    @Test
    void theQuestionMayBeMessagePack() {
        byte[] body = bytes("82 A6 'target' A3 'ask' A9 'arguments' 92 01 A3 'two'");
        try (HubClient client = server.json(hub, null)) {
            RawHttp caller = invoke(client.id(), "application/x-msgpack", body);
            assertThat(client.next()).isEqualTo(question(1));
            client.say(completion(1, ",\"result\":[]"));
            assertResult(caller, "{\"result\":[]}");
        }
    }

    private static byte[] framed(String protocol, byte[] frame) {
        var body = new ByteArrayOutputStream();
        body.writeBytes(bytes("81"));
        body.write(0xA0 | protocol.length());
        body.writeBytes(protocol.getBytes(UTF_8));
        body.write(0xC4);
        body.write(frame.length);
        body.writeBytes(frame);
        return body.toByteArray();
    }

    @Test
    void aFramedQuestionGoesAsItIsAndIsAnsweredByTheIdInIt() {
        String json = "{\"arguments\":[ ],\"target\":\"t\",\"invocationId\":\"7\",\"type\":1};";
        try (HubClient client = server.json(hub, null);
                HubClient pack = server.messagePack(hub, null)) {
            RawHttp caller = invoke(
                    client.id(),
                    "application/octet-stream",
                    framed("json", json.replace(';', '\u001e').getBytes(UTF_8)));
            assertThat(client.next()).isEqualTo(json);
            RawHttp again = invoke(
                    client.id(),
                    "application/octet-stream",
                    framed("json", json.replace(';', '\u001e').getBytes(UTF_8)));
            assertErrorDetail(again.read(), 400, "Error.Request.Invalid", "'7' is waiting for an answer already");
            client.say("{\"type\":3,\"invocationId\":\"7\",\"result\":true}");
            assertResult(caller, "{\"result\":true}");

            byte[] packed = prefixed(bytes("96 01 80 A1 '8' A1 't' 90 90"));
            RawHttp other = invoke(pack.id(), "application/octet-stream", framed("messagepack", packed));
            assertThat(pack.next()).isEqualTo(hex(packed));
            pack.say("95 03 80 A1 '8' 03 05");
            assertResult(other, "{\"result\":5}");
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            without an id           | {"type":1,"target":"t","arguments":[]}          | is no invocation with an id
            no invocation           | {"type":3,"invocationId":"1"}                   | is no invocation with an id
            no target               | {"type":1,"invocationId":"1","arguments":[]}    | no valid 'target'
            """)
    void aFramedQuestionThatCannotBeAnswered(String name, String json, String told) {
        try (HubClient client = server.json(hub, null)) {
            RawHttp caller =
                    invoke(client.id(), "application/octet-stream", framed("json", (json + '\u001e').getBytes(UTF_8)));
            assertErrorDetail(caller.read(), 400, "Error.Request.Invalid", told);
            assertThat(client.received()).isEmpty();
        }
    }

    @Test
    void aFramedQuestionForAnotherProtocol() {
        try (HubClient client = server.json(hub, null)) {
            byte[] packed = prefixed(bytes("96 01 80 A1 '8' A1 't' 90 90"));
            RawHttp caller = invoke(client.id(), "application/octet-stream", framed("messagepack", packed));
            assertErrorDetail(caller.read(), 400, "Error.Request.Invalid", "no message for the client's protocol json");
            assertThat(client.received()).isEmpty();
        }
    }

    @Test
    void aBodyThatIsNoQuestion() {
        try (HubClient client = server.json(hub, null)) {
            assertErrorDetail(
                    invoke(client.id(), "application/json", new byte[0]).read(),
                    400,
                    "Error.Request.Invalid",
                    "Message in request body is required.");
            assertErrorDetail(
                    invoke(client.id(), "application/json", "{\"arguments\":[]}".getBytes(UTF_8))
                            .read(),
                    400,
                    "Error.Request.Invalid",
                    "'target' is required");
        }
    }

    @Test
    void withoutATokenNobodyIsAsked() {
        try (HubClient client = server.json(hub, null)) {
            RawHttp.Answer answer = server.callAsIs(
                    "POST", "/api/hubs/" + hub + "/connections/" + client.id() + "/:invoke?api-version=2024-12-01");
            assertThat(answer.status()).isEqualTo(401);
            assertThat(client.received()).isEmpty();
        }
    }
}
