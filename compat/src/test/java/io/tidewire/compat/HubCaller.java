package io.tidewire.compat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** A backend that calls REST 2024-12-01 on one hub, one request after another. */
final class HubCaller implements AutoCloseable {
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final PackagedServer server;
    private final String hub;

    HubCaller(PackagedServer server, String hub) {
        this.server = server;
        this.hub = hub;
    }

    /** The URL that clients of the hub are given. */
    String clientUrl() {
        return server.endpoint() + "/client/?hub=" + hub;
    }

    /** A client token, for a user when the name is not empty. */
    String clientToken(String user) {
        return Tokens.sign(server.key(), clientUrl(), user);
    }

    /** Sends to the target {@code message}, on which a {@link VendorClient} listens. */
    void send(String scope, String argumentsJson) throws IOException, InterruptedException {
        send(scope, "message", argumentsJson);
    }

    /**
     * @param scope empty for everyone, else {@code /users/ann}, {@code /groups/room} or {@code /connections/id}
     * @param argumentsJson the arguments as a JSON array
     */
    void send(String scope, String target, String argumentsJson) throws IOException, InterruptedException {
        String body = "{\"target\":\"" + target + "\",\"arguments\":" + argumentsJson + "}";
        expect(202, call("POST", scope + "/:send", "", body));
    }

    void join(String group, String connectionId) throws IOException, InterruptedException {
        expect(200, call("PUT", "/groups/" + group + "/connections/" + connectionId, "", ""));
    }

    void leave(String group, String connectionId) throws IOException, InterruptedException {
        expect(200, call("DELETE", "/groups/" + group + "/connections/" + connectionId, "", ""));
    }

    void close(String connectionId, String reason) throws IOException, InterruptedException {
        expect(200, call("DELETE", "/connections/" + connectionId, "&reason=" + URLEncoder.encode(reason, UTF_8), ""));
    }

    boolean connectionExists(String connectionId) throws IOException, InterruptedException {
        return call("HEAD", "/connections/" + connectionId, "", "").statusCode() == 200;
    }

    /** Calls a method of a client and answers whatever came of it. */
    HttpResponse<String> invoke(String connectionId, String target, String argumentsJson)
            throws IOException, InterruptedException {
        String body = "{\"target\":\"" + target + "\",\"arguments\":" + argumentsJson + "}";
        return call("POST", "/connections/" + connectionId + "/:invoke", "", body);
    }

    private static void expect(int status, HttpResponse<String> answer) {
        assertThat(answer.statusCode())
                .as("%s: %s", answer.request(), answer.body())
                .isEqualTo(status);
    }

    private HttpResponse<String> call(String method, String path, String query, String body)
            throws IOException, InterruptedException {
        String url = server.endpoint() + "/api/hubs/" + hub + path;
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "?api-version=2024-12-01" + query))
                .timeout(Duration.ofSeconds(20))
                .header("Authorization", "Bearer " + Tokens.sign(server.key(), url, ""))
                .header("Content-Type", "application/json; charset=utf-8")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        return http.send(request, BodyHandlers.ofString());
    }

    @Override
    public void close() {
        http.close();
    }
}
