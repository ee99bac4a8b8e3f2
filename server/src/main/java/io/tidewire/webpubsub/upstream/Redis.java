package io.tidewire.webpubsub.upstream;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The threads that all Redis connections share: two, and none before there is a connection. Any thread. */
final class Redis implements AutoCloseable {
    static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

    private static final int THREADS = 2;

    // Guarded by this.
    private @Nullable ClientResources resources;

    /** Whose connection comes back by itself, with the commands that wait for it. */
    RedisClient client(String server) {
        RedisURI uri = RedisURI.create(server);
        uri.setTimeout(CONNECT_TIMEOUT);
        RedisClient client = RedisClient.create(resources(), uri);
        client.setOptions(ClientOptions.builder()
                .autoReconnect(true)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.ACCEPT_COMMANDS)
                // What waits is bounded by its bytes; a command that timed out here may still be done there.
                .timeoutOptions(TimeoutOptions.builder().timeoutCommands(false).build())
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(CONNECT_TIMEOUT)
                        .keepAlive(true)
                        .build())
                .build());
        return client;
    }

    private synchronized ClientResources resources() {
        if (resources == null) {
            resources = DefaultClientResources.builder()
                    .ioThreadPoolSize(THREADS)
                    .computationThreadPoolSize(THREADS)
                    .reconnectDelay(Delay.exponential(Duration.ofMillis(50), LONGEST_WAIT, 2, TimeUnit.MILLISECONDS))
                    .build();
        }
        return resources;
    }

    @Override
    public synchronized void close() {
        if (resources != null) {
            resources.shutdown(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
        }
    }
}
