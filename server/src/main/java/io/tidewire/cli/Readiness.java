package io.tidewire.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Asks a server whether it is ready. */
final class Readiness {
    private Readiness() {}

    /** What {@code /readyz} of the admin listener answers. */
    static HttpResponse<String> ask(HttpClient http, URI admin, Duration timeout)
            throws CommandFailed, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(admin + "/readyz"))
                .timeout(timeout)
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new CommandFailed("no answer from " + admin + ": " + RestApi.reason(e), e);
        }
    }
}
