package io.tidewire.cli;

import java.net.http.HttpClient;
import java.time.Duration;

/** The HTTP client of the commands. */
final class Http {
    private Http() {}

    /** HTTP/1.1: asking for HTTP/2 would put upgrade headers on the first request over plain text. Redirects are not followed: they would carry the token elsewhere. */
    static HttpClient client() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(10))
                .build();
    }
}
