package io.tidewire.webpubsub.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.app.TestTidewire;
import io.tidewire.http.RawHttp;
import io.tidewire.hub.Hub;
import io.tidewire.service.rest.RestCaller;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** A whole server, and a caller of the REST API of Web PubSub on sockets. */
final class RestServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final AtomicInteger COUNTER = new AtomicInteger();

    private final TestTidewire server;
    private final RestCaller caller;

    private RestServer(TestTidewire server) {
        this.server = server;
        this.caller = new RestCaller(server.webPubSubAddress(), server.tokenFor("http://localhost/api"));
    }

    /** With settings as on the command line, {@code key=value}. */
    static RestServer start(String... keyValues) {
        return new RestServer(
                TestTidewire.with().set("shutdownTimeout=2s").set(keyValues).start());
    }

    TestTidewire server() {
        return server;
    }

    /** A hub that nobody else uses. */
    static String newHub() {
        return "hub" + COUNTER.incrementAndGet();
    }

    Hub hub(String name) {
        return server.webPubSubHubs().named(name);
    }

    /** A member of the hub, on one shard after the other; without a user when that is null. */
    Receiver member(String hub, String id, @Nullable String user) {
        return member(hub, id, user, "json.webpubsub.azure.v1");
    }

    Receiver member(String hub, String id, @Nullable String user, String protocol) {
        var loops = server.loops();
        return new Receiver(hub(hub), loops.get(COUNTER.incrementAndGet() % loops.size()), id, user, protocol);
    }

    RawHttp.Answer call(String method, String target, String... headers) {
        return caller.call(method, target, headers);
    }

    RawHttp.Answer callAsIs(String method, String target, String... headers) {
        return caller.callAsIs(method, target, headers);
    }

    RawHttp.Answer post(String target, byte[] body, String... headers) {
        return caller.post(target, body, headers);
    }

    RawHttp.Answer json(String target, String json) {
        return caller.post(target, json.getBytes(UTF_8), "Content-Type: application/json");
    }

    RawHttp.Answer text(String target, String text, String... headers) {
        var all = new String[headers.length + 1];
        all[0] = "Content-Type: text/plain";
        System.arraycopy(headers, 0, all, 1, headers.length);
        return caller.post(target, text.getBytes(UTF_8), all);
    }

    /** An error document, and everything that goes with it. */
    static void assertError(RawHttp.Answer answer, int status, String code, String message) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        assertThat(answer.header("x-ms-error-code")).isEqualTo(code);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json; charset=utf-8");
        JsonNode detail = JSON.readTree(answer.text());
        assertThat(detail.get("code").asString()).isEqualTo(code);
        assertThat(detail.get("message").asString()).contains(message);
        assertMarked(answer);
    }

    static void assertBadRequest(RawHttp.Answer answer, String message) {
        assertError(answer, 400, "Error.BadRequest", message);
    }

    static void assertDone(RawHttp.Answer answer, int status) {
        RestCaller.assertDone(answer, status);
        assertMarked(answer);
    }

    /** The headers of every answer of a route that has versions. */
    static void assertMarked(RawHttp.Answer answer) {
        assertThat(answer.header("api-supported-versions"))
                .isEqualTo("2021-10-01, 2022-11-01, 2023-07-01, 2024-01-01, 2024-12-01");
        assertThat(answer.header("x-ms-request-id")).matches("[0-9a-f]{32}");
    }

    static JsonNode read(RawHttp.Answer answer) {
        return JSON.readTree(answer.text());
    }

    @Override
    public void close() {
        server.close();
    }
}
