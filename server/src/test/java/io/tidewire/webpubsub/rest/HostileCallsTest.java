package io.tidewire.webpubsub.rest;

import static io.tidewire.webpubsub.rest.RestServer.assertBadRequest;
import static io.tidewire.webpubsub.rest.RestServer.assertDone;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.http.RawHttp;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows B5, B6, B15, B18 and B19 of the reliability list, as far as they are of this API and not of the HTTP server. */
class HostileCallsTest {
    private static RestServer server;

    @BeforeAll
    static void start() {
        server = RestServer.start("http.maxUriBytes=1MiB");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** B6: JSON that is deep, wide or broken; scanned, never built. */
    @ParameterizedTest
    @MethodSource("nastyJson")
    void nastyJsonIsRefused(String what, String json) {
        assertBadRequest(server.json("/api/hubs/h/:send", json), "The request body is not a valid JSON.");
    }

    static Stream<Arguments> nastyJson() {
        return Stream.of(
                Arguments.of("depth 100k", "[".repeat(100_000) + "]".repeat(100_000)),
                Arguments.of("a number of a million digits", "1".repeat(1_000_000)),
                Arguments.of("lone surrogate", "\"\\ud800\""),
                Arguments.of("NUL in a string", "\"\0\""),
                Arguments.of("NUL behind", "1\0"),
                Arguments.of("not closed", "{\"a\":".repeat(1000)));
    }

    /** B6: what is only large goes through as it is. */
    @Test
    void largeJsonGoesThrough() {
        String name = RestServer.newHub();
        Receiver receiver = server.member(name, "c", null);
        String text = '"' + "1".repeat(1_000_000) + '"';
        assertDone(server.json("/api/hubs/" + name + "/:send", text), 202);
        assertThat(receiver.next().size()).isEqualTo(text.length());
        String members =
                IntStream.range(0, 100_000).mapToObj(i -> "\"a\":1").collect(Collectors.joining(",", "{", "}"));
        assertDone(server.json("/api/hubs/" + name + "/:send", members), 202);
        assertThat(receiver.next().size()).isEqualTo(members.length());
    }

    /** B5: what is compressed is not unpacked. */
    @ParameterizedTest
    @ValueSource(strings = {"gzip", "br", "zstd", "deflate", "x"})
    void aCompressedBodyIsRefused(String coding) {
        RestServer.assertError(
                server.text("/api/hubs/h/:send", "x", "Content-Encoding: " + coding),
                415,
                "Error.UnsupportedMediaType",
                "A request body must not be compressed");
    }

    /** B15: a token in the query is not for REST. */
    @Test
    void aTokenInTheQueryIsNotRead() {
        String token = server.server().tokenFor("http://localhost/api");
        assertThat(server.callAsIs("POST", "/api/hubs/h/:closeConnections?access_token=" + token)
                        .status())
                .isEqualTo(401);
    }

    /** B18: decoded once, and not twice. */
    @Test
    void aSegmentIsDecodedOnce() {
        String name = RestServer.newHub();
        server.member(name, "c%2F", null);
        String path = "/api/hubs/" + name;
        assertDone(server.call("HEAD", path + "/connections/c%252F"), 200);
        assertThat(server.call("HEAD", path + "/connections/c%2F").status()).isEqualTo(404);
        assertDone(server.call("PUT", path + "/groups/a%2Fb/connections/c%252F"), 200);
        assertDone(server.call("HEAD", path + "/groups/a%2Fb"), 200);
        assertThat(server.call("HEAD", path + "/groups/a%252Fb").status()).isEqualTo(404);
        // Another letter that looks the same is another group.
        assertThat(server.call("HEAD", path + "/groups/%D0%B0%2Fb").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"_", "1", "-", "a-b", "a%20b", "%20", "%D0%B0", "a%2Fb", "$a", "a%00", "%5B"})
    void aHubHasARule(String hub) {
        RawHttp.Answer answer = server.call("POST", "/api/hubs/" + hub + "/:closeConnections");
        assertBadRequest(answer, "Invalid hub name.");
    }

    @Test
    void aHubIsNoLongerThanItMay() {
        assertDone(server.call("POST", "/api/hubs/" + "x".repeat(128) + "/:closeConnections"), 204);
        assertDone(server.call("POST", "/api/hubs/a`_,.[]9/:closeConnections"), 204);
        assertBadRequest(
                server.call("POST", "/api/hubs/" + "x".repeat(129) + "/:closeConnections"), "Invalid hub name.");
    }

    @ParameterizedTest
    @CsvSource({
        "PUT, /groups/{}/connections/c, group name",
        "PUT, /groups/g/connections/{}, connection ID",
        "POST, /groups/{}/:closeConnections, group name",
        "POST, /users/{}/:closeConnections, user id",
        "DELETE, /connections/{}, connection ID",
        "DELETE, /connections/{}/groups, connection ID",
        "DELETE, /users/{}/groups, user id",
        "PUT, /users/u/groups/{}, group name",
        "PUT, /permissions/sendToGroup/connections/{}, connection ID",
        "GET, /groups/{}/connections, group name",
    })
    void aNameHasARule(String method, String template, String what) {
        for (String name : new String[] {"x".repeat(1025), "%20", "%09%0A", "%C2%A0"}) {
            assertBadRequest(
                    server.call(method, "/api/hubs/h" + template.replace("{}", name)),
                    "Invalid " + what + ". A valid " + what + " is between 1 and 1024 characters long");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", ".", "%2e%2E", "%2E"})
    void dotsAreNoNames(String name) {
        assertBadRequest(server.call("DELETE", "/api/hubs/h/connections/" + name), "No segment of the path may be");
    }

    /** B19: a filter that is none says where, with whatever it was put in. */
    @ParameterizedTest
    @MethodSource("nastyFilters")
    void aFilterThatIsNoneSaysWhere(String what, String filter, String position) {
        RawHttp.Answer sent = server.text("/api/hubs/h/:send?filter=" + encoded(filter), "x");
        assertBadRequest(sent, position);
        assertThat(RestServer.read(sent).get("message").asString()).endsWith("(Parameter 'filter')");
        assertThat(RestServer.read(sent).get("target").asString()).isEqualTo("filter");
        RawHttp.Answer joined = server.json(
                "/api/hubs/h/:addToGroups", "{\"groups\":[\"g\"],\"filter\":\"" + filter.replace("\"", "\\\"") + "\"}");
        assertBadRequest(joined, position);
    }

    static Stream<Arguments> nastyFilters() {
        return Stream.of(
                Arguments.of("depth 10k", "(".repeat(10_000) + "true" + ")".repeat(10_000), "at character "),
                Arguments.of("long", "userId eq '" + "x".repeat(70_000) + "'", "at character "),
                Arguments.of("groups are no text", "groups eq 'g'", "at character "),
                Arguments.of("quote", "userId eq 'a' or 'b' eq 'b''", "at character "),
                Arguments.of("no condition", "length(groups)", "at character 1"),
                Arguments.of("nothing behind", "userId eq", "at character "));
    }

    /** Reference C.5: long chains of the vendor's Socket.IO servers. */
    @Test
    void longChainsAreTaken() {
        String name = RestServer.newHub();
        Receiver receiver = server.member(name, "c", "u");
        assertDone(server.call("PUT", "/api/hubs/" + name + "/groups/g299/connections/c"), 200);
        String chain =
                IntStream.range(0, 300).mapToObj(i -> "'g" + i + "' in groups").collect(Collectors.joining(" or "));
        String both = "(" + chain + ") and not (connectionId in ('a','b'))";
        assertDone(server.text("/api/hubs/" + name + "/:send?filter=" + encoded(both), "x"), 202);
        receiver.next();
    }

    @Test
    void twoFiltersAreRefused() {
        assertBadRequest(server.text("/api/hubs/h/:send?filter=true&filter=false", "x"), "(Parameter 'filter')");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
