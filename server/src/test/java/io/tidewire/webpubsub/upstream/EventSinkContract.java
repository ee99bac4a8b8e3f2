package io.tidewire.webpubsub.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidewire.service.upstream.FailureLog;
import io.tidewire.service.upstream.Journal;
import io.tidewire.service.upstream.UpstreamCall;
import io.tidewire.webpubsub.protocol.Metadata;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every sink of events holds (reference F.9). */
abstract class EventSinkContract {
    /**
     * An event as it arrived.
     *
     * @param attributes by lower-case names
     */
    @SuppressWarnings("ArrayRecordComponent") // read, never compared
    record Arrived(Map<String, String> attributes, byte[] data) {
        String text() {
            return new String(data, UTF_8);
        }
    }

    static final EventCallSettings SETTINGS = new EventCallSettings(64 * 1024, 0, 64 * 1024);

    final List<UpstreamCall> calls = new CopyOnWriteArrayList<>();
    final List<String> lines = new CopyOnWriteArrayList<>();
    final Journal journal = new Journal(new FailureLog(System::nanoTime, lines::add), calls::add);

    abstract QueuedSink sink();

    /** All that arrived, in its order. */
    abstract List<Arrived> arrived();

    /** From now on nothing gets through, and nothing fails either. */
    abstract void hold();

    /** What was held gets through. */
    abstract void letGo();

    /** From now on every event is refused. */
    abstract void refuse();

    @AfterEach
    void end() {
        letGo();
        sink().close(Duration.ofSeconds(5));
        tearDown();
        assertThat(sink().held()).isZero();
    }

    abstract void tearDown();

    static CloudEvent event(String connection, long id, String text, String state, Metadata metadata) {
        return new CloudEvent(
                Event.user("say"),
                new CloudEvent.Client("chat", connection, "ada", "json.webpubsub.azure.v1"),
                id,
                Instant.parse("2026-01-02T03:04:05.678Z"),
                state,
                "text/plain",
                text.getBytes(UTF_8),
                metadata);
    }

    static CloudEvent event(String connection, long id, String text) {
        return event(connection, id, text, "", Metadata.NONE);
    }

    @Test
    void attributesAndDataArrive() {
        sink().accept(event("c1", 7, "h\u00e9\u0000", "st", Metadata.of(Map.of("trace", "t"))));
        await().until(() -> arrived().size() == 1);

        Arrived event = arrived().getFirst();
        assertThat(event.text()).isEqualTo("h\u00e9\u0000");
        assertThat(event.attributes())
                .containsEntry("specversion", "1.0")
                .containsEntry("awpsversion", "1.0")
                .containsEntry("type", "azure.webpubsub.user.say")
                .containsEntry("source", "/hubs/chat/client/c1")
                .containsEntry("id", "7")
                .containsEntry("time", "2026-01-02T03:04:05Z")
                .containsEntry("hub", "chat")
                .containsEntry("connectionid", "c1")
                .containsEntry("eventname", "say")
                .containsEntry("userid", "ada")
                .containsEntry("subprotocol", "json.webpubsub.azure.v1")
                .containsEntry("connectionstate", "st")
                .containsEntry("datacontenttype", "text/plain");
        await().until(() -> calls.size() == 1);
        assertThat(calls.getFirst().category()).isEqualTo("listener");
        assertThat(calls.getFirst().failed()).isFalse();
    }

    @Test
    void eventsOfAConnectionKeepTheirOrder() {
        for (int i = 0; i < 20; i++) {
            sink().accept(event("c1", i, "a"));
            sink().accept(event("c2", i, "b"));
        }
        await().until(() -> arrived().size() == 40);
        for (String connection : List.of("c1", "c2")) {
            List<String> ids = arrived().stream()
                    .filter(event -> connection.equals(event.attributes().get("connectionid")))
                    .map(event -> event.attributes().get("id"))
                    .toList();
            var expected = new ArrayList<String>();
            for (int i = 0; i < 20; i++) {
                expected.add(Integer.toString(i));
            }
            assertThat(ids).isEqualTo(expected);
        }
    }

    @Test
    void whatWaitsIsBoundedAndTheRestCounted() {
        hold();
        for (int i = 0; i < 200; i++) {
            sink().accept(event("c1", i, "x".repeat(1000)));
        }
        await().until(() -> calls.stream().anyMatch(call -> call.result().equals("dropped")));
        assertThat(sink().held()).isBetween(60_000L, 64L * 1024);
        assertThat(calls.getFirst().detail())
                .isEqualTo("more events than 65536 bytes wait (setting webpubsub.eventCalls.maxListenerBytes)");
        long dropped = calls.size();
        letGo();

        await().until(() -> arrived().size() == 200 - dropped);
        assertThat(lines).hasSize(FailureLog.IN_FULL + 1);
    }

    @Test
    void oneEventIsAlwaysTaken() {
        sink().accept(event("c1", 0, "x".repeat(100_000)));
        await().until(() -> arrived().size() == 1);
    }

    @Test
    void aFailureIsToldInTheLogAlone() {
        refuse();
        sink().accept(event("c1", 0, "a"));
        await().until(() -> calls.size() == 1);
        assertThat(calls.getFirst().failed()).isTrue();
        assertThat(lines)
                .singleElement()
                .asString()
                .startsWith("Failed invoking '")
                .contains("category:listener");
        await().until(() -> sink().held() == 0);
    }

    @Test
    void theEndWaitsForWhatIsLeft() {
        for (int i = 0; i < 10; i++) {
            sink().accept(event("c1", i, "a"));
        }
        sink().close(Duration.ofSeconds(10));
        assertThat(arrived()).hasSize(10);
        sink().accept(event("c1", 11, "a"));
        assertThat(calls.getLast().result()).isEqualTo("stopped");
    }

    @Test
    void theEndDoesNotWaitForEver() {
        hold();
        sink().accept(event("c1", 0, "a"));
        sink().close(Duration.ofMillis(50));
        assertThat(arrived()).isEmpty();
    }
}
