package io.tidewire.webpubsub.rest;

import static io.tidewire.webpubsub.rest.RestServer.assertBadRequest;
import static io.tidewire.webpubsub.rest.RestServer.assertDone;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.http.RawHttp;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The connections of a group, page by page (reference C.2 #14, C.4). */
class GroupListingTest {
    private static RestServer server;

    private final String name = RestServer.newHub();
    private final String path = "/api/hubs/" + name + "/groups/a%20b/connections";

    @BeforeAll
    static void start() {
        server = RestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private void members(int count) {
        for (int i = 1; i <= count; i++) {
            server.member(name, "c" + i, i % 2 == 0 ? "u" + i : null);
            assertDone(server.call("PUT", path + "/c" + i), 200);
        }
        server.member(name, "other", null);
    }

    /** Follows the links to the end; a line for each page. */
    private List<String> pages(String query) {
        var pages = new ArrayList<String>();
        String next = path + query;
        while (next != null) {
            RawHttp.Answer answer = server.call("GET", next);
            assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
            JsonNode page = RestServer.read(answer);
            var ids = new ArrayList<String>();
            page.get("value")
                    .forEach(member -> ids.add(member.get("connectionId").asString()));
            pages.add(String.join(" ", ids));
            next = pathOf(page.get("nextLink"));
        }
        return pages;
    }

    private static @Nullable String pathOf(@Nullable JsonNode link) {
        if (link == null) {
            return null;
        }
        URI uri = URI.create(link.asString());
        assertThat(uri.getScheme() + "://" + uri.getAuthority()).isEqualTo("http://localhost");
        return uri.getRawPath() + "?" + uri.getRawQuery();
    }

    @Test
    void anEmptyGroupIsAnEmptyPage() {
        RawHttp.Answer answer = server.call("GET", path);
        assertThat(answer.text()).isEqualTo("{\"value\":[]}");
        RestServer.assertMarked(answer);
    }

    @Test
    void aMemberIsItsIdAndItsUser() {
        members(2);
        assertThat(server.call("GET", path).text())
                .isEqualTo("{\"value\":[{\"connectionId\":\"c1\"},{\"connectionId\":\"c2\",\"userId\":\"u2\"}]}");
    }

    @ParameterizedTest
    @CsvSource({
        "'', c1 c2 c3 c4 c5",
        "?maxpagesize=2, c1 c2|c3 c4|c5",
        "?maxpagesize=5, c1 c2 c3 c4 c5",
        "?maxpagesize=2&top=3, c1 c2|c3",
        "?top=4, c1 c2 c3 c4",
        "?maxpagesize=2&top=4&api-version=2024-12-01, c1 c2|c3 c4",
        "?top=2147483647&maxpagesize=200, c1 c2 c3 c4 c5",
    })
    void pagesAndTopAreKept(String query, String expected) {
        members(5);
        assertThat(String.join("|", pages(query))).isEqualTo(expected);
    }

    @Test
    void theLinkSaysAllThatTheNextCallNeeds() {
        members(3);
        String link = RestServer.read(server.call("GET", path + "?maxpagesize=1&top=3"))
                .get("nextLink")
                .asString();
        assertThat(link).startsWith("http://localhost" + path + "?");
        assertThat(link).contains("maxpagesize=1").contains("top=2").contains("continuationToken=");
        assertThat(link).contains("api-version=2024-12-01");
        // Signed anew for just this URL, as the vendor's SDK does.
        RawHttp.Answer answer = server.callAsIs(
                "GET",
                link.substring("http://localhost".length()),
                "Authorization: Bearer " + server.server().tokenFor(link));
        assertThat(RestServer.read(answer).at("/value/0/connectionId").asString())
                .isEqualTo("c2");
        assertThat(RestServer.read(server.call("GET", path + "?maxpagesize=1&api-version=2024-01-01"))
                        .get("nextLink")
                        .asString())
                .contains("api-version=2024-01-01");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "maxpagesize=0",
                "maxpagesize=201",
                "maxpagesize=x",
                "top=0",
                "top=-1",
                "top=2147483648",
                "continuationToken=x",
                "continuationToken=",
            })
    void whatIsOutOfBoundsIsRefused(String query) {
        String parameter = query.substring(0, query.indexOf('='));
        RawHttp.Answer answer = server.call("GET", path + "?" + query);
        assertBadRequest(answer, "Invalid " + parameter + ".");
        assertThat(RestServer.read(answer).get("target").asString()).isEqualTo(parameter);
    }
}
