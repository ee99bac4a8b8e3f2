package io.tidewire.cli;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.InvalidAlgorithmParameterException;
import java.security.cert.CertPathBuilderException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Calls of the REST API of one hub, each with a token of its own for exactly its URL. Blocking; any thread. */
final class RestApi {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final HttpClient http;
    private final ServiceAccess service;
    private final String hub;

    /** @param hub as {@link ServiceAccess#hub} gives it */
    RestApi(HttpClient http, ServiceAccess service, String hub) {
        this.http = http;
        this.service = service;
        this.hub = ServiceAccess.encode(hub);
    }

    /**
     * What came back.
     *
     * @param errorCode {@code x-ms-error-code}; empty when absent
     * @param elapsed from the call to the whole answer
     */
    record Answer(int status, String errorCode, String body, Duration elapsed) {
        boolean success() {
            return status / 100 == 2;
        }
    }

    /** Of version 1.0: a path below {@code /api/v1/hubs/<hub>}, its segments encoded. */
    Answer v1(String method, String path, @Nullable String json) throws CommandFailed, InterruptedException {
        return call(method, "/api/v1/hubs/" + hub + path, json);
    }

    /** Of version 2022-06-01, for what 1.0 cannot do: a path below {@code /api/hubs/<hub>}. */
    Answer dated(String method, String path, String query) throws CommandFailed, InterruptedException {
        return call(method, "/api/hubs/" + hub + path + "?api-version=2022-06-01" + query, null);
    }

    /** Of Web PubSub: a path below {@code /api/hubs/<hub>}, its segments encoded. */
    Answer pubSub(String method, String path, String text) throws CommandFailed, InterruptedException {
        return call(method, "/api/hubs/" + hub + path + "?api-version=2024-12-01", "text/plain", text);
    }

    private Answer call(String method, String pathAndQuery, @Nullable String json)
            throws CommandFailed, InterruptedException {
        return call(method, pathAndQuery, "application/json; charset=utf-8", json);
    }

    private Answer call(String method, String pathAndQuery, String contentType, @Nullable String body)
            throws CommandFailed, InterruptedException {
        var request = HttpRequest.newBuilder(service.restUrl(pathAndQuery))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + service.restToken(pathAndQuery));
        if (body == null) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("Content-Type", contentType).method(method, HttpRequest.BodyPublishers.ofString(body));
        }
        long begin = System.nanoTime();
        try {
            var response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(
                    response.statusCode(),
                    response.headers().firstValue("x-ms-error-code").orElse(""),
                    response.body(),
                    Duration.ofNanos(System.nanoTime() - begin));
        } catch (IOException e) {
            throw new CommandFailed("no answer from " + service.restUrl("") + ": " + reason(e), e);
        }
    }

    /** Why a call over the network failed, in words: the JDK's own messages are often missing, or a cause further down says more. */
    static String reason(Throwable thrown) {
        var said = thrown.getClass().getSimpleName();
        for (Throwable e = thrown; e != null; e = e.getCause()) {
            if (e instanceof ConnectException) {
                return e.getCause() instanceof ConnectException cause
                                && cause.getCause() instanceof UnresolvedAddressException
                        ? "there is no host of that name"
                        : "connection refused or unreachable; is the server running there?";
            }
            if (e instanceof HttpTimeoutException) {
                return "timed out";
            }
            if (e instanceof CertPathBuilderException) {
                return "nobody vouches for its certificate; for a private authority set TIDEWIRE_JAVA_OPTS to"
                        + " '-Djavax.net.ssl.trustStore=<file> -Djavax.net.ssl.trustStorePassword=<password>'";
            }
            // What the JDK makes of a trust store without certificates, or with ones that it may not read.
            if (e instanceof InvalidAlgorithmParameterException) {
                return "there is no certificate to read in the trust store;"
                        + " are javax.net.ssl.trustStore and javax.net.ssl.trustStorePassword right?";
            }
            var message = e.getMessage();
            if (e instanceof IOException) {
                said = message == null || message.isBlank() ? e.getClass().getSimpleName() : Printable.line(message);
            }
        }
        return said;
    }
}
