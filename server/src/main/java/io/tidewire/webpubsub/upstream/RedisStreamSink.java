package io.tidewire.webpubsub.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisURI;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.tidewire.service.upstream.Journal;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends events to a stream of Redis: the attributes as fields in lower case, the data as {@code data}, all in one order over one
 * connection. Nothing connects before the first event; while Redis is away events wait, and after it came back some may be there
 * twice, with the same id.
 */
final class RedisStreamSink extends QueuedSink {
    private static final Logger LOG = LoggerFactory.getLogger(RedisStreamSink.class);

    private final ListenerEndpoint.RedisStream endpoint;
    private final Redis redis;
    private final byte[] stream;
    private final XAddArgs limit;

    // All of it changes in turn.
    private final ArrayDeque<CloudEvent> waiting = new ArrayDeque<>();
    private @Nullable RedisClient client;
    private @Nullable StatefulRedisConnection<byte[], byte[]> connection;
    private boolean connecting;
    private boolean ended;
    private int failures;

    RedisStreamSink(ListenerEndpoint.RedisStream endpoint, Redis redis, Journal journal, EventCallSettings settings) {
        super(endpoint.shown(), settings.maxListenerBytes(), journal);
        this.endpoint = endpoint;
        this.redis = redis;
        this.stream = endpoint.stream().getBytes(UTF_8);
        this.limit = XAddArgs.Builder.maxlen(endpoint.maxLength()).approximateTrimming();
    }

    @Override
    void take(CloudEvent event) {
        if (ended) {
            failed(event, "stopped", "this server is stopping", Duration.ZERO);
        } else if (connection != null) {
            append(connection, event);
        } else {
            waiting.add(event);
            connect();
        }
    }

    private void connect() {
        if (connecting || ended) {
            return;
        }
        connecting = true;
        if (client == null) {
            client = redis.client(endpoint.server());
            client.addListener(new Changes());
        }
        var _ = client.connectAsync(ByteArrayCodec.INSTANCE, RedisURI.create(endpoint.server()))
                .whenComplete((connected, failure) -> inTurn(() -> connected(connected, failure)));
    }

    private void connected(@Nullable StatefulRedisConnection<byte[], byte[]> connected, @Nullable Throwable failure) {
        connecting = false;
        if (connected == null) {
            failures++;
            if (failures == 1) {
                LOG.warn("Redis at {} cannot be reached, its events wait: {}", endpoint.shown(), words(failure));
            }
            long wait = Math.min(Redis.LONGEST_WAIT.toMillis(), 50L << Math.min(failures, 10));
            Executor later = CompletableFuture.delayedExecutor(wait, TimeUnit.MILLISECONDS);
            later.execute(() -> inTurn(this::connect));
            return;
        }
        failures = 0;
        if (ended) {
            var _ = connected.closeAsync();
            return;
        }
        connection = connected;
        for (CloudEvent event = waiting.poll(); event != null; event = waiting.poll()) {
            append(connected, event);
        }
    }

    private void append(StatefulRedisConnection<byte[], byte[]> connected, CloudEvent event) {
        long began = System.nanoTime();
        var _ = connected.async().xadd(stream, limit, fields(event)).whenComplete((id, failure) -> {
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            if (failure == null) {
                delivered(event, "appended", took);
            } else {
                failed(event, "redis_error", words(failure), took);
            }
        });
    }

    /** Names and values in turn. */
    private static Object[] fields(CloudEvent event) {
        var fields = new ArrayList<byte[]>(32);
        for (Map.Entry<String, String> attribute : event.attributes()) {
            fields.add(attribute.getKey().toLowerCase(Locale.ROOT).getBytes(UTF_8));
            fields.add(attribute.getValue().getBytes(UTF_8));
        }
        fields.add("datacontenttype".getBytes(UTF_8));
        fields.add(event.contentType().getBytes(UTF_8));
        event.metadata().entries().forEach((key, value) -> {
            fields.add(("metadata-" + key).getBytes(UTF_8));
            fields.add(value.getBytes(UTF_8));
        });
        fields.add("data".getBytes(UTF_8));
        fields.add(event.data());
        return fields.toArray();
    }

    private static String words(@Nullable Throwable failure) {
        Throwable cause = failure;
        while (cause != null && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause == null
                ? ""
                : cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    @Override
    void shutDown() {
        ended = true;
        for (CloudEvent event = waiting.poll(); event != null; event = waiting.poll()) {
            failed(event, "stopped", "this server stopped before Redis had the event", Duration.ZERO);
        }
        if (client != null) {
            // Ends the commands that wait for an answer as well.
            client.shutdown(0, 1, TimeUnit.SECONDS);
        }
    }

    /** Tells operators when a connection that was there goes, and when it is there again. */
    private final class Changes implements RedisConnectionStateListener {
        private boolean lost;

        @Override
        public synchronized void onRedisConnected(RedisChannelHandler<?, ?> connection, SocketAddress address) {
            if (lost) {
                lost = false;
                LOG.info("Redis at {} is there again", endpoint.shown());
            }
        }

        @Override
        public synchronized void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
            if (!lost) {
                lost = true;
                LOG.warn("Redis at {} is gone, its events wait", endpoint.shown());
            }
        }
    }
}
