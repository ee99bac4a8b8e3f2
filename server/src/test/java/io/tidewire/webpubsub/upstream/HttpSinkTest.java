package io.tidewire.webpubsub.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidewire.auth.AccessKeys;
import io.tidewire.auth.KeySettings;
import io.tidewire.service.upstream.UrlTemplate;
import io.tidewire.upstream.CircuitSettings;
import io.tidewire.upstream.WebhookClient;
import io.tidewire.upstream.WebhookObserver;
import io.tidewire.upstream.WebhookSettings;
import io.tidewire.webpubsub.protocol.Metadata;
import io.tidewire.webpubsub.upstream.Application.Answer;
import io.tidewire.webpubsub.upstream.Application.Request;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HttpSinkTest extends EventSinkContract {
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private volatile int status = 204;
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Application application = Application.that(request -> {
        try {
            assertThat(gate.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException stopped) {
            return Answer.of(503);
        }
        requests.add(request);
        return Answer.of(status);
    });
    private final WebhookClient webhooks = new WebhookClient(
            new WebhookSettings(
                    WebhookSettings.Addresses.ANY,
                    List.of(),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(4),
                    1 << 20,
                    100,
                    1 << 24,
                    0,
                    new CircuitSettings(0, 50, Duration.ofSeconds(10), Duration.ofSeconds(5))),
            WebhookObserver.NONE);
    private final HttpSink sink = sink(application, SETTINGS);

    private HttpSink sink(Application to, EventCallSettings settings) {
        return new HttpSink(
                UrlTemplate.parse(to.url("/{hub}/{event}?code=s3cret"), Event.PARAMETERS),
                webhooks,
                new AccessKeys("webpubsub.keys", new KeySettings(Application.KEY, null)),
                new Origin(() -> URI.create("http://rt.example.com")),
                journal,
                settings);
    }

    @Override
    QueuedSink sink() {
        return sink;
    }

    @Override
    List<Arrived> arrived() {
        return requests.stream()
                .filter(_ -> gate.getCount() == 0)
                .map(request -> {
                    var attributes = new HashMap<String, String>();
                    request.headers().forEach((name, values) -> {
                        if (name.startsWith("ce-")) {
                            attributes.put(name.substring(3), values.getFirst());
                        }
                    });
                    attributes.put("datacontenttype", String.valueOf(request.header("Content-Type")));
                    return new Arrived(attributes, request.body());
                })
                .toList();
    }

    @Override
    void hold() {
        gate = new CountDownLatch(1);
    }

    @Override
    void letGo() {
        gate.countDown();
    }

    @Override
    void refuse() {
        status = 400;
    }

    @Override
    void tearDown() {
        webhooks.close();
        await().until(() -> sink.held() == 0);
        application.close();
    }

    /** A name that would step up in the path makes no URL. */
    @Test
    void anEventThatCannotBeToldDoesNotStopThoseBehindIt() {
        CloudEvent good = event("c1", 1, "a");
        sink.accept(new CloudEvent(
                Event.user(".."),
                good.who(),
                0,
                good.time(),
                good.state(),
                good.contentType(),
                good.data(),
                good.metadata()));
        sink.accept(good);
        assertThat(application.next().header("ce-id")).isEqualTo("1");
        await().until(() -> calls.size() == 2);
        assertThat(calls.getFirst().result()).isEqualTo("address_denied");
    }

    @Test
    void anApplicationThatStumblesIsToldAgain() {
        var tries = new AtomicInteger();
        try (var stumbling = Application.that(_ -> Answer.of(tries.incrementAndGet() < 2 ? 503 : 204))) {
            var patient = sink(stumbling, new EventCallSettings(64 * 1024, 3, 64 * 1024));
            patient.accept(event("c1", 0, "a"));
            stumbling.next();
            stumbling.next();
            await().until(() -> patient.held() == 0);
            assertThat(calls)
                    .singleElement()
                    .satisfies(call -> assertThat(call.failed()).isFalse());
        }
    }

    @Test
    void itIsAPostAsHandlersGetIt() {
        sink.accept(event("c1", 0, "a", "", Metadata.of(Map.of("trace", "t"))));
        Request request = application.next();
        assertThat(request.uri()).isEqualTo("/chat/say?code=s3cret");
        assertThat(request.header("x-webpubsub-metadata-trace")).isEqualTo("t");
        assertThat(application.validations).isEmpty();
    }
}
