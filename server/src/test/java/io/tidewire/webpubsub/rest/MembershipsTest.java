package io.tidewire.webpubsub.rest;

import static io.tidewire.webpubsub.rest.RestServer.assertBadRequest;
import static io.tidewire.webpubsub.rest.RestServer.assertDone;
import static io.tidewire.webpubsub.rest.RestServer.assertError;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections and users in groups (reference C.2 #2, #3, #10, #15, #16, #23 to #25). */
class MembershipsTest {
    private static RestServer server;

    private final String name = RestServer.newHub();
    private final String path = "/api/hubs/" + name;

    @BeforeAll
    static void start() {
        server = RestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private String members(String group) {
        return RestServer.read(server.call("GET", path + "/groups/" + group + "/connections"))
                .get("value")
                .valueStream()
                .map(member -> member.get("connectionId").asString())
                .collect(Collectors.joining(" "));
    }

    @Test
    void aConnectionJoinsAndLeaves() {
        server.member(name, "c", "u");
        server.member(name, "d", "u");
        assertDone(server.call("PUT", path + "/groups/g/connections/c"), 200);
        assertDone(server.call("PUT", path + "/groups/g/connections/c"), 200);
        assertDone(server.call("PUT", path + "/groups/G/connections/d"), 200);
        assertThat(members("g")).isEqualTo("c");
        assertDone(server.call("DELETE", path + "/groups/g/connections/c"), 204);
        assertThat(members("g")).isEmpty();
        assertThat(members("G")).isEqualTo("d");
    }

    @Test
    void aConnectionThatIsNotThereCannotJoinAndHasLeft() {
        assertError(
                server.call("PUT", path + "/groups/g/connections/nobody"),
                404,
                "Error.NotFound",
                "The connection does not exist.");
        assertDone(server.call("DELETE", path + "/groups/g/connections/nobody"), 204);
        assertDone(server.call("DELETE", path + "/groups/g/connections/nobody?api-version=2020-10-01"), 200);
        assertDone(server.call("DELETE", path + "/connections/nobody/groups"), 204);
    }

    @Test
    void aConnectionLeavesAllItsGroups() {
        server.member(name, "c", "u");
        server.member(name, "d", "u");
        for (String target : new String[] {"g/connections/c", "h/connections/c", "g/connections/d"}) {
            assertDone(server.call("PUT", path + "/groups/" + target), 200);
        }
        assertDone(server.call("DELETE", path + "/connections/c/groups"), 204);
        assertThat(members("g")).isEqualTo("d");
        assertThat(members("h")).isEmpty();
    }

    /** What is done to a user is done to the connections of this moment, and nothing is remembered. */
    @Test
    void aUserIsTheConnectionsOfThisMoment() {
        assertError(
                server.call("PUT", path + "/users/u/groups/g"), 404, "Error.NotFound", "The user has no connection.");
        Receiver first = server.member(name, "1", "u");
        server.member(name, "2", "u");
        server.member(name, "3", "v");
        assertThat(members("g")).isEmpty();
        assertDone(server.call("PUT", path + "/users/u/groups/g"), 200);
        assertThat(members("g")).isEqualTo("1 2");

        server.member(name, "4", "u");
        assertThat(members("g")).isEqualTo("1 2");
        assertDone(server.call("DELETE", path + "/connections/1"), 204);
        first.end();
        server.member(name, "1", "u");
        assertThat(members("g")).isEqualTo("2");
    }

    @Test
    void aUserLeavesOneGroupOrAll() {
        server.member(name, "1", "u");
        server.member(name, "2", "u");
        server.member(name, "3", "v");
        for (String target : new String[] {"u/groups/g", "u/groups/h", "v/groups/g"}) {
            assertDone(server.call("PUT", path + "/users/" + target), 200);
        }
        assertDone(server.call("PUT", path + "/groups/g/connections/2"), 200);
        assertDone(server.call("DELETE", path + "/users/u/groups/g"), 204);
        assertThat(members("g")).isEqualTo("3");
        assertThat(members("h")).isEqualTo("1 2");
        assertDone(server.call("DELETE", path + "/users/u/groups"), 204);
        assertThat(members("h")).isEmpty();
        assertThat(members("g")).isEqualTo("3");
        assertDone(server.call("DELETE", path + "/users/nobody/groups"), 204);
        assertDone(server.call("DELETE", path + "/users/nobody/groups/g"), 204);
    }

    /** Of the oldest version, and answered under every one. */
    @ParameterizedTest
    @ValueSource(strings = {"", "?api-version=2020-10-01", "?api-version=2024-12-01"})
    void aUserIsInAGroupWithAConnectionThatIs(String version) {
        server.member(name, "1", "u'");
        server.member(name, "2", "u'");
        server.member(name, "3", "v");
        assertDone(server.call("PUT", path + "/groups/g'%20or%20true/connections/2"), 200);
        assertDone(server.call("HEAD", path + "/users/u'/groups/g'%20or%20true" + version), 200);
        assertThat(server.call("HEAD", path + "/users/v/groups/g'%20or%20true" + version)
                        .status())
                .isEqualTo(404);
        assertThat(server.call("HEAD", path + "/users/u'/groups/h" + version).status())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"groups\":[\"g\",\"h\"]}|a b c",
                "{\"Groups\":[\"g\",\"h\",\"g\"],\"filter\":null,\"other\":{}}|a b c",
                "{\"filter\":\"\",\"groups\":[\"g\",\"h\"]}|a b c",
                "{\"filter\":\"userId eq 'u'\",\"groups\":[\"g\",\"h\"]}|a b",
                "{\"groups\":[\"g\",\"h\"],\"filter\":\"connectionId in ('a','c')\"}|a c",
                "{\"groups\":[\"g\",\"h\"],\"filter\":\"'g' in groups\"}|",
            })
    void thoseThatAFilterMatchesJoinAndLeaveGroups(String body, String meant) {
        server.member(name, "a", "u");
        server.member(name, "b", "u");
        server.member(name, "c", null);
        String expected = meant == null ? "" : meant;
        // The Socket.IO servers of the vendor call it under a version that does not have it.
        assertDone(server.json(path + "/:addToGroups?api-version=2023-07-01", body), 200);
        assertThat(members("g")).isEqualTo(expected);
        assertThat(members("h")).isEqualTo(expected);

        assertDone(server.json(path + "/:addToGroups", "{\"groups\":[\"g\",\"h\",\"stay\"]}"), 200);
        assertDone(server.json(path + "/:removeFromGroups", body), 200);
        String left = body.contains("'g' in")
                ? ""
                : "a b c".replaceAll("[" + expected + "]", " ").strip().replaceAll(" +", " ");
        assertThat(members("g")).isEqualTo(left);
        assertThat(members("h")).isEqualTo(left);
        assertThat(members("stay")).isEqualTo("a b c");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``|Groups in request body is required.",
                "{}|Invalid groups. At least one group is needed.",
                "{\"groups\":[]}|Invalid groups. At least one group is needed.",
                "{\"groups\":null}|The request body is not valid.",
                "{\"groups\":\"g\"}|The request body is not valid.",
                "{\"groups\":[1]}|The request body is not valid.",
                "{\"groups\":[\"g\",\"\"]}|Invalid group name.",
                "{\"groups\":[\" \"]}|Invalid group name.",
                "{\"groups\":[\"g\"],\"groups\":[\"h\"]}|a second member 'groups'",
                "{\"groups\":[\"g\"],\"filter\":1}|The request body is not valid.",
                "{\"groups\":[\"g\"],\"filter\":\"userId eq\"}|(Parameter 'filter')",
                "[\"g\"]|The request body is not valid.",
                "{\"groups\":[\"g\"]} x|The request body is not valid.",
            })
    void aBodyThatNamesNoGroupsIsRefused(String body, String why) {
        server.member(name, "c", null);
        assertBadRequest(server.json(path + "/:addToGroups", body), why);
        assertBadRequest(server.json(path + "/:removeFromGroups", body), why);
        assertThat(members("g")).isEmpty();
    }

    @Test
    void groupsHaveALimit() {
        server.member(name, "c", null);
        String most =
                IntStream.rangeClosed(1, 1000).mapToObj(i -> "\"g" + i + "\"").collect(Collectors.joining(","));
        assertDone(server.json(path + "/:addToGroups", "{\"groups\":[" + most + "]}"), 200);
        assertThat(members("g1000")).isEqualTo("c");
        assertBadRequest(
                server.json(path + "/:addToGroups", "{\"groups\":[" + most + ",\"h\"]}"),
                "At most 1000 groups are allowed.");
        assertBadRequest(
                server.json(path + "/:addToGroups", "{\"groups\":[\"" + "x".repeat(1025) + "\"]}"),
                "Invalid group name. A valid group name is between 1 and 1024 characters long");
    }

    @Test
    void groupsAreJson() {
        for (String operation : new String[] {"/:addToGroups", "/:removeFromGroups"}) {
            assertError(
                    server.text(path + operation, "{\"groups\":[\"g\"]}"),
                    415,
                    "Error.UnsupportedMediaType",
                    "application/json");
        }
    }
}
