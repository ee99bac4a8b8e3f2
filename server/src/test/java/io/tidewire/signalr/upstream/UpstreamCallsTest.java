package io.tidewire.signalr.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.app.TestTidewire;
import io.tidewire.auth.Claim;
import io.tidewire.signalr.upstream.Application.Request;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** How a call of an upstream looks (reference E.2 to E.4, J 14 to J 16). */
class UpstreamCallsTest {
    private static final String SECONDARY = "another-test-key-that-is-long-enough-for-HS256-and-more";

    static TestTidewire serverFor(Application application, String... settings) {
        return TestTidewire.with()
                .set(
                        "upstream.addresses=any",
                        "signalr.upstream=" + application.url("/api/{hub}/{category}/{event}?code=s3cret"))
                .set(settings)
                .start();
    }

    @Test
    void theLifeOfAClient() {
        try (var application = Application.content();
                var server = serverFor(application);
                var client = Client.json(server, "Chat", Claim.of("nameid", "ann"))) {
            Request connected = application.next("connected");
            client.send("{\"type\":1,\"target\":\"Say\",\"arguments\":[\"hi\"]}");
            Request message = application.next("Say");
            client.leave();
            Request disconnected = application.next("disconnected");

            assertThat(connected.uri()).isEqualTo("/api/chat/connections/connected?code=s3cret");
            assertThat(connected.text()).isEqualTo("{\"type\":10}");
            assertThat(message.uri()).isEqualTo("/api/chat/messages/Say?code=s3cret");
            assertThat(message.text()).isEqualTo("{\"type\":1,\"target\":\"Say\",\"arguments\":[\"hi\"]}");
            assertThat(disconnected.uri()).isEqualTo("/api/chat/connections/disconnected?code=s3cret");
            assertThat(disconnected.text()).isEqualTo("{\"type\":11}");
            for (Request request : new Request[] {connected, message, disconnected}) {
                assertThat(request.header("Content-Type")).isEqualTo("application/json");
                assertThat(request.header("X-ASRS-Hub")).isEqualTo("chat");
                assertThat(request.header("X-ASRS-User-Id")).isEqualTo("ann");
                assertThat(request.header("X-ASRS-Client-Query")).isEqualTo("?hub=Chat");
                assertThat(request.connection())
                        .isEqualTo(connected.connection())
                        .isNotEmpty();
            }
            assertThat(connected.header("X-ASRS-Category")).isEqualTo("connections");
            assertThat(message.header("X-ASRS-Category")).isEqualTo("messages");
            assertThat(application.more()).isZero();
        }
    }

    @Test
    void aBrokenConnectionIsDisconnectedWithAnError() {
        try (var application = Application.content();
                var server = serverFor(application);
                var client = Client.json(server, "chat")) {
            application.next("connected");
            client.socket.reset();

            assertThat(application.next("disconnected").text())
                    .isEqualTo("{\"type\":11,\"error\":\"The connection was lost without a close.\"}");
        }
    }

    @Test
    void aMessageIsWhatTheClientSentByteForByte() {
        String message =
                " {\"arguments\" : [ 1.50, {\"a\":\"\\u00e9é\"} ],\n\"target\":\"Say\", \"invocationId\":null,\"type\":1, "
                        + "\"more\":0}";
        try (var application = Application.content();
                var server = serverFor(application);
                var client = Client.json(server, "chat")) {
            application.next("connected");
            client.send(message);

            assertThat(application.next("Say").text()).isEqualTo(message);
        }
    }

    @Test
    void aPackedMessageIsTheArrayWithoutItsLength() {
        String array = "95" + "01" + "81a161a162" + "c0" + "a3536179" + "92" + "cf0000000000000001" + "c40101";
        try (var application = Application.content();
                var server = serverFor(application);
                var client = Client.messagePack(server, "chat")) {
            assertThat(application.next("connected").header("Content-Type")).isEqualTo("application/json");
            client.sendPacked("%02x".formatted(array.length() / 2) + array);

            Request message = application.next("Say");
            assertThat(message.header("Content-Type")).isEqualTo("application/x-msgpack");
            assertThat(HexFormat.of().formatHex(message.body())).isEqualTo(array);
        }
    }

    @Test
    void anAnonymousClientHasNoUserId() {
        try (var application = Application.content();
                var server = serverFor(application);
                var _ = Client.json(server, "chat")) {
            assertThat(application.next("connected").header("X-ASRS-User-Id")).isNull();
        }
    }

    @Test
    void theSignatureHoldsForBothKeysWithABareCommaPrimaryFirst() {
        try (var application = Application.thatKnows(SECONDARY);
                var server = serverFor(application, "signalr.keys.secondary=" + SECONDARY);
                var _ = Client.json(server, "chat")) {
            Request connected = application.next("connected");
            assertThat(String.valueOf(connected.header("X-ASRS-Signature")))
                    .isEqualToIgnoringCase("sha256=" + Application.hmac(TestTidewire.KEY, connected.connection())
                            + ",sha256=" + Application.hmac(SECONDARY, connected.connection()));
        }
    }

    @Test
    void theQueryOfTheClientWithoutItsTokenAndId() {
        try (var application = Application.content();
                var server = serverFor(application);
                var _ = Client.browser(
                        server,
                        "chat",
                        "&b=2&access%5Ftoken=old&Access_Token=older&access_token=TOKEN&a=%20x&ID2=y&iD=ID&b=1&flag")) {
            assertThat(application.next("connected").header("X-ASRS-Client-Query"))
                    .isEqualTo("?hub=chat&b=2&a=%20x&ID2=y&b=1&flag");
        }
    }

    @Test
    void claimsWithoutThoseOfTheService() {
        try (var application = Application.content();
                var server = serverFor(application);
                var _ = Client.json(
                        server,
                        "chat",
                        Claim.of("asrs.s.uid", "ann"),
                        Claim.of("asrs.s.derror", "True"),
                        Claim.of("role", "admin", "editor"),
                        Claim.of("asrs.u.iss", "me"),
                        Claim.of("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name", "a:b"))) {
            String claims = String.valueOf(application.next("connected").header("X-ASRS-User-Claims"));

            assertThat(claims.split(", "))
                    .contains(
                            "role: admin",
                            "role: editor",
                            "iss: me",
                            "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name: a:b",
                            "aud: http://localhost/client/?hub=chat")
                    .noneMatch(item -> item.startsWith("asrs."));
        }
    }

    /** A claim that holds what a user typed must not pass for another one. */
    @Test
    void noNameOrValueAddsAHeaderOrAClaim() {
        try (var application = Application.content();
                var server = serverFor(application);
                var client = Client.json(
                        server,
                        "chat",
                        Claim.of("asrs.s.uid", " ann\r\nX-ASRS-Hub: evil é "),
                        Claim.of("name", "x, role: admin", "\r\nX-Evil: 1"),
                        Claim.of("a: b, c", "d"))) {
            Request connected = application.next("connected");
            client.say("x\\r\\nX-ASRS-User-Id: root\\u0000é😀 ");

            assertThat(connected.header("X-ASRS-User-Id")).isEqualTo("%20ann%0D%0AX-ASRS-Hub: evil %C3%A9%20");
            assertThat(String.valueOf(connected.header("X-ASRS-User-Claims")).split(", "))
                    .contains("name: x%2C role%3A admin", "name: %0D%0AX-Evil%3A 1", "a%3A b%2C c: d");
            Request message = application.next("x%0D%0AX-ASRS-User-Id: root%00%C3%A9%F0%9F%98%80%20");
            assertThat(message.uri())
                    .isEqualTo(
                            "/api/chat/messages/x%0D%0AX-ASRS-User-Id%3A%20root%00%C3%A9%F0%9F%98%80%20?code=s3cret");
            assertThat(message.header("X-ASRS-Hub")).isEqualTo("chat");
        }
    }

    @Test
    void theHubHasItsApplicationInFront() {
        try (var application = Application.content();
                var server = serverFor(application);
                var _ = Client.json(server, "App_Chat")) {
            assertThat(application.next("connected").header("X-ASRS-Hub")).isEqualTo("app_chat");
        }
    }

    @Test
    void nobodyIsToldWhatNoRuleTakes() {
        try (var application = Application.content();
                var server = TestTidewire.with()
                        .set(
                                "upstream.addresses=any",
                                "signalr.upstream=[{url: '" + application.url("/{event}")
                                        + "', categories: messages, events: say}]")
                        .start();
                var client = Client.json(server, "chat")) {
            assertThat(client.ask("other"))
                    .isEqualTo(Client.error("Invocation failed, no upstream is configured for 'other'."));
            assertThat(client.ask("SAY")).isEqualTo(Client.VOID);
            client.leave();

            application.next("SAY");
            assertThat(application.more()).isZero();
        }
    }
}
