package io.tidewire.webpubsub.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.KillArgs;
import io.lettuce.core.Range;
import io.tidewire.webpubsub.protocol.Metadata;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedisStreamSinkTest extends EventSinkContract {
    private final RedisServer server = RedisServer.start("p@ss word");
    private final Redis redis = new Redis();
    private final RedisStreamSink sink = sink("events");
    private final RedisServer.Session session = server.session();
    private boolean held;

    private RedisStreamSink sink(String stream) {
        String endpoint = "redis://:p%40ss%20word@127.0.0.1:" + server.port + "/0?stream=" + stream;
        return new RedisStreamSink(
                (ListenerEndpoint.RedisStream) ListenerEndpoint.parse(endpoint), redis, journal, SETTINGS);
    }

    @Override
    QueuedSink sink() {
        return sink;
    }

    @Override
    List<Arrived> arrived() {
        if (held) {
            return List.of();
        }
        return session.connection.sync().xrange("events", Range.unbounded()).stream()
                .map(message -> {
                    Map<String, String> attributes = new HashMap<>(message.getBody());
                    String data = String.valueOf(attributes.remove("data"));
                    return new Arrived(attributes, data.getBytes(UTF_8));
                })
                .toList();
    }

    /** Other commands wait meanwhile; this one does not. */
    @Override
    void hold() {
        held = true;
        session.connection
                .sync()
                .dispatch(
                        io.lettuce.core.protocol.CommandType.CLIENT,
                        new io.lettuce.core.output.StatusOutput<>(io.lettuce.core.codec.StringCodec.UTF8),
                        new io.lettuce.core.protocol.CommandArgs<>(io.lettuce.core.codec.StringCodec.UTF8)
                                .add("PAUSE")
                                .add(60_000)
                                .add("WRITE"));
    }

    @Override
    void letGo() {
        if (held) {
            session.connection
                    .sync()
                    .dispatch(
                            io.lettuce.core.protocol.CommandType.CLIENT,
                            new io.lettuce.core.output.StatusOutput<>(io.lettuce.core.codec.StringCodec.UTF8),
                            new io.lettuce.core.protocol.CommandArgs<>(io.lettuce.core.codec.StringCodec.UTF8)
                                    .add("UNPAUSE"));
            held = false;
        }
    }

    @Override
    void refuse() {
        session.connection.sync().configSet("maxmemory", "1");
        session.connection.sync().configSet("maxmemory-policy", "noeviction");
    }

    @Override
    void tearDown() {
        redis.close();
        session.close();
        server.close();
    }

    @Test
    void nothingConnectsBeforeTheFirstEvent() {
        assertThat(session.connection.sync().clientList().lines()).hasSize(1);
        sink.accept(event("c1", 0, "a"));
        await().until(() -> session.connection.sync().clientList().lines().count() == 2);
    }

    @Test
    void aFullRedisSaysSoInTheLog() {
        refuse();
        sink.accept(event("c1", 0, "a"));
        await().until(() -> calls.size() == 1);
        assertThat(calls.getFirst().result()).isEqualTo("redis_error");
        assertThat(lines.getFirst()).contains("OOM", "127.0.0.1:" + server.port).doesNotContain("p%40ss", "p@ss");
        session.connection.sync().configSet("maxmemory", "0");
        sink.accept(event("c1", 1, "a"));
        await().until(() -> arrived().size() == 1);
    }

    @Test
    void metadataAreFields() {
        sink.accept(event("c1", 0, "a", "", Metadata.of(Map.of("trace", "t"))));
        await().until(() -> arrived().size() == 1);
        assertThat(arrived().getFirst().attributes())
                .containsEntry("metadata-trace", "t")
                .doesNotContainKey("connectionstate");
    }

    @Test
    void theStreamIsTrimmed() {
        RedisStreamSink short1 = sink("short&maxlen=10");
        for (int i = 0; i < 500; i++) {
            short1.accept(event("c1", i, "a"));
            if (i % 100 == 99) {
                await().until(() -> short1.held() == 0);
            }
        }
        await().until(() -> short1.held() == 0);
        assertThat(session.connection.sync().xlen("short")).isBetween(10L, 250L);
        short1.close(Duration.ofSeconds(1));
    }

    /** Row F3: what waits while Redis is away gets there once it is back. */
    @Test
    void redisStoppedAndStartedAgain() {
        sink.accept(event("c1", 0, "a"));
        await().until(() -> arrived().size() == 1);
        server.stop();
        for (int i = 1; i <= 20; i++) {
            sink.accept(event("c1", i, "a"));
        }
        assertThat(sink.held()).isPositive();
        server.run();

        await().until(() -> sink.held() == 0);
        var ids = new ArrayList<String>();
        arrived().forEach(event -> ids.add(String.valueOf(event.attributes().get("id"))));
        assertThat(ids.stream().distinct())
                .containsExactly(
                        "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16", "17",
                        "18", "19", "20");
        assertThat(calls).noneMatch(io.tidewire.service.upstream.UpstreamCall::failed);
    }

    @Test
    void redisThatComesLaterThanTheFirstEvent() {
        server.stop();
        sink.accept(event("c1", 0, "a"));
        sink.accept(event("c1", 1, "b"));
        server.run();
        await().until(() -> sink.held() == 0);
        assertThat(arrived().stream().map(Arrived::text)).containsExactly("a", "b");
    }

    @Test
    void aConnectionThatIsCutComesBack() {
        sink.accept(event("c1", 0, "a"));
        await().until(() -> arrived().size() == 1);
        session.connection.sync().clientKill(KillArgs.Builder.typeNormal().skipme());
        sink.accept(event("c1", 1, "b"));
        await().until(() -> arrived().stream().anyMatch(event -> event.text().equals("b")));
    }

    @Test
    void aWrongPasswordIsToldWithoutIt() {
        try (var warnings = new io.tidewire.observe.Warnings(RedisStreamSink.class)) {
            var endpoint = (ListenerEndpoint.RedisStream)
                    ListenerEndpoint.parse("redis://ada:s3cret@127.0.0.1:" + server.port + "/0?stream=events");
            var wrong = new RedisStreamSink(endpoint, redis, journal, SETTINGS);
            wrong.accept(event("c1", 0, "a"));
            await().until(() -> !warnings.lines().isEmpty());
            wrong.close(Duration.ofMillis(10));
            assertThat(wrong.held()).isZero();
            assertThat(calls)
                    .singleElement()
                    .satisfies(call -> assertThat(call.result()).isEqualTo("stopped"));
            assertThat(warnings.lines().toString())
                    .contains("WRONGPASS", "its events wait")
                    .doesNotContain("s3cret");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "ftp://h/ | 'endpoint' must start with http://, https://, redis:// or rediss://",
                "redis://h | 'endpoint' must name a stream",
                "redis://h?stream= | 'endpoint' must name a stream",
                "redis://h/x?stream=s | 'endpoint' must have nothing but the number of a database",
                "redis://h?stream=s&x=1 | 'endpoint' knows no other parameters",
                "redis://h?stream=s&maxlen=0 | 'endpoint' must have a whole number",
                "redis://:pa@ss:s3cret@h?stream=s | 'endpoint' must name a host",
                "http://{event}.h/ | 'endpoint' has {event} in its host"
            })
    void whatCannotBeUsedIsRefusedWhenItIsRead(String endpoint, String why) {
        assertThatThrownBy(() -> new EventListenerSettings(endpoint, List.of(), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(why);
    }

    @Test
    void nobodyListensToConnect() {
        assertThatThrownBy(() -> new EventListenerSettings("http://h/", List.of(), List.of("connect")))
                .hasMessageStartingWith(
                        "'systemEvents' must hold some of connected, disconnected, but holds 'connect'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rediss://u:s3cret@h:1/2?stream=s", "http://u/?code=s3cret"})
    void secretsAreNotShown(String endpoint) {
        var settings = new EventListenerSettings(endpoint, List.of("a"), List.of());
        assertThat(settings.toString() + settings.shownEndpoint() + ListenerEndpoint.parse(endpoint))
                .doesNotContain("s3cret");
    }
}
