package io.tidewire.bench.micro;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidewire.backplane.embedded.EmbeddedBackplane;
import io.tidewire.hub.Answer;
import io.tidewire.hub.Audience;
import io.tidewire.hub.Connection;
import io.tidewire.hub.Disconnect;
import io.tidewire.hub.Fanout;
import io.tidewire.hub.Frame;
import io.tidewire.hub.Hub;
import io.tidewire.hub.Hubs;
import io.tidewire.hub.Link;
import io.tidewire.hub.Message;
import io.tidewire.hub.Observer;
import io.tidewire.signalr.protocol.HubProtocols;
import io.tidewire.signalr.protocol.JsonArguments;
import io.tidewire.signalr.protocol.ServerMessage;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A message from the hub's door to its receivers' links, encoding included, on a shard that is this thread: all but the sockets. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class FanOut {
    /** All clients speak one protocol, or every second one the other. */
    @Param({"false", "true"})
    public boolean mixed;

    @Param({"10", "1000"})
    public int receivers;

    private final Message message =
            new ServerMessage.Invocation("news", JsonArguments.of("[\"hello, world\",17]".getBytes(UTF_8)));
    private final ScheduledExecutorService users = Executors.newSingleThreadScheduledExecutor();
    private final Sum sum = new Sum();
    private final Executor here = Runnable::run;
    private final Fanout fanout = new Fanout(List.of(here), Observer.NONE);
    private final Hub hub = new Hubs(fanout, new EmbeddedBackplane(fanout, List.of(users))).named("chat");

    /** Everybody's link, which adds up bytes. */
    private static final class Sum implements Link {
        private long bytes;

        @Override
        public void deliver(Frame frame) {
            bytes += frame.size();
        }

        @Override
        public int ask(Message question, CompletableFuture<Answer> answer) {
            answer.complete(new Answer.NoConnection());
            return 0;
        }

        @Override
        public void close(Disconnect why) {}
    }

    @Setup
    public void open() {
        for (int i = 0; i < receivers; i++) {
            var dialect = mixed && i % 2 == 0 ? HubProtocols.MESSAGE_PACK : HubProtocols.JSON;
            var connection = new Connection("c" + i, null, dialect, sum);
            CompletionStage<Boolean> in = hub.open(connection, here);
            if (!in.toCompletableFuture().join()) {
                throw new IllegalStateException("an id is taken");
            }
        }
    }

    @TearDown
    public void close() {
        users.shutdownNow();
    }

    @Benchmark
    public long broadcast() {
        var _ = hub.send(Audience.all(), message);
        return sum.bytes;
    }
}
