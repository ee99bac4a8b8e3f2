package io.tidewire.signalr.rest;

import static io.tidewire.signalr.rest.RestServer.assertDone;
import static io.tidewire.signalr.rest.RestServer.assertErrorDetail;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.http.RawHttp;
import io.tidewire.service.rest.ContinuationToken;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The connections of a group, as a caller gets them who follows the links. */
@Timeout(60)
class ListingTest {
    private static final int CLIENTS = 7;

    private static RestServer server;
    private static RestServer named;
    private static final String HUB = "app_listing";
    private static final List<HubClient> CONNECTED = new ArrayList<>();

    @BeforeAll
    static void startServers() {
        server = RestServer.start();
        named = RestServer.setup().publicEndpoint("https://rt.example.com").start();
        for (int i = 0; i < CLIENTS; i++) {
            HubClient client = server.json(HUB, i == 0 ? null : "user " + i % 3);
            CONNECTED.add(client);
            assertDone(server.call("PUT", "/api/hubs/" + HUB + "/groups/a%2Fb/connections/" + client.id()), 200);
        }
    }

    @AfterAll
    static void stopServers() {
        CONNECTED.forEach(HubClient::close);
        server.close();
        named.close();
    }

    private static JsonNode page(RestServer from, String target) {
        RawHttp.Answer answer = from.call("GET", target);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json; charset=utf-8");
        return Json.read(answer.text());
    }

    private static String group(String query) {
        return "/api/hubs/" + HUB + "/groups/a%2Fb/connections" + query;
    }

    private static List<String> ids(JsonNode page) {
        var ids = new ArrayList<String>();
        page.get("value").forEach(member -> ids.add(member.get("connectionId").asString()));
        return ids;
    }

    /** Follows the links; shows the sizes of the pages in passing. */
    private static List<String> all(String query, List<Integer> sizes) {
        var ids = new ArrayList<String>();
        JsonNode page = page(server, group(query));
        while (true) {
            ids.addAll(ids(page));
            sizes.add(ids(page).size());
            if (!page.has("nextLink")) {
                return ids;
            }
            URI next = URI.create(page.get("nextLink").asString());
            page = page(server, next.getRawPath() + "?" + next.getRawQuery());
        }
    }

    private static List<String> everybody() {
        return CONNECTED.stream().map(HubClient::id).sorted().toList();
    }

    @Test
    void everyConnectionIsThereWithItsUser() {
        JsonNode page = page(server, group(""));
        assertThat(ids(page)).isEqualTo(everybody());
        assertThat(page.has("nextLink")).isFalse();
        for (JsonNode member : page.get("value")) {
            int index = CONNECTED.stream()
                    .map(HubClient::id)
                    .toList()
                    .indexOf(member.get("connectionId").asString());
            if (index == 0) {
                assertThat(member.propertyNames()).containsExactly("connectionId");
            } else {
                assertThat(member.get("userId").asString()).isEqualTo("user " + index % 3);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | 7",
                "?maxpagesize=200 | 7",
                "?maxpagesize=7 | 7",
                "?maxpagesize=6 | 6 1",
                "?maxpagesize=3 | 3 3 1",
                "?maxpagesize=1 | 1 1 1 1 1 1 1",
                "?top=7 | 7",
                "?top=8 | 7",
                "?top=5 | 5",
                "?top=2147483647 | 7",
                "?top=5&maxpagesize=2 | 2 2 1",
                "?top=4&maxpagesize=2 | 2 2",
                "?TOP=4&MaxPageSize=3&api-version=2024-12-01 | 3 1",
            })
    void pagesAreAsLongAsAskedAndTopIsForAllOfThem(String query, String expected) {
        var sizes = new ArrayList<Integer>();
        List<String> ids = all(query, sizes);
        assertThat(sizes).extracting(String::valueOf).containsExactly(expected.split(" "));
        assertThat(ids).isEqualTo(everybody().subList(0, ids.size()));
    }

    @Test
    void theLinkIsAbsoluteAndSaysWhatIsLeft() {
        JsonNode page =
                page(server, "/api/hubs/listing/groups/a%2Fb/connections?application=APP&top=1000&maxpagesize=2");
        String token = ContinuationToken.after(everybody().get(1));
        assertThat(page.get("nextLink").asString())
                .isEqualTo("http://localhost/api/hubs/listing/groups/a%2Fb/connections?top=998&maxpagesize=2"
                        + "&continuationToken=" + token + "&application=APP&api-version=2024-12-01");
        assertThat(token).matches("[A-Za-z0-9_-]+");
    }

    @Test
    void theLinkNamesThePublicEndpoint() {
        String hub = RestServer.newHub();
        try (HubClient one = named.json(hub, null);
                HubClient other = named.json(hub, null)) {
            for (HubClient client : List.of(one, other)) {
                assertDone(named.call("PUT", "/api/hubs/" + hub + "/groups/g/connections/" + client.id()), 200);
            }
            JsonNode page = page(named, "/api/hubs/" + hub + "/groups/g/connections?maxpagesize=1");
            assertThat(page.get("nextLink").asString())
                    .startsWith("https://rt.example.com/api/hubs/" + hub + "/groups/g/connections?maxpagesize=1&");
        }
    }

    @Test
    void aGroupWithoutConnectionsIsAnEmptyPage() {
        assertThat(server.call("GET", "/api/hubs/nobody/groups/g/connections").text())
                .isEqualTo("{\"value\":[]}");
        String beyond = ContinuationToken.after("\uFFFF");
        assertThat(server.call("GET", group("?continuationToken=" + beyond)).text())
                .isEqualTo("{\"value\":[]}");
    }

    @ParameterizedTest
    @CsvSource({
        "maxpagesize=0, 'Invalid maxpagesize. It is a whole number between 1 and 200.'",
        "maxpagesize=201, 'Invalid maxpagesize. It is a whole number between 1 and 200.'",
        "maxpagesize=-1, 'Invalid maxpagesize. It is a whole number between 1 and 200.'",
        "maxpagesize=, 'Invalid maxpagesize. It is a whole number between 1 and 200.'",
        "maxpagesize=ten, 'Invalid maxpagesize. It is a whole number between 1 and 200.'",
        "maxpagesize=1.0, 'Invalid maxpagesize. It is a whole number between 1 and 200.'",
        "top=0, 'Invalid top. It is a whole number between 1 and 2147483647.'",
        "top=-5, 'Invalid top. It is a whole number between 1 and 2147483647.'",
        "top=2147483648, 'Invalid top. It is a whole number between 1 and 2147483647.'",
        "top=, 'Invalid top. It is a whole number between 1 and 2147483647.'",
        "application=1, 'Invalid application name.'",
    })
    void aNumberOutOfItsRangeIsRefused(String query, String why) {
        assertErrorDetail(server.call("GET", group("?" + query)), 400, "Error.Request.Invalid", why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "AQ", "AQ=", "!!!", "AmFiYw", "YWJj", "Af8", "AWFi%00", "AWFiYw%3D%3D%3D", "%20"})
    void aTokenThatIsNotOursIsRefused(String token) {
        assertErrorDetail(
                server.call("GET", group("?continuationToken=" + token)),
                400,
                "Error.Request.Invalid",
                "Invalid continuationToken.");
    }

    @Test
    void namesAreCheckedAndATokenIsNeeded() {
        assertErrorDetail(
                server.call("GET", "/api/hubs/1/groups/g/connections"), 400, "Error.Request.Invalid", "hub name");
        assertErrorDetail(
                server.call("GET", "/api/hubs/h/groups/%20/connections"), 400, "Error.Request.Invalid", "group name");
        assertThat(server.callAsIs("GET", "/api/hubs/h/groups/g/connections").status())
                .isEqualTo(401);
    }
}
