package io.tidewire.signalr.rest;

import static io.tidewire.signalr.rest.RestServer.assertDone;
import static io.tidewire.signalr.rest.RestServer.assertError;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.http.RawHttp;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The questions: GET and HEAD of everything that can be there or not, and what is wrong with a path or method. */
@Timeout(60)
class ExistenceTest {
    private static RestServer server;
    private static HubClient client;
    private static String hub;

    @BeforeAll
    static void startServer() {
        server = RestServer.start();
        hub = RestServer.newHub();
        client = server.json(hub, "U");
        assertDone(server.call("PUT", "/api/v1/hubs/" + hub + "/groups/G/users/U"), 202);
        assertDone(server.call("PUT", "/api/v1/hubs/" + hub + "/groups/G/users/Absent"), 202);
    }

    @AfterAll
    static void stopServer() {
        client.close();
        server.close();
    }

    private static String fill(String target) {
        return target.replace("{hub}", hub).replace("{c}", client.id());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/health",
                "/api/health",
                "/api/health?api-version=2022-06-01",
                "/api/v1/hubs/{hub}/connections/{c}",
                "/api/v1/hubs/{hub}/groups/G",
                "/api/v1/hubs/{hub}/users/U",
                "/api/v1/hubs/{hub}/groups/G/users/U",
                "/api/v1/hubs/{hub}/groups/G/users/Absent", // a membership needs no connection
                "/api/v1/hubs/{hub}/users/U/groups/G",
                "/api/hubs/{hub}/connections/{c}?api-version=2022-06-01",
                "/api/hubs/{hub}/groups/G?api-version=2022-06-01",
                "/api/hubs/{hub}/users/U?api-version=2022-06-01",
                "/api/hubs/{hub}/users/U/groups/G?api-version=2022-06-01",
            })
    void whatIsThereIsFoundByGetAndByHead(String target) {
        assertDone(server.call("GET", fill(target)), 200);
        assertDone(server.call("HEAD", fill(target)), 200);
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v1/hubs/{hub}/connections/X, Warning.Connection.NotExisted, connection does not exist",
        "/api/v1/hubs/{hub}/groups/X, Warning.Group.NotExisted, group has no connection",
        "/api/v1/hubs/{hub}/groups/g, Warning.Group.NotExisted, group has no connection",
        "/api/v1/hubs/{hub}/users/X, Warning.User.NotExisted, user has no connection",
        "/api/v1/hubs/{hub}/users/u, Warning.User.NotExisted, user has no connection",
        "/api/v1/hubs/{hub}/users/Absent, Warning.User.NotExisted, user has no connection",
        "/api/v1/hubs/{hub}/groups/G/users/X, Info.User.NotInGroup, not in the group",
        "/api/v1/hubs/{hub}/users/X/groups/G, Info.User.NotInGroup, not in the group",
        "/api/v1/hubs/nobody/users/U, Warning.User.NotExisted, user has no connection",
        "/api/hubs/{hub}/connections/X, Warning.Connection.NotExisted, connection does not exist",
        "/api/hubs/nobody/connections/{c}, Warning.Connection.NotExisted, connection does not exist",
        "/api/hubs/{hub}/groups/X, Warning.Group.NotExisted, group has no connection",
        "/api/hubs/{hub}/users/X, Warning.User.NotExisted, user has no connection",
        "/api/hubs/{hub}/users/U/groups/g, Info.User.NotInGroup, not in the group",
        "/api/hubs/{hub}/users/U/groups/G?application=app, Info.User.NotInGroup, not in the group",
    })
    void whatIsMissingIsNamedInTheHeader(String target, String code, String message) {
        RawHttp.Answer byGet = server.call("GET", fill(target));
        assertError(target, byGet, 404, code, message);

        RawHttp.Answer byHead = server.call("HEAD", fill(target));
        assertThat(byHead.status()).isEqualTo(404);
        assertThat(byHead.header("x-ms-error-code")).isEqualTo(code);
        assertThat(byHead.header("Content-Length")).isEqualTo(byGet.header("Content-Length"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PUT | /api/v1/hubs/{hub}/groups/G/connections/X",
                "PUT | /api/v1/hubs/{hub}/connections/X/groups/G",
                "PUT | /api/hubs/{hub}/groups/G/connections/X",
                "DELETE | /api/v1/hubs/{hub}/groups/G/connections/X",
                "DELETE | /api/v1/hubs/{hub}/connections/X/groups/G",
            })
    void aMissingConnectionCannotBeChanged(String method, String target) {
        assertError(
                target,
                server.call(method, fill(target)),
                404,
                "Error.Connection.NotExisted",
                "The connection does not exist.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DELETE | /api/v1/hubs/{hub}/connections/X | 202",
                "DELETE | /api/v1/hubs/{hub}/groups/X/connections/{c} | 200",
                "DELETE | /api/v1/hubs/{hub}/groups/X/users/X | 202",
                "DELETE | /api/v1/hubs/{hub}/users/X/groups | 200",
                "DELETE | /api/hubs/{hub}/connections/X | 200",
                "DELETE | /api/hubs/{hub}/connections/X/groups | 200",
                "DELETE | /api/hubs/{hub}/groups/G/connections/X | 200",
                "DELETE | /api/hubs/{hub}/users/X/groups/G | 204",
                "DELETE | /api/hubs/{hub}/users/X/groups | 204",
                "POST | /api/hubs/nobody/:closeConnections | 204",
                "POST | /api/hubs/{hub}/groups/X/:closeConnections | 204",
                "POST | /api/hubs/{hub}/users/X/:closeConnections | 204",
            })
    void whatIsGoneAlreadyCanBeTakenAwayAgain(String method, String target, int status) {
        assertDone(server.call(method, fill(target)), status);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DELETE | /api/v1/hubs/{hub} | POST",
                "PATCH | /api/v1/hubs/{hub}/groups/G/users/U | DELETE, GET, HEAD, PUT",
                "GET | /api/v1-preview/hub/{hub} | POST",
                "POST | /api/v1/health | GET, HEAD",
                "GET | /api/hubs/{hub}/:closeConnections | POST",
                "PUT | /api/hubs/{hub}/connections/{c} | DELETE, GET, HEAD, POST",
            })
    void anotherMethodIsToldWhichThereAre(String method, String target, String allowed) {
        RawHttp.Answer answer = server.call(method, fill(target));
        assertError(target, answer, 405, "MethodNotAllowed", "This path answers " + allowed + ".");
        assertThat(answer.header("Allow")).isEqualTo(allowed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/api/v2/hubs/{hub}", "/api/hubs", "/api/v1/hubs/{hub}/groups", "/api/hubs/{hub}/:sned/x", "/"})
    void anUnknownPathIsNotThere(String target) {
        RawHttp.Answer answer = server.call("POST", fill(target));
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.text()).isEqualTo("There is nothing at this path.");
    }
}
