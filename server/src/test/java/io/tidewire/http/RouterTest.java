package io.tidewire.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which operation answers which request, and why none does. */
class RouterTest {
    private static final ApiVersions LENIENT = new ApiVersions(
            "api-version",
            List.of("2022-06-01", "2022-11-01", "2023-07-01-preview", "2024-12-01"),
            ApiVersions.Rule.NOT_NEWER);
    private static final ApiVersions STRICT =
            new ApiVersions("api-version", LENIENT.supported(), ApiVersions.Rule.SAID);
    private static final ProblemFormat OWN = problem -> Response.of(problem.status());

    private static Route route(HttpMethod method, String template, String operation, String... versions) {
        return new Route(method, template, Set.of(versions), operation, Set.of(), OWN, exchange -> {});
    }

    private static Router router(Route... routes) {
        return router(LENIENT, routes);
    }

    private static Router router(ApiVersions versions, Route... routes) {
        return new Router(List.of(routes), versions, ProblemFormat.PLAIN_TEXT);
    }

    private static Router.Match match(Router router, HttpMethod method, String target) {
        return match(router, method, target, new DefaultHttpHeaders(), false);
    }

    private static Router.Match match(
            Router router, HttpMethod method, String target, HttpHeaders headers, boolean hasBody) {
        int mark = target.indexOf('?');
        String path = mark < 0 ? target : target.substring(0, mark);
        return router.match(
                method, path, new QueryString(mark < 0 ? "" : target.substring(mark + 1)), headers, hasBody);
    }

    private static Router.Found found(Router.Match match) {
        return switch (match) {
            case Router.Found found -> found;
            case Router.Refused refused ->
                throw new AssertionError(
                        refused.problem().status() + " " + refused.problem().message());
        };
    }

    private static Router.Refused refused(Router.Match match) {
        return switch (match) {
            case Router.Found found -> throw new AssertionError("answered by " + operation(found));
            case Router.Refused refused -> refused;
        };
    }

    private static String operation(Router.Match match) {
        return found(match).operation().route().operationId();
    }

    private static final Router API = router(
            route(HttpMethod.GET, "/", "root"),
            route(HttpMethod.GET, "/api/health", "health"),
            route(HttpMethod.GET, "/api/keys", "keys"),
            route(HttpMethod.POST, "/api/hubs/{hub}/:send", "sendToAll"),
            route(HttpMethod.HEAD, "/api/hubs/{hub}/groups/{group}", "groupExists"),
            route(HttpMethod.POST, "/api/hubs/{hub}/groups/{group}/:send", "sendToGroup"),
            route(HttpMethod.PUT, "/api/hubs/{hub}/users/{user}/groups/{group}", "addUser"),
            route(HttpMethod.DELETE, "/api/hubs/{hub}/users/{name}/groups", "removeUser"),
            route(HttpMethod.GET, "/api/{anything}/special", "parameterFirst"),
            route(HttpMethod.GET, "/api/hubs/special", "literal"),
            route(HttpMethod.POST, "/api/{kind}/special", "postParameter"));

    @ParameterizedTest
    @CsvSource({
        "GET, /, root",
        "GET, /api/health, health",
        "GET, /api/health/, health",
        "GET, /API/Health, health",
        "GET, /api/%68ealth, health",
        "GET, /api/KEYS, keys",
        "POST, /api/hubs/chat/:send, sendToAll",
        "POST, /api/hubs/chat/%3Asend, sendToAll",
        "POST, /api/hubs/chat/:SEND/, sendToAll",
        "POST, /api/hubs/groups/groups/groups/:send, sendToGroup",
        "PUT, /api/hubs/h/users/groups/groups/users, addUser",
        "DELETE, /api/hubs/h/users/groups/groups, removeUser",
        "GET, /api/hubs/special, literal",
        "GET, /api/hub/special, parameterFirst",
        // The literal has no POST: the parameter, which has, answers.
        "POST, /api/hubs/special, postParameter",
    })
    void findsTheOperation(String method, String path, String operation) {
        assertThat(operation(match(API, HttpMethod.valueOf(method), path))).isEqualTo(operation);
    }

    @ParameterizedTest
    @CsvSource({
        "/api/hubs/chat/groups/g, chat, g",
        "/api/hubs/Chat/groups/G, Chat, G",
        // An encoded slash is content, and nothing is decoded twice.
        "/api/hubs/chat/groups/a%2Fb, chat, a/b",
        "/api/hubs/chat/groups/a%252Fb, chat, a%2Fb",
        "/api/hubs/chat/groups/..., chat, ...",
        "/api/hubs/chat/groups/..%2F.., chat, ../..",
        "/api/hubs/chat/groups/a+b, chat, a+b",
        "/api/hubs/chat/groups/%E2%82%AC, chat, €",
        "/api/hubs/chat/groups/%F0%9F%98%80, chat, 😀",
        "/api/hubs/chat/groups/:send, chat, :send",
        "/api/hubs/%60%2C.%5B%5D/groups/x, '`,.[]', x",
        "/api/hubs/chat/groups/%20, chat, ' '",
    })
    void decodesEachSegmentOnce(String path, String hub, String group) {
        var found = found(match(API, HttpMethod.HEAD, path));
        assertThat(found.parameter("hub")).isEqualTo(hub);
        assertThat(found.parameter("group")).isEqualTo(group);
        assertThatThrownBy(() -> found.parameter("user")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aNulIsContent() {
        assertThat(found(match(API, HttpMethod.HEAD, "/api/hubs/chat/groups/%00"))
                        .parameter("group"))
                .isEqualTo("\0");
    }

    @Test
    void parametersKeepTheNamesOfTheirOwnTemplate() {
        assertThat(found(match(API, HttpMethod.PUT, "/api/hubs/h/users/u/groups/g"))
                        .parameter("user"))
                .isEqualTo("u");
        assertThat(found(match(API, HttpMethod.DELETE, "/api/hubs/h/users/u/groups"))
                        .parameter("name"))
                .isEqualTo("u");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/nothing",
                "/api",
                "/api/health/x",
                "/api//health",
                "//api/health",
                "/api/health//",
                "/api/hubs//",
                "/api/../api/health",
                "/api/./health",
                "/api%2Fhealth",
                "/api/hubs%2Fchat/:send",
                // The Kelvin sign folds to k elsewhere, the long s to s.
                "/api/%E2%84%AAeys",
                "/api/key%C5%BF",
                "/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p",
                "",
                "*",
            })
    void isNotThere(String path) {
        var refused = refused(match(API, HttpMethod.POST, path));
        assertThat(refused.problem().status()).isEqualTo(404);
        assertThat(refused.format()).isSameAs(ProblemFormat.PLAIN_TEXT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/hubs//:send",
                "/api/hubs/chat/groups//:send",
                "/api/hubs/../:send",
                "/api/hubs/chat/groups/./:send",
                "/api/hubs/chat/groups/%2e%2E/:send",
            })
    void aSegmentThatNamesNothingIsRefused(String path) {
        var refused = refused(match(API, HttpMethod.POST, path));
        assertThat(refused.problem().status()).isEqualTo(400);
        assertThat(refused.problem().message())
                .isEqualTo("No segment of the path may be empty, '.' or '..', percent-encoded or not.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%",
                "%4",
                "%G0",
                "a%2",
                "%zz",
                "%+1",
                "%FF",
                "%C3",
                "%C3%28",
                "%C0%AF",
                "%E0%80%AF",
                "%ED%A0%80",
                "%F4%90%80%80",
                "%u0041",
                "%ef%bc%91%"
            })
    void badEncodingIsRefusedInTheFormatOfTheRoute(String group) {
        var refused = refused(match(API, HttpMethod.HEAD, "/api/hubs/chat/groups/" + group));
        assertThat(refused.problem().status()).isEqualTo(400);
        assertThat(refused.problem().message()).isEqualTo("The path is not percent-encoded UTF-8.");
        assertThat(refused.format()).isSameAs(OWN);
        assertThat(refused(match(API, HttpMethod.HEAD, "/" + group)).problem().status())
                .isEqualTo(400);
    }

    @Test
    void anotherMethodIsToldWhatIsAllowed() {
        var refused = refused(match(API, HttpMethod.PATCH, "/api/hubs/special"));
        assertThat(refused.problem().status()).isEqualTo(405);
        assertThat(refused.problem().headers()).containsExactly(Map.entry("Allow", "GET"));
        assertThat(refused.format()).isSameAs(OWN);
        // A GET route does not answer HEAD.
        assertThat(refused(match(API, HttpMethod.HEAD, "/api/health")).problem().status())
                .isEqualTo(405);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "2022-06-01, old",
                "2022-11-01, old",
                "2023-07-01-preview, new",
                "2024-12-01, new",
                // Missing is the newest; between two is the older of them; beyond all is the newest.
                "-, new",
                "2022-06-02, old",
                "2022-11-01-preview, old",
                "2023-07-01, new",
                "2023-07-01-PREVIEW, new",
                "2023-06-30, old",
                "2099-01-01, new",
                "2024-12-01-preview, new",
            })
    void versionsLeniently(String version, String operation) {
        Router router = router(
                route(HttpMethod.GET, "/api/x", "old", "2022-06-01", "2022-11-01"),
                route(HttpMethod.GET, "/api/x", "new", "2023-07-01-preview", "2024-12-01"));
        String query = version == null ? "" : "?API-Version=" + version;
        assertThat(operation(match(router, HttpMethod.GET, "/api/x" + query))).isEqualTo(operation);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?api-version=2022-05-31",
                "?api-version=2021-12-01-preview",
                "?api-version=latest",
                "?api-version=",
                "?api-version=1.0",
                "?api-version=2024-13-01",
                "?api-version=2024-12-00",
                "?api-version=2024-12-01-beta",
                "?api-version=2024-12-01-",
                "?api-version=2024-12-01%20",
                "?api-version=-preview",
                "?api-version=%EF%BC%92024-12-01",
                "?api-version=2024-12-01&api-version=2024-12-01",
            })
    void versionsThatAreNone(String query) {
        Router router = router(route(HttpMethod.GET, "/api/x", "new", "2024-12-01"));
        var refused = refused(match(router, HttpMethod.GET, "/api/x" + query));
        assertThat(refused.problem().status()).isEqualTo(400);
        assertThat(refused.problem().code()).isEqualTo("InvalidApiVersion");
        assertThat(refused.problem().message())
                .isEqualTo("The query parameter api-version must be one of: "
                        + "2022-06-01, 2022-11-01, 2023-07-01-preview, 2024-12-01.");
        assertThat(refused.format()).isSameAs(OWN);
    }

    @ParameterizedTest
    @CsvSource({
        "'', 400",
        "?api-version=2024-12-01, 200",
        "?api-version=2099-01-01, 400",
        "?api-version=2022-06-02, 400"
    })
    void versionsStrictly(String query, int status) {
        Router router = router(STRICT, route(HttpMethod.GET, "/api/x", "new", "2024-12-01"));
        var match = match(router, HttpMethod.GET, "/api/x" + query);
        assertThat(match instanceof Router.Refused refused ? refused.problem().status() : 200)
                .isEqualTo(status);
    }

    @Test
    void aVersionWithoutTheOperationIsToldWhichHaveIt() {
        Router router = router(route(HttpMethod.GET, "/api/x", "new", "2022-11-01", "2024-12-01"));
        var refused = refused(match(router, HttpMethod.GET, "/api/x?api-version=2022-06-01"));
        assertThat(refused.problem().message())
                .isEqualTo("The query parameter api-version must be one of: 2022-11-01, 2024-12-01.");
    }

    @Test
    void whereThePathIsTheVersionTheQueryDoesNotMatter() {
        Router router = router(
                STRICT,
                route(HttpMethod.GET, "/api/v1/x", "v1"),
                route(HttpMethod.GET, "/api/x", "any"),
                route(HttpMethod.GET, "/api/x", "dated", "2024-12-01"));
        assertThat(operation(match(router, HttpMethod.GET, "/api/v1/x?api-version=nonsense")))
                .isEqualTo("v1");
        assertThat(operation(match(router, HttpMethod.GET, "/api/x?api-version=2024-12-01")))
                .isEqualTo("dated");
        assertThat(operation(match(router, HttpMethod.GET, "/api/x"))).isEqualTo("any");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "application/json, true, 200",
                "Application/JSON; charset=utf-8, true, 200",
                "application/octet-stream , true, 200",
                "-, true, 200",
                "-, false, 200",
                "text/plain, true, 415",
                "text/plain, false, 415",
                "application/jsonx, true, 415",
                "'', true, 415",
            })
    void mediaTypes(String type, boolean hasBody, int status) {
        Router router = router(consuming("application/json", "Application/Octet-Stream"));
        var match = match(router, HttpMethod.POST, "/x", contentType(type), hasBody);
        assertThat(match instanceof Router.Refused refused ? refused.problem().status() : 200)
                .isEqualTo(status);
        if (match instanceof Router.Refused refused) {
            assertThat(refused.problem().message())
                    .isEqualTo("The Content-Type must be one of: Application/Octet-Stream, application/json.");
        }
    }

    @Test
    void aBodyWithoutATypeIsJsonOrNothing() {
        Router router = router(consuming("text/plain"));
        assertThat(refused(match(router, HttpMethod.POST, "/x", new DefaultHttpHeaders(), true))
                        .problem()
                        .status())
                .isEqualTo(415);
        assertThat(operation(match(router, HttpMethod.POST, "/x", new DefaultHttpHeaders(), false)))
                .isEqualTo("consuming");
    }

    @Test
    void contradictoryTablesAreRefused() {
        Route one = route(HttpMethod.GET, "/x/{a}", "one", "2022-06-01", "2024-12-01");
        assertThatThrownBy(() -> router(one, route(HttpMethod.GET, "/X/{b}", "two", "2024-12-01")))
                .hasMessageContaining("one and two");
        assertThatThrownBy(() -> router(route(HttpMethod.GET, "/x", "one"), route(HttpMethod.GET, "/x/", "two")))
                .hasMessageContaining("one and two");
        assertThatThrownBy(() -> router(route(HttpMethod.GET, "/x", "one", "1999-01-01")))
                .hasMessageContaining("one");
        for (String template : List.of("x", "/x//y", "/x/{a}b", "/{a}/{a}", "/{}", "/a{b}", "/{a}{b}", "/{{a}}")) {
            assertThatThrownBy(() -> router(route(HttpMethod.GET, template, "one")))
                    .as(template)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void theTableIsKeptInOrder() {
        assertThat(API.routes())
                .extracting(Route::operationId)
                .startsWith("root", "health")
                .hasSize(11);
    }

    private static Route consuming(String... types) {
        return new Route(HttpMethod.POST, "/x", Set.of(), "consuming", Set.of(types), OWN, exchange -> {});
    }

    private static HttpHeaders contentType(String type) {
        var headers = new DefaultHttpHeaders();
        return type == null ? headers : headers.add("Content-Type", type);
    }
}
