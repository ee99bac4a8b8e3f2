package io.tidewire.webpubsub.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidewire.service.upstream.FailureLog;
import io.tidewire.service.upstream.Journal;
import io.tidewire.service.upstream.UpstreamCall;
import io.tidewire.upstream.CircuitSettings;
import io.tidewire.upstream.WebhookClient;
import io.tidewire.upstream.WebhookObserver;
import io.tidewire.upstream.WebhookSettings;
import io.tidewire.webpubsub.upstream.AbuseProtection.Verdict;
import io.tidewire.webpubsub.upstream.Application.Answer;
import io.tidewire.webpubsub.upstream.Application.Request;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Row B21: no handler is called that has not agreed to it (reference F.1). */
class ValidationTest {
    private final AtomicLong now = new AtomicLong();
    private final List<UpstreamCall> calls = new CopyOnWriteArrayList<>();
    private final WebhookClient webhooks = new WebhookClient(
            new WebhookSettings(
                    WebhookSettings.Addresses.ANY,
                    List.of(),
                    Duration.ofSeconds(100),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(4),
                    1 << 20,
                    100,
                    1 << 20,
                    0,
                    new CircuitSettings(0, 50, Duration.ofSeconds(10), Duration.ofSeconds(5))),
            WebhookObserver.NONE);
    private final AbuseProtection protection = new AbuseProtection(
            webhooks,
            new Origin(() -> URI.create("https://rt.example.com:8443")),
            new Journal(new FailureLog(System::nanoTime, _ -> {}), calls::add),
            now::get);

    @AfterEach
    void close() {
        webhooks.close();
    }

    private Verdict verdict(Application app) {
        return verdict(app, "/validate");
    }

    private Verdict verdict(Application app, String path) {
        return Backstage.await(
                protection.verdict("chat", URI.create(app.url(path))).toCompletableFuture());
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private static Answer allowing(String... origins) {
        Answer answer = Answer.of(200);
        for (String origin : origins) {
            answer = answer.with("WebHook-Allowed-Origin", origin);
        }
        return answer;
    }

    @Test
    void itIsAskedWhetherItWantsToBeCalled() {
        try (var app = Application.validatedBy(_ -> Application.WELCOME)) {
            assertThat(verdict(app).good()).isTrue();
            Request request = app.validations.remove();
            assertThat(request.method()).isEqualTo("OPTIONS");
            assertThat(request.uri()).isEqualTo("/validate");
            assertThat(request.header("WebHook-Request-Origin")).isEqualTo("rt.example.com");
            assertThat(request.header("ce-awpsversion")).isEqualTo("1.0");
            assertThat(request.header("Content-Type")).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "rt.example.com",
                "RT.Example.COM",
                "a.example.com, rt.example.com ,b",
                " * ",
                "rt.example.com:8443",
                "a.example.com|rt.example.com|b"
            })
    void everyLineAndItemCounts(String origins) {
        try (var app = Application.validatedBy(_ -> allowing(origins.split("\\|")))) {
            assertThat(verdict(app)).isEqualTo(Verdict.GOOD);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"other.example.com", "example.com", "rt.example.com.evil.com", "rt.example.com:1", "**"})
    void othersDoNot(String origin) {
        try (var app = Application.validatedBy(_ -> allowing(origin))) {
            assertThat(verdict(app).why())
                    .isEqualTo(
                            "its WebHook-Allowed-Origin is for " + origin
                                    + ", not for rt.example.com, which is this service by its setting webpubsub.publicEndpoint");
            assertThat(calls.getLast().result()).isEqualTo("not_allowed");
        }
    }

    @Test
    void withoutTheHeaderItIsNotCalled() {
        try (var app = Application.validatedBy(_ -> Answer.of(200))) {
            assertThat(verdict(app).why()).contains("has no WebHook-Allowed-Origin, which must be * or rt.example.com");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 500, 301, 401})
    void onlySuccessCounts(int status) {
        try (var app = Application.validatedBy(
                _ -> new Answer(status, new byte[0], allowing("*").headers()))) {
            assertThat(verdict(app).why()).startsWith("it answers OPTIONS with " + status + " instead of 2xx");
            assertThat(app.validations).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 405})
    void whoeverKnowsNoOptionsIsAskedWithGet(int status) {
        try (var app = Application.validatedBy(
                request -> request.method().equals("GET") ? allowing("*") : Answer.of(status))) {
            assertThat(verdict(app)).isEqualTo(Verdict.GOOD);
            assertThat(app.validations.stream().map(Request::method)).containsExactly("OPTIONS", "GET");
        }
        try (var app = Application.validatedBy(_ -> Answer.of(status))) {
            assertThat(verdict(app).why()).startsWith("it answers GET with " + status);
        }
    }

    /** Eleven seconds are too many. */
    @Test
    void itHasTenSeconds() {
        assertThat(AbuseProtection.TIMEOUT).isEqualTo(Duration.ofSeconds(10));
        var gate = new CountDownLatch(1);
        try (var app = Application.validatedBy(_ -> {
            assertThat(passes(gate)).isTrue();
            return Application.WELCOME;
        })) {
            assertThat(verdict(app).why()).isEqualTo("no answer within 10s");
            gate.countDown();
        }
    }

    private static boolean passes(CountDownLatch gate) {
        try {
            return gate.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void firstEventsShareOneValidation() {
        var gate = new CountDownLatch(1);
        try (var app = Application.validatedBy(_ -> {
            assertThat(passes(gate)).isTrue();
            return Application.WELCOME;
        })) {
            var all = new ArrayList<CompletableFuture<Verdict>>();
            for (int i = 0; i < 50; i++) {
                all.add(protection
                        .verdict("chat", URI.create(app.url("/validate")))
                        .toCompletableFuture());
            }
            await().until(() -> app.validations.size() == 1);
            assertThat(all).noneMatch(CompletableFuture::isDone);
            gate.countDown();
            all.forEach(one -> assertThat(Backstage.await(one)).isEqualTo(Verdict.GOOD));
            assertThat(app.validations).hasSize(1);
        }
    }

    @Test
    void aGoodOneIsLookedAtAgainWhileCallsGoOn() {
        var answer = new AtomicReference<>(Application.WELCOME);
        try (var app = Application.validatedBy(_ -> answer.get())) {
            verdict(app);
            pass(Duration.ofSeconds(59));
            verdict(app);
            assertThat(app.validations).hasSize(1);

            answer.set(Answer.of(500));
            pass(Duration.ofSeconds(1));
            assertThat(verdict(app)).isEqualTo(Verdict.GOOD);
            await().until(() -> !verdict(app).good());
            assertThat(app.validations).hasSize(2);
        }
    }

    @Test
    void aBadOneIsWaitedOutLongerAndLonger() {
        var answer = new AtomicReference<>(Answer.of(500));
        try (var app = Application.validatedBy(_ -> answer.get())) {
            assertThat(verdict(app).good()).isFalse();
            int asked = 1;
            for (long wait : new long[] {1, 2, 4, 8, 16, 32, 60, 60}) {
                pass(Duration.ofSeconds(wait).minusNanos(1));
                assertThat(verdict(app).why()).contains("500");
                assertThat(app.validations).hasSize(asked);
                pass(Duration.ofNanos(1));
                assertThat(verdict(app).good()).isFalse();
                assertThat(app.validations).hasSize(++asked);
            }
            answer.set(Application.WELCOME);
            pass(Duration.ofSeconds(60));
            assertThat(verdict(app)).isEqualTo(Verdict.GOOD);

            answer.set(Answer.of(500));
            pass(AbuseProtection.GOOD_FOR);
            await().until(() -> !verdict(app).good());
            asked = app.validations.size();
            pass(AbuseProtection.FIRST_WAIT);
            verdict(app);
            assertThat(app.validations).hasSize(asked + 1);
        }
    }

    @Test
    void eachUrlAndHubForItself() {
        var count = new AtomicInteger();
        try (var app = Application.validatedBy(_ -> {
            count.incrementAndGet();
            return Application.WELCOME;
        })) {
            verdict(app, "/a");
            verdict(app, "/b");
            Backstage.await(
                    protection.verdict("news", URI.create(app.url("/a"))).toCompletableFuture());
            assertThat(count).hasValue(3);
        }
    }

    /** Names that clients make up do not push out the handler that is in use. */
    @Test
    void theOneAskedForLongestAgoIsForgotten() {
        try (var app = Application.validatedBy(_ -> Application.WELCOME)) {
            verdict(app);
            for (int i = 0; i < AbuseProtection.MAX_URLS + 50; i++) {
                protection.verdict("hub" + i, URI.create("http://169.254.169.254/" + i));
                verdict(app);
            }
            assertThat(app.validations).hasSize(1);
        }
    }

    @Test
    void rememberedUrlsAreBounded() {
        for (int i = 0; i < AbuseProtection.MAX_URLS + 50; i++) {
            protection.verdict("hub" + i, URI.create("http://169.254.169.254/" + i));
        }
        assertThat(protection.remembered()).isEqualTo(AbuseProtection.MAX_URLS);
    }
}
