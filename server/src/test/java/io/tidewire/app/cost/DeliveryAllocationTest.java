package io.tidewire.app.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.util.function.ObjIntConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the event loops allocate for a message. Bytes are counted and not timed, so a busy machine changes nothing; what does change is
 * how much the compiler has done yet, and whether a timer ran, so the least of several runs counts, and as long as that is over its
 * bound there are more of them.
 *
 * <p>Bounds are what was measured and little more. One that can be lowered is lowered, so that nothing gained is lost again.
 */
@Timeout(60)
class DeliveryAllocationTest {
    private static final int FEW = 50;
    private static final int MANY = 250;
    private static final int MESSAGES = 8;
    private static final int LEAST_RUNS = 8;
    private static final int MOST_RUNS = 60;

    private static final String USER = "/users/everybody";
    private static final String PING = "{\"type\":\"ping\"}";
    private static final String TO_GROUP =
            "{\"type\":\"sendToGroup\",\"group\":\"g\",\"dataType\":\"text\",\"data\":\"hello\"}";
    private static final String INVOCATION = "{\"type\":1,\"invocationId\":\"1\",\"target\":\"t\",\"arguments\":[]}\36";

    private static MeasuredServer server;
    private static LoopMeter meter;

    @BeforeAll
    static void start() {
        server = new MeasuredServer();
        meter = new LoopMeter(server.tidewire().loops());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /**
     * What a broadcast to many costs more than one to few, in bytes for each receiver. Where the bytes of the frame go out as they are, that
     * is nothing. What a reliable client was sent has a number and is kept until it has acknowledged it. Server-sent events are not here: around
     * each Netty's encoder puts a buffer of its own, which the leak detector watches for good where a test before this one made it.
     */
    @ParameterizedTest
    @CsvSource({
        "SIGNALR_JSON, 0.1",
        "SIGNALR_MESSAGE_PACK, 0.1",
        "PUBSUB_JSON, 0.1",
        "PUBSUB_RELIABLE_JSON, 480",
        "PUBSUB_PROTOBUF, 0.1",
        "PUBSUB_SIMPLE, 0.1"
    })
    void eachReceiverOfABroadcast(ClientForm form, double bound, TestReporter reporter) {
        try (Crowd few = server.crowd(form, FEW).grow(FEW);
                Crowd many = server.crowd(form, MANY).grow(MANY)) {
            double each = eachReceiver(few, many, bound);
            reporter.publishEntry(form.name(), "%.1f bytes".formatted(each));
            assertThat(each)
                    .as("bytes that the loops allocate for one more receiver of a broadcast, %s", form)
                    .isLessThanOrEqualTo(bound);
        }
    }

    private static double eachReceiver(Crowd few, Crowd many, double bound) {
        long toFew = Long.MAX_VALUE;
        long toMany = Long.MAX_VALUE;
        double each = Double.MAX_VALUE;
        for (int run = 0; run < LEAST_RUNS || (run < MOST_RUNS && each > bound); run++) {
            toFew = Math.min(toFew, meter.of(() -> few.post(MESSAGES, "")));
            toMany = Math.min(toMany, meter.of(() -> many.post(MESSAGES, "")));
            few.acknowledge();
            many.acknowledge();
            each = (double) (toMany - toFew) / MESSAGES / (many.size() - few.size());
        }
        return each;
    }

    /** Bounds hold for code that is compiled but not optimised: how far the optimiser has come in a test is chance. */
    static Stream<Arguments> ways() {
        return Stream.of(
                way("REST to a hub of SignalR", 4_750, ClientForm.SIGNALR_JSON, (one, times) -> one.post(times, "")),
                way("REST to a user of SignalR", 4_950, ClientForm.SIGNALR_JSON, (one, times) -> one.post(times, USER)),
                way("an invocation", 1_350, ClientForm.SIGNALR_JSON, (one, times) -> one.say(times, INVOCATION)),
                way("REST to a hub of Web PubSub", 4_850, ClientForm.PUBSUB_JSON, (one, times) -> one.post(times, "")),
                way("REST to a user", 5_050, ClientForm.PUBSUB_JSON, (one, times) -> one.post(times, USER)),
                way("REST to a group", 5_050, ClientForm.PUBSUB_JSON, (one, times) -> one.post(times, "/groups/g")),
                way(
                        "a client's message to a group",
                        1_500,
                        ClientForm.PUBSUB_JSON,
                        (one, times) -> one.say(times, TO_GROUP)),
                way("a ping", 400, ClientForm.PUBSUB_JSON, (one, times) -> one.say(times, PING)));
    }

    private static Arguments way(String name, int bound, ClientForm form, ObjIntConsumer<Crowd> work) {
        return argumentSet(name, bound, form, work);
    }

    /** From the first byte that the server reads to the last one that the one receiver gets. */
    @ParameterizedTest
    @MethodSource("ways")
    void eachMessageToOne(int bound, ClientForm form, ObjIntConsumer<Crowd> work, TestReporter reporter) {
        try (Crowd one = server.crowd(form, 1).grow(1)) {
            long least = Long.MAX_VALUE;
            for (int run = 0; run < LEAST_RUNS || (run < MOST_RUNS && least > bound); run++) {
                least = Math.min(least, meter.of(() -> work.accept(one, MESSAGES)) / MESSAGES);
            }
            reporter.publishEntry(form.name(), "%d bytes".formatted(least));
            assertThat(least).as("bytes that the loops allocate for a message").isLessThanOrEqualTo(bound);
        }
    }
}
