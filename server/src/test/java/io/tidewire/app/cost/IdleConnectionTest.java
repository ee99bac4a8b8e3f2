package io.tidewire.app.cost;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.app.cost.HeapCensus.Growth;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What one more idle connection holds on the heap, counted object by object: so many more connections, and so many more objects of each
 * class. A connection of the test itself is taken off.
 *
 * <p>Bounds are what was measured, one object and a twentieth of the bytes: tables that grow, and what tests before this one left behind. One that can be lowered is lowered, so that nothing gained is lost again.
 */
@Timeout(60)
class IdleConnectionTest {
    /** Connections before the first count: with them comes what all share. */
    private static final int FIRST = 30;

    /** Connections between one count and the next. */
    private static final int STEP = 100;

    private static final int STEPS = 3;

    /** In the memory of the server; a tenth of those that it remembers. */
    private static final int ACKS = 100;

    private static MeasuredServer server;
    private static Growth client;

    @BeforeAll
    static void start() throws IOException {
        server = new MeasuredServer();
        for (ClientForm form : ClientForm.values()) {
            warmUp(form);
        }
        client = client();
    }

    /** What a JVM keeps of code that runs for the first time, names above all, would count as the first connections'. */
    private static void warmUp(ClientForm form) {
        try (Crowd crowd = server.crowd(form, STEP)) {
            crowd.growApart(STEP);
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** What a {@link CheapClient} holds by itself: the kernel connects them to one who never accepts. */
    private static Growth client() throws IOException {
        try (var listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), FIRST + STEP * STEPS);
            SocketAddress address = listener.getLocalAddress();
            var clients = new CheapClient[FIRST + STEP * STEPS];
            var size = new int[1];
            Growth each = growth(more -> {
                for (int i = 0; i < more; i++) {
                    clients[size[0]++] = new CheapClient(address);
                }
            });
            for (CheapClient one : clients) {
                one.close();
            }
            return each;
        }
    }

    private static Growth growth(IntConsumer connect) {
        var census = new HeapCensus(STEPS + 1);
        connect.accept(FIRST);
        census.take();
        for (int i = 0; i < STEPS; i++) {
            connect.accept(STEP);
            census.take();
        }
        return census.growth(STEP);
    }

    @ParameterizedTest
    @CsvSource({
        "SIGNALR_JSON, 56, 2182",
        "SIGNALR_MESSAGE_PACK, 56, 2182",
        "SIGNALR_EVENTS, 128, 5502",
        "PUBSUB_JSON, 62, 2467",
        "PUBSUB_RELIABLE_JSON, 68, 2684",
        "PUBSUB_PROTOBUF, 62, 2467",
        "PUBSUB_SIMPLE, 61, 2378"
    })
    void ofManyOfOneUser(ClientForm form, int objects, int bytes, TestReporter reporter) {
        try (Crowd crowd = server.crowd(form, FIRST + STEP * STEPS)) {
            check(form, growth(crowd::grow).without(client), objects, bytes, reporter);
        }
    }

    /** What the user adds: the places where it is looked up, and the claims of its own token. */
    @ParameterizedTest
    @CsvSource({"SIGNALR_JSON, 90, 3135", "PUBSUB_JSON, 76, 2873"})
    void withAUserAndATokenOfItsOwn(ClientForm form, int objects, int bytes, TestReporter reporter) {
        try (Crowd crowd = server.crowd(form, FIRST + STEP * STEPS)) {
            check(form, growth(crowd::growApart).without(client), objects, bytes, reporter);
        }
    }

    /** What it costs to know a client's last acks when it repeats one: next to nothing, as clients count. */
    @Test
    void afterManyAcks(TestReporter reporter) {
        try (Crowd crowd = server.crowd(ClientForm.PUBSUB_JSON, FIRST + STEP * STEPS)) {
            Growth each = growth(more -> crowd.growAcked(more, ACKS));
            check(ClientForm.PUBSUB_JSON, each.without(client), 69, 2783, reporter);
        }
    }

    private static void check(ClientForm form, Growth each, int objects, int bytes, TestReporter reporter) {
        reporter.publishEntry(form.name(), "%d objects, %d bytes".formatted(each.objects(), each.bytes()));
        assertThat(each.objects() <= objects && each.bytes() <= bytes)
                .as("%s: %d objects and %d bytes at most, but was %s", form, objects, bytes, each)
                .isTrue();
    }
}
