package io.tidewire.signalr.rest;

import static io.tidewire.signalr.rest.RestServer.assertDone;
import static io.tidewire.signalr.rest.RestServer.assertErrorDetail;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidewire.auth.AccessKeys;
import io.tidewire.auth.KeySettings;
import io.tidewire.auth.TokenIssuer;
import io.tidewire.auth.TokenSettings;
import io.tidewire.auth.TokenVerifier;
import io.tidewire.backplane.embedded.EmbeddedBackplane;
import io.tidewire.http.ApiVersions;
import io.tidewire.http.Budget;
import io.tidewire.http.EventLoops;
import io.tidewire.http.HttpListener;
import io.tidewire.http.HttpObserver;
import io.tidewire.http.HttpSettings;
import io.tidewire.http.ListenSettings;
import io.tidewire.http.NetworkSettings;
import io.tidewire.http.ProblemFormat;
import io.tidewire.http.RawHttp;
import io.tidewire.http.Router;
import io.tidewire.hub.Answer;
import io.tidewire.hub.Audience;
import io.tidewire.hub.Connection;
import io.tidewire.hub.Disconnect;
import io.tidewire.hub.Fanout;
import io.tidewire.hub.Frame;
import io.tidewire.hub.Hubs;
import io.tidewire.hub.Link;
import io.tidewire.hub.Message;
import io.tidewire.hub.Observer;
import io.tidewire.service.access.Access;
import io.tidewire.service.access.LimitSettings;
import io.tidewire.service.access.Quotas;
import io.tidewire.signalr.protocol.HubProtocols;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What callers are told when a shard does not keep up. Its event loop is one that runs only when the test says so. */
@Timeout(60)
class OverloadTest {
    private static final int MEBIBYTE = 1024 * 1024;

    /** The shard's loop: keeps its work until told to do it. */
    private static final class Stuck implements Executor {
        private final Queue<Runnable> work = new ConcurrentLinkedQueue<>();

        @Override
        public void execute(Runnable task) {
            work.add(task);
        }

        void run() {
            for (Runnable task = work.poll(); task != null; task = work.poll()) {
                task.run();
            }
        }
    }

    private final Stuck loop = new Stuck();
    private final AtomicInteger delivered = new AtomicInteger();
    private final EventLoops loops = new EventLoops(new NetworkSettings(NetworkSettings.Transport.AUTO, 1, 0));
    private final Fanout fanout = new Fanout(List.of(loop), Observer.NONE);
    private final Hubs hubs = new Hubs(fanout, new EmbeddedBackplane(fanout, loops.loops()));
    private final HttpListener listener = listener();

    private HttpListener listener() {
        var keys = new AccessKeys("signalr.keys", new KeySettings(RestServer.PRIMARY, null));
        var verifier = new TokenVerifier(keys, TokenSettings.DEFAULT, List.of(), InstantSource.system());
        var rest = new RestApi(
                hubs,
                new Access(verifier, Observer.NONE),
                new Quotas("signalr.limits", LimitSettings.DEFAULT, InstantSource.system(), Observer.NONE),
                new TokenIssuer(keys, InstantSource.system()),
                null,
                Duration.ofSeconds(10));
        var versions = new ApiVersions("api-version", RestApi.apiVersions(), ApiVersions.Rule.NOT_NEWER);
        return new HttpListener(
                "test.listen",
                new ListenSettings("127.0.0.1", 0),
                HttpSettings.DEFAULT,
                new Router(rest.routes(), versions, ProblemFormat.PLAIN_TEXT),
                loops,
                new Budget(NetworkSettings.DEFAULT),
                new HttpObserver() {});
    }

    @BeforeEach
    void start() {
        listener.start();
        var member = new Connection("c", null, HubProtocols.JSON, new Link() {
            @Override
            public void deliver(Frame frame) {
                delivered.incrementAndGet();
            }

            @Override
            public int ask(Message question, CompletableFuture<Answer> answer) {
                return 0;
            }

            @Override
            public void close(Disconnect why) {}
        });
        assertThat(hubs.named("h").open(member, loop).toCompletableFuture().join())
                .isTrue();
    }

    @AfterEach
    void stop() {
        listener.close();
        loops.close();
    }

    /** Hands the shard so much work that nobody wants to see delivered. */
    private void fill(int mebibytes) {
        Message message = () -> mebibytes * MEBIBYTE;
        var _ = hubs.named("h").send(Audience.all().except(Set.of("c")), message);
    }

    private RawHttp send(RawHttp http) {
        String token =
                RestServer.issuer(RestServer.PRIMARY).issue("http://localhost/api", Duration.ofMinutes(5), List.of());
        return http.body("POST", "/api/hubs/h/:send", "{\"target\":\"t\"}", "Authorization: Bearer " + token);
    }

    @Test
    void beyondTheLimitASendIsRefusedForAMoment() {
        fill(257);
        try (RawHttp http = RawHttp.connect(listener.address())) {
            RawHttp.Answer answer = send(http).read();
            assertErrorDetail(answer, 503, "Error.Request.Overloaded", "Try again.");
            assertThat(answer.text()).contains("bytes wait to be sent, more than 268435456");
            assertThat(answer.header("Retry-After")).isEqualTo("1");

            loop.run();
            assertThat(delivered).as("what was refused is not delivered later").hasValue(0);
            assertDone(send(http).read(), 202);
            loop.run();
            assertThat(delivered).hasValue(1);
        }
    }

    @Test
    void beyondTheLimitCommandsAreRefusedBeforeTheFirstOfThem() {
        fill(257);
        String token =
                RestServer.issuer(RestServer.PRIMARY).issue("http://localhost/api", Duration.ofMinutes(5), List.of());
        String authorization = "Authorization: Bearer " + token;
        String commands = "[{\"type\":\"JoinGroup\",\"group\":\"g\"},"
                + "{\"type\":\"SendMessage\",\"message\":{\"target\":\"t\"}}]";
        try (RawHttp http = RawHttp.connect(listener.address())) {
            http.body("POST", "/api/hubs/h/:execute", commands, authorization);
            assertErrorDetail(http.read(), 503, "Error.Request.Overloaded", "Try again.");
            loop.run();
            assertThat(hubs.named("h")
                            .exists(Audience.group("g"))
                            .toCompletableFuture()
                            .join())
                    .isFalse();

            http.body("POST", "/api/hubs/h/:execute", commands, authorization);
            await().until(() -> !loop.work.isEmpty());
            assertThat(http.hasMore()).as("an answer before the effect").isFalse();
            loop.run();
            assertDone(http.read(), 202);
            assertThat(delivered).hasValue(1);
        }
    }

    @Test
    void aboveTheMarkASenderWaitsForItsAnswerUntilTheShardHasCaughtUp() {
        fill(17);
        try (RawHttp http = RawHttp.connect(listener.address())) {
            send(http);
            await().until(() -> loop.work.size() == 2);
            assertThat(http.hasMore()).as("an answer").isFalse();

            loop.run();
            assertDone(http.read(), 202);
            assertThat(delivered).hasValue(1);
        }
    }

    @Test
    void questionsAndSendsToOthersAreAnsweredMeanwhile() {
        fill(300);
        String token =
                RestServer.issuer(RestServer.PRIMARY).issue("http://localhost/api", Duration.ofMinutes(5), List.of());
        try (RawHttp http = RawHttp.connect(listener.address())) {
            http.get("/api/hubs/h/connections/c", "Authorization: Bearer " + token);
            assertDone(http.read(), 200);
            http.body("POST", "/api/hubs/h/users/X/:send", "{\"target\":\"t\"}", "Authorization: Bearer " + token);
            assertDone(http.read(), 202);
        }
    }
}
