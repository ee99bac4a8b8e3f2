package io.tidewire.signalr.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.app.TestTidewire;
import io.tidewire.auth.Claim;
import io.tidewire.auth.TokenIssuer;
import io.tidewire.auth.TokenSettings;
import io.tidewire.http.RawHttp;
import io.tidewire.service.rest.RestCaller;
import io.tidewire.signalr.access.SignalRClaims;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A whole server on free ports, and a REST caller with a token. Every call has a connection of its own. */
final class RestServer implements AutoCloseable {
    static final String PRIMARY = "primary-key-of-the-rest-tests-0123456789";
    static final String SECONDARY = "secondary-key-of-the-rest-tests-01234567";

    private static final AtomicInteger HUBS = new AtomicInteger();

    private final TestTidewire server;
    private final TokenIssuer issuer = issuer(PRIMARY);
    private final RestCaller caller;

    /** What a test may want otherwise. */
    static final class Setup {
        private final TestTidewire.Options options = TestTidewire.with()
                .set(
                        "signalr.previewListen=127.0.0.1:0",
                        "signalr.keys.primary=" + PRIMARY,
                        "signalr.keys.secondary=" + SECONDARY,
                        "shutdownTimeout=2s");

        /** A setting as on the command line, {@code key=value}. */
        Setup set(String... keyValues) {
            options.set(keyValues);
            return this;
        }

        Setup audience(TokenSettings.Audience mode) {
            options.audience(mode);
            return this;
        }

        Setup publicEndpoint(String url) {
            return set("signalr.publicEndpoint=" + url);
        }

        Setup strictApiVersion() {
            return set("signalr.strictApiVersion=true");
        }

        Setup maxBodyBytes(int bytes) {
            return set("http.maxBodyBytes=" + bytes);
        }

        RestServer start() {
            return new RestServer(options.start());
        }
    }

    private RestServer(TestTidewire server) {
        this.server = server;
        this.caller = new RestCaller(server.address(), token("http://localhost/api"));
    }

    static Setup setup() {
        return new Setup();
    }

    static RestServer start() {
        return setup().start();
    }

    static TokenIssuer issuer(String key) {
        return TestTidewire.issuer(key);
    }

    /** A hub that nobody else uses. */
    static String newHub() {
        return "hub" + HUBS.incrementAndGet();
    }

    InetSocketAddress address() {
        return server.address();
    }

    InetSocketAddress previewAddress() {
        return new InetSocketAddress(
                InetAddress.getLoopbackAddress(),
                server.signalr().extraUrl().orElseThrow().getPort());
    }

    InetSocketAddress adminAddress() {
        return server.adminAddress();
    }

    /** Messages that were given up for this reason. */
    double dropped(String reason) {
        return metric("tidewire_messages_dropped_total{reason=\"" + reason + "\",service=\"signalr\"}");
    }

    /** See {@link TestTidewire#metric}. */
    double metric(String series) {
        return server.metric(series);
    }

    /** A token of the primary key. */
    String token(String audience) {
        return issuer.issue(audience, Duration.ofMinutes(5), List.of());
    }

    private String clientToken(String hub, @Nullable String user) {
        List<Claim> claims = user == null ? List.of() : List.of(SignalRClaims.user(user));
        return issuer.issue(
                "http://localhost/client/?hub=" + URLEncoder.encode(hub, UTF_8), Duration.ofMinutes(5), claims);
    }

    /** The header that opens every REST call: its audience is an ancestor of all of them. */
    String authorization() {
        return caller.authorization();
    }

    /** See {@link RestCaller#call}. */
    RawHttp.Answer call(String method, String target, String... headers) {
        return caller.call(method, target, headers);
    }

    /** See {@link RestCaller#callAsIs}. */
    RawHttp.Answer callAsIs(String method, String target, String... headers) {
        return caller.callAsIs(method, target, headers);
    }

    /** A POST of JSON. */
    RawHttp.Answer post(String target, String json) {
        return post(target, "application/json", json.getBytes(UTF_8));
    }

    RawHttp.Answer post(String target, String contentType, byte[] body) {
        return caller.post(target, body, "Content-Type: " + contentType);
    }

    /** A request as bytes, to send several at once. */
    byte[] request(String method, String target, String contentType, byte[] body) {
        return caller.request(method, target, body, "Content-Type: " + contentType);
    }

    /** A JSON client that has finished its handshake; without a user when that is null. */
    HubClient json(String hub, @Nullable String user) {
        return new HubClient(this, hub, clientToken(hub, user), false);
    }

    /** A MessagePack client that has finished its handshake; without a user when that is null. */
    HubClient messagePack(String hub, @Nullable String user) {
        return new HubClient(this, hub, clientToken(hub, user), true);
    }

    /** See {@link RestCaller#assertDone}. */
    static void assertDone(RawHttp.Answer answer, int status) {
        RestCaller.assertDone(answer, status);
    }

    /** An error of 1.0 or 1.0-preview: text, and the code in the header. */
    static void assertTextError(RawHttp.Answer answer, int status, String code, String message) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        assertThat(answer.header("x-ms-error-code")).isEqualTo(code);
        assertThat(answer.header("Content-Type")).isEqualTo("text/plain; charset=utf-8");
        assertThat(answer.text()).contains(message);
    }

    /** An error of a dated version: an ErrorDetail, and its code in the header. */
    static void assertErrorDetail(RawHttp.Answer answer, int status, String code, String message) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        assertThat(answer.header("x-ms-error-code")).isEqualTo(code);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json; charset=utf-8");
        var detail = Json.read(answer.text());
        assertThat(detail.get("code").asString()).isEqualTo(code);
        assertThat(detail.get("message").asString()).contains(message);
    }

    /** An error in the format of the version that the path belongs to. */
    static void assertError(String target, RawHttp.Answer answer, int status, String code, String message) {
        if (target.toLowerCase(Locale.ROOT).startsWith("/api/v1")) {
            assertTextError(answer, status, code, message);
        } else {
            assertErrorDetail(answer, status, code, message);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
