package io.tidewire.signalr.rest;

import static io.tidewire.signalr.rest.RestServer.assertDone;
import static io.tidewire.signalr.rest.RestServer.assertError;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names in paths: what is content, and what is refused by which rule. */
@Timeout(60)
class NamesTest {
    private static final String NEWS = "{\"type\":1,\"target\":\"news\",\"arguments\":[]};";
    private static final String LENGTH = "is between 1 and 1024 characters long and not only white space.";

    private static RestServer server;

    @BeforeAll
    static void startServer() {
        server = RestServer.start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    static Stream<Arguments> contentOfNames() {
        return Stream.of(
                Arguments.of("a%2Fb", "a/b"),
                Arguments.of("a%2fb", "a/b"),
                Arguments.of("..%2F..%2Fetc", "../../etc"),
                Arguments.of("a%252Fb", "a%2Fb"),
                Arguments.of("%2525", "%25"),
                Arguments.of("a+b", "a+b"),
                Arguments.of("a%20b", "a b"),
                Arguments.of("%3Asend", ":send"),
                Arguments.of(":closeConnections", ":closeConnections"),
                Arguments.of("groups", "groups"),
                Arguments.of("a%3Fb%23%26", "a?b#&"),
                Arguments.of("%C3%A9%F0%9F%98%80", "é😀"),
                Arguments.of("%D0%B0", "\u0430"), // looks like a Latin a
                Arguments.of("...", "..."),
                Arguments.of("%00%1B%0D%0A", "\0\u001b\r\n"),
                Arguments.of("x".repeat(1024), "x".repeat(1024)),
                Arguments.of("%C3%A9".repeat(1024), "é".repeat(1024)));
    }

    @ParameterizedTest
    @MethodSource("contentOfNames")
    void aSegmentIsDecodedOnceAndThenItIsContent(String encoded, String meant) {
        String hub = RestServer.newHub();
        try (HubClient client = server.json(hub, meant);
                HubClient other = server.json(hub, "b")) {
            String user = "/api/hubs/" + hub + "/users/" + encoded;
            assertDone(server.call("HEAD", user), 200);
            assertDone(server.post(user + "/:send", "{\"target\":\"news\"}"), 202);
            assertThat(client.received()).containsExactly(NEWS);

            String group = "/api/v1/hubs/" + hub + "/groups/" + encoded;
            assertDone(server.call("PUT", group + "/connections/" + client.id()), 200);
            assertDone(server.post(group, "{\"target\":\"news\"}"), 202);
            assertThat(client.received()).containsExactly(NEWS);

            assertDone(server.call("DELETE", "/api/hubs/" + hub + "/connections/" + encoded), 200);
            assertThat(client.received()).isEmpty();
            assertThat(other.received()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "chat%5B1%5D | chat[1]",
                "chat%60%2C.%5B%5D_9 | chat`,.[]_9",
                "CHAT%5B1%5D | chat[1]",
                "a | a",
            })
    void hubsMayHaveTheirSpecialCharacters(String encoded, String hub) {
        try (HubClient client = server.json(hub, null)) {
            assertDone(server.post("/api/v1/hubs/" + encoded, "{\"target\":\"news\"}"), 202);
            assertDone(server.post("/api/hubs/" + encoded + "/:send", "{\"target\":\"news\"}"), 202);
            assertThat(client.received()).containsExactly(NEWS, NEWS);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1chat",
                "_chat",
                "%5Bchat",
                "chat-1",
                "chat%20",
                "ch%2Fat",
                "ch%C3%A4t",
                "chat%00",
                "%20",
                ":send",
                "$x",
                "ch%D0%B0t"
            })
    void aHubOfOtherCharactersIsRefused(String encoded) {
        String why = "Invalid hub name. A valid hub name is between 1 and 128 characters long, starts with a letter"
                + " and contains only letters, digits and _`,.[]";
        assertHubRefused(encoded, why);
        String application = "/api/hubs/chat/:send?application=" + encoded;
        assertError(
                application,
                server.post(application, "{\"target\":\"t\"}"),
                400,
                "Error.Request.Invalid",
                why.replace("hub", "application"));
    }

    @ParameterizedTest
    @ValueSource(ints = {129, 1025, 5000})
    void aHubIsNotLongerThanItsLimit(int length) {
        assertHubRefused("h".repeat(length), "A valid hub name is between 1 and 128 characters long");
        assertDone(server.post("/api/v1/hubs/" + "h".repeat(128), "{\"target\":\"t\"}"), 202);
    }

    private static void assertHubRefused(String encoded, String why) {
        for (String target : new String[] {
            "/api/v1-preview/hub/" + encoded, "/api/v1/hubs/" + encoded, "/api/hubs/" + encoded + "/:send"
        }) {
            assertError(target, server.post(target, "{\"target\":\"t\"}"), 400, "Error.Request.Invalid", why);
        }
    }

    static Stream<Arguments> refusedNames() {
        return Stream.of("x".repeat(1025), "%E2%82%AC".repeat(1025), "%20", "%09%0D%0A%20", "%C2%A0%E2%80%83%C2%85")
                .flatMap(name -> Stream.of(
                                "POST /api/v1-preview/hub/h/user/{} user id",
                                "POST /api/v1-preview/hub/h/users/a,{} user id",
                                "POST /api/v1-preview/hub/h/group/{} group name",
                                "POST /api/v1-preview/hub/h/groups/{},b group name",
                                "POST /api/v1/hubs/h/users/{} user id",
                                "GET /api/v1/hubs/h/users/{} user id",
                                "PUT /api/v1/hubs/h/groups/{}/users/u group name",
                                "PUT /api/v1/hubs/h/groups/g/users/{} user id",
                                "DELETE /api/v1/hubs/h/groups/g/connections/{} connection ID",
                                "POST /api/hubs/h/groups/{}/:send group name",
                                "POST /api/hubs/h/connections/{}/:send connection ID",
                                "POST /api/hubs/h/users/{}/:closeConnections user id",
                                "GET /api/hubs/h/groups/{}/connections group name",
                                "POST /api/hubs/h/:generateToken?userId={} user id",
                                "DELETE /api/hubs/h/users/{}/groups user id",
                                "DELETE /api/hubs/h/connections/{}/groups connection ID")
                        .map(line -> line.split(" ", 3))
                        .map(parts -> Arguments.of(parts[0], parts[1].replace("{}", name), parts[2])));
    }

    @ParameterizedTest
    @MethodSource("refusedNames")
    void aNameThatIsTooLongOrBlankIsRefusedWithTheRule(String method, String target, String what) {
        assertError(
                target,
                method.equals("POST") ? server.post(target, "{\"target\":\"t\"}") : server.call(method, target),
                400,
                "Error.Request.Invalid",
                "Invalid " + what + ". A valid " + what + " " + LENGTH);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a,,b", ",", "a,", ",a"})
    void anEmptyNameInAListIsRefused(String list) {
        String target = "/api/v1-preview/hub/h/users/" + list;
        assertError(target, server.post(target, "{\"target\":\"t\"}"), 400, "Error.Request.Invalid", LENGTH);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/hubs//:send",
                "/api/v1/hubs//groups/g",
                "/api/v1/hubs/h/groups//:send",
                "/api/v1/hubs/h/users//",
                "/api/v1/hubs/../:send",
                "/api/v1/hubs/h/groups/.",
                "/api/v1/hubs/h/users/%2E%2e",
                "/api/hubs/h/groups//:send",
                "/api/hubs/h/users/../:closeConnections",
                "/api/hubs/h/connections/%2e/:send",
            })
    void aSegmentWithoutANameIsRefusedWithTheRule(String target) {
        assertError(
                target,
                server.post(target, "{\"target\":\"t\"}"),
                400,
                "InvalidPath",
                "No segment of the path may be empty, '.' or '..', percent-encoded or not.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "%4", "%zz", "%C3", "%C0%AF", "%ED%A0%80", "%FF", "a%", "%u0041"})
    void whatIsNotPercentEncodedUtf8IsRefused(String encoded) {
        for (String target : new String[] {
            "/api/v1/hubs/h/users/" + encoded,
            "/api/v1/hubs/" + encoded,
            "/api/hubs/h/groups/" + encoded + "/:send",
            "/api/hubs/h/connections/" + encoded
        }) {
            assertError(
                    target,
                    server.post(target, "{\"target\":\"t\"}"),
                    400,
                    "InvalidEncoding",
                    "The path is not percent-encoded UTF-8.");
        }
        String target = "/api/hubs/h/:send?excluded=" + encoded;
        assertError(
                target,
                server.post(target, "{\"target\":\"t\"}"),
                400,
                "InvalidEncoding",
                "The query is not percent-encoded UTF-8.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/hubs/", "/api/v1/hubs/h/users/", "/api/hubs/h/groups/"})
    void aForgottenNameIsNoBroadcast(String target) {
        assertThat(server.post(target, "{\"target\":\"t\"}").status()).isEqualTo(404);
    }
}
