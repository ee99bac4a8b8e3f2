package io.tidewire.signalr.rest;

import static io.tidewire.signalr.rest.RestServer.assertDone;
import static io.tidewire.signalr.rest.RestServer.assertErrorDetail;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.http.RawHttp;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Collections;
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

/** {@code :execute}: lists of commands for whom a filter chooses. */
@Timeout(60)
class ExecuteTest {
    private static RestServer server;

    private String hub;
    private HubClient ann; // user listener-ann
    private HubClient bob; // user bob
    private HubClient nobody; // MessagePack, no user

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
        ann = server.json(hub, "listener-ann");
        bob = server.json(hub, "bob");
        nobody = server.messagePack(hub, null);
    }

    @AfterEach
    void disconnect() {
        ann.close();
        bob.close();
        nobody.close();
    }

    private RawHttp.Answer execute(String filter, String commands) {
        String query = filter.isEmpty() ? "" : "?filter=" + URLEncoder.encode(filter, UTF_8);
        return server.post("/api/hubs/" + hub + "/:execute" + query, commands);
    }

    private static String send(String target) {
        return "{\"type\":\"SendMessage\",\"message\":{\"target\":\"" + target + "\"}}";
    }

    private static String news(String target) {
        return "{\"type\":1,\"target\":\"" + target + "\",\"arguments\":[]};";
    }

    private boolean exists(String group) {
        return server.call("HEAD", "/api/hubs/" + hub + "/groups/" + group).status() == 200;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "\"\" | abn",
                "startswith(userId, 'listener-') | a",
                "userId ne null | ab",
                "userId eq null | n",
                "connectionId eq '{bob}' | b",
                "connectionId in ('{ann}', '{bob}') and not (userId eq 'bob') | a",
                "userId eq 'it''s' or userId eq 'bob' | b",
                "protocol eq 'messagepack' | n",
                "'g' in groups | \"\"",
            })
    void onlyWhomTheFilterChoosesGetsIt(String filter, String who) {
        String filled = filter.replace("{ann}", ann.id()).replace("{bob}", bob.id());
        assertDone(execute(filled, "[" + send("t") + "]"), 202);
        assertThat((ann.received().isEmpty() ? "" : "a")
                        + (bob.received().isEmpty() ? "" : "b")
                        + (nobody.received().isEmpty() ? "" : "n"))
                .isEqualTo(who);
    }

    @Test
    void commandsAreDoneInOrder() {
        assertDone(server.call("PUT", "/api/hubs/" + hub + "/groups/old/connections/" + ann.id()), 200);
        assertDone(execute("'old' in groups", """
                        [ {"type": "SendMessage", "message": {"target": "one", "arguments": [1.50,"x"]}},
                          {"type": "JoinGroup", "group": "new"},
                          {"type": "LeaveGroup", "group": "old"},
                          {"type": "SendMessage", "message": {"target": "two", "arguments": null}} ]"""), 202);
        assertThat(ann.received())
                .containsExactly("{\"type\":1,\"target\":\"one\",\"arguments\":[1.50,\"x\"]};", news("two"));
        assertThat(bob.received()).isEmpty();
        assertThat(exists("old")).isFalse();
        assertThat(exists("new")).isTrue();

        // The answer came when the effect was in place: what is sent next reaches the members of now.
        assertDone(server.post("/api/hubs/" + hub + "/groups/new/:send", "{\"target\":\"three\"}"), 202);
        assertThat(ann.received()).containsExactly(news("three"));
    }

    @Test
    void closeIsTheLastThingThatHappens() {
        assertDone(
                execute(
                        "userId eq 'bob'",
                        "[" + send("bye") + ",{\"type\":\"CloseConnection\",\"reason\":\"over\"}," + send("never")
                                + "]"),
                202);
        assertThat(bob.next()).isEqualTo(news("bye"));
        assertThat(bob.goodbye()).isEqualTo("{\"type\":7,\"error\":\"over\",\"allowReconnect\":true};");
        assertDone(execute("userId eq 'listener-ann'", "[{\"type\":\"CloseConnection\"}]"), 202);
        assertThat(ann.goodbye()).isEqualTo("{\"type\":7,\"allowReconnect\":true};");
        assertThat(nobody.received()).isEmpty();
    }

    @Test
    void namesAndMembersAreReadInAnyCase() {
        assertDone(
                execute(
                        "userId eq 'bob'",
                        "[{\"Type\":\"joingroup\",\"GROUP\":\"g\",\"more\":[{}]},{\"MESSAGE\":{\"Target\":\"t\","
                                + "\"Arguments\":[]},\"TYPE\":\"SENDMESSAGE\",\"group\":null,\"reason\":null}]"),
                202);
        assertThat(bob.received()).containsExactly(news("t"));
        assertThat(exists("g")).isTrue();
    }

    @Test
    void anEmptyListAndAnEmptyHubAreFine() {
        assertDone(execute("", "[]"), 202);
        assertDone(server.post("/api/hubs/nobody/:execute", "[" + send("t") + "]"), 202);
        assertDone(server.post("/api/hubs/" + hub + "/:execute?filter=", "[" + send("t") + "]"), 202);
        assertThat(ann.received()).containsExactly(news("t"));
    }

    @Test
    void aHundredCommandsAreAllowedAndOneMoreIsNot() {
        var commands = new ArrayList<>(Collections.nCopies(100, send("t")));
        assertDone(execute("userId eq 'bob'", commands.toString()), 202);
        assertThat(bob.received()).hasSize(100);
        commands.add(send("t"));
        assertErrorDetail(
                execute("", commands.toString()), 400, "Error.Request.Invalid", "At most 100 commands are allowed.");
        assertThat(bob.received()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | Commands in request body is required.",
                "{} | JSON: expected an array but found '{' at byte 0.",
                "null | expected an array",
                "[ | the text ends",
                "[]x | expected the end",
                "[1] | expected an object but found '1' at byte 1.",
                "[null] | expected an object",
                "[{}] | Command 1 needs a 'type': SendMessage, JoinGroup, LeaveGroup or CloseConnection.",
                "[{\"type\":null}] | Command 1 needs a 'type'",
                "[{\"type\":\"Nonsense\"}] | Command 1 needs a 'type'",
                "[{\"type\":1}] | expected a string",
                "[{\"type\":\"CloseConnection\"},{\"type\":\"JoinGroup\"}] | Command 2 needs a 'group'.",
                "[{\"type\":\"LeaveGroup\",\"group\":null}] | Command 1 needs a 'group'.",
                "[{\"type\":\"JoinGroup\",\"group\":\"\"}] | Invalid group name. A valid group name is between 1 and 1024",
                "[{\"type\":\"JoinGroup\",\"group\":\" \"}] | Invalid group name.",
                "[{\"type\":\"JoinGroup\",\"group\":7}] | expected a string",
                "[{\"type\":\"SendMessage\"}] | Command 1 needs a 'message'.",
                "[{\"type\":\"SendMessage\",\"message\":null}] | Command 1 needs a 'message'.",
                "[{\"type\":\"SendMessage\",\"message\":{}}] | In the message of command 1: JSON: 'target' is required",
                "[{\"type\":\"SendMessage\",\"message\":\"x\"}] | In the message of command 1: JSON: expected an object",
                "[{\"type\":\"SendMessage\",\"message\":{\"target\":\"t\",\"arguments\":{}}}] | expected an array",
                "[{\"type\":\"JoinGroup\",\"group\":\"g\",\"Group\":\"h\"}] | a second member 'group'",
                "[{\"type\":\"SendMessage\",\"message\":{\"target\":\"t\"},\"message\":{}}] | a second member 'message'",
                "[{\"type\":\"CloseConnection\",\"reason\":true}] | expected a string",
            })
    void aListThatIsNoneIsRefusedAndNothingOfItIsDone(String commands, String why) {
        String before = commands.startsWith("[{") ? "[" + send("first") + "," + commands.substring(1) : commands;
        assertErrorDetail(execute("", commands), 400, "Error.Request.Invalid", why);
        assertThat(execute("", before).status()).isEqualTo(400);
        assertThat(ann.received()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "userId eq | Invalid filter. Expected a value but the filter ends at character 10. (Parameter 'filter')",
                "userId eq 'o'brien' | Unexpected `b` at character 14.",
                "groups eq 'g' | `groups` is a collection of strings where a single value is expected, at character 1.",
                "hub eq 'x' | `hub` is not known here",
                "\" \" | Expected a value but the filter ends at character 2.",
            })
    void aFilterThatIsNoneIsToldWhere(String filter, String why) {
        assertErrorDetail(execute(filter, "[" + send("t") + "]"), 400, "Error.Request.Invalid", why);
        assertThat(ann.received()).isEmpty();
    }

    /** Row B19, as far as a request line can carry it; InvalidFilterTest has the rest. */
    @Test
    void aFilterOfParenthesesIsRefusedAndTheServerGoesOn() {
        assertErrorDetail(
                server.post("/api/hubs/" + hub + "/:execute?filter=" + "(".repeat(10_000), "[]"),
                400,
                "Error.Request.Invalid",
                "The filter is nested deeper than 100 levels at character 101.");
        assertThat(ann.received()).isEmpty();
    }

    @Test
    void severalFiltersAreNoChoice() {
        assertErrorDetail(
                server.post("/api/hubs/" + hub + "/:execute?filter=true&Filter=false", "[" + send("t") + "]"),
                400,
                "Error.Request.Invalid",
                "There are several filters where one is expected.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/x-msgpack", "application/octet-stream", "text/plain"})
    void onlyJsonIsAList(String contentType) {
        assertThat(server.post("/api/hubs/" + hub + "/:execute", contentType, "[]".getBytes(UTF_8))
                        .status())
                .isEqualTo(415);
    }

    @Test
    void whoMayNotSendMayNotExecute() {
        for (String target : List.of("/api/hubs/h/:execute", "/api/hubs/h/:execute?filter=nonsense")) {
            try (RawHttp http = RawHttp.connect(server.address())) {
                http.body("POST", target, "[]", "Content-Type: application/json");
                assertThat(http.read().status()).isEqualTo(401);
            }
        }
    }
}
