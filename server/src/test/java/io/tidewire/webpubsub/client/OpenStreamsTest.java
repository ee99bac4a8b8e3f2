package io.tidewire.webpubsub.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.webpubsub.protocol.ClientMessage;
import io.tidewire.webpubsub.protocol.DataType;
import io.tidewire.webpubsub.protocol.Metadata;
import io.tidewire.webpubsub.protocol.Payload;
import io.tidewire.webpubsub.protocol.ServiceMessage.FromGroup;
import io.tidewire.webpubsub.protocol.StreamError;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams of one publisher (reference D.7), with a clock of the test's own. */
class OpenStreamsTest {
    private final RecordingSpeaker speaker = new RecordingSpeaker(settings(3, Duration.ofMinutes(10)));
    private final OpenStreams streams = new OpenStreams(speaker);

    private static ClientSettings settings(int maxOpen, Duration maxIdle) {
        ClientSettings usual = ClientSettings.DEFAULT;
        return new ClientSettings(
                usual.allowedOrigins(),
                usual.keepAliveInterval(),
                usual.timeout(),
                usual.closeOnFailedEvent(),
                usual.maxPendingInvocations(),
                usual.maxGroups(),
                usual.maxGroupStates(),
                usual.reliable(),
                new StreamSettings(maxOpen, maxIdle));
    }

    private void start(String id, @Nullable Integer idleMillis) {
        streams.take(new ClientMessage.StartStream(id, "g", idleMillis, false, 0, Metadata.NONE));
    }

    private void data(String id, long number) {
        streams.take(new ClientMessage.StreamData(id, number, text("m" + number)));
    }

    private void end(String id) {
        streams.take(new ClientMessage.EndStream(id, null));
    }

    private static Payload text(String text) {
        return new Payload(DataType.TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    /** What subscribers got since the last time, as id, number, text and how it ended. */
    private List<String> received() {
        speaker.settle();
        var received = speaker.others.stream()
                .map(FromGroup.class::cast)
                .map(OpenStreamsTest::line)
                .toList();
        speaker.others.clear();
        return received;
    }

    private FromGroup last() {
        speaker.settle();
        return (FromGroup) speaker.others.getLast();
    }

    private static String line(FromGroup message) {
        var part = java.util.Objects.requireNonNull(message.stream());
        StreamError error = part.error();
        return part.streamId() + part.streamSequenceId() + " "
                + new String(message.data().bytes(), StandardCharsets.UTF_8)
                + (part.end() ? "end" : "")
                + (error == null ? "" : " " + error.name());
    }

    @Test
    void aStreamGoesFromItsStartToItsEnd() {
        start("s", null);
        assertThat(speaker.heard()).containsExactly("ack s 1");
        data("s", 1);
        data("s", 2);
        end("s");
        assertThat(received()).containsExactly("s1 m1", "s2 m2", "s3 end");
        assertThat(speaker.heard()).containsExactly("ack s 3", "closed s");
    }

    /** A client that does not know streams still needs a {@code dataType}, and an empty JSON value would be one of the stream. */
    @Test
    void theLastMessageIsAnEmptyText() {
        start("s", null);
        streams.take(new ClientMessage.StreamData("s", 1, new Payload(DataType.JSON, new byte[] {'1'})));
        end("s");
        FromGroup last = last();
        assertThat(last.data().type()).isEqualTo(DataType.TEXT);
        assertThat(last.data().bytes()).isEmpty();
    }

    @Test
    void messagesCarryWhatTheStreamWasBegunWith() {
        var metadata = Metadata.of(Map.of("k", "v"));
        streams.take(new ClientMessage.StartStream("s", "g", null, true, 7, metadata));
        data("s", 1);
        FromGroup message = last();
        assertThat(message.group()).isEqualTo("g");
        assertThat(message.fromUserId()).isEqualTo("ann");
        assertThat(message.metadata()).isEqualTo(metadata);
        assertThat(message.ttlSeconds()).isEqualTo(7);
        assertThat(speaker.mine).isEmpty();
    }

    @Test
    void withoutNoEchoThePublisherReceivesItsStreamToo() {
        start("s", null);
        data("s", 1);
        end("s");
        received();
        assertThat(speaker.mine).hasSize(2);
    }

    @Test
    void everyTenthMessageIsAcknowledgedAtOnce() {
        start("s", null);
        speaker.heard();
        for (int i = 1; i <= 9; i++) {
            data("s", i);
        }
        assertThat(speaker.heard()).isEmpty();
        data("s", 10);
        assertThat(speaker.heard()).containsExactly("ack s 11");
    }

    @Test
    void fewerAreAcknowledgedAfterATenthOfASecond() {
        start("s", null);
        start("t", null);
        speaker.heard();
        data("s", 1);
        speaker.pass(60);
        data("s", 2);
        data("t", 1);
        speaker.pass(39);
        assertThat(speaker.heard()).isEmpty();
        speaker.pass(1);
        assertThat(speaker.heard()).containsExactlyInAnyOrder("ack s 3", "ack t 2");
        speaker.pass(1000);
        assertThat(speaker.heard()).isEmpty();
    }

    /** Reliability B12. */
    @Test
    void aDuplicateIsNotPublishedAgainAndAcknowledged() {
        start("s", null);
        data("s", 1);
        data("s", 2);
        speaker.pass(100);
        received();
        speaker.heard();
        data("s", 1);
        data("s", 0);
        speaker.pass(100);
        assertThat(received()).isEmpty();
        assertThat(speaker.heard()).containsExactly("ack s 3");
    }

    /** Reliability B12. */
    @Test
    void aGapIsRefusedAndTheStreamGoesOnWhereItWas() {
        start("s", null);
        data("s", 1);
        speaker.heard();
        data("s", 3);
        assertThat(speaker.heard()).containsExactly("nack s InvalidSequenceId 2");
        data("s", 2);
        data("s", 3);
        end("s");
        assertThat(received()).containsExactly("s1 m1", "s2 m2", "s3 m3", "s4 end");
        assertThat(speaker.heard()).containsExactly("ack s 4", "closed s");
    }

    /** Numbers are unsigned. */
    @Test
    void theLargestNumberIsNoDuplicate() {
        start("s", null);
        speaker.heard();
        data("s", -1);
        end("s");
        assertThat(speaker.heard())
                .containsExactly(
                        "nack s InvalidSequenceId 1", "closed s BadRequest: The stream ended before number 1 came.");
    }

    @Test
    void whatIsNoMessageEndsItsStreamOnBothSides() {
        start("s", null);
        speaker.heard();
        streams.take(new ClientMessage.RefusedStream("s", "not an Any"));
        streams.take(new ClientMessage.RefusedStream("t", "no group"));
        assertThat(received()).containsExactly("s1 end Cancelled");
        assertThat(speaker.heard()).containsExactly("closed s BadRequest: not an Any", "closed t BadRequest: no group");
    }

    /** The end has no number: without this, subscribers would take half of a stream for the whole. */
    @Test
    void aStreamWithAGapDoesNotEndInOrder() {
        start("s", null);
        data("s", 1);
        data("s", 3);
        data("s", 2);
        speaker.heard();
        end("s");
        assertThat(received()).containsExactly("s1 m1", "s2 m2", "s3 end Cancelled");
        assertThat(speaker.heard()).containsExactly("closed s BadRequest: The stream ended before number 3 came.");
    }

    @Test
    void whatNobodyStartedIsNotFound() {
        data("s", 1);
        streams.take(new ClientMessage.StreamKeepAlive("s"));
        end("s");
        assertThat(received()).isEmpty();
        assertThat(speaker.heard()).hasSize(3).allMatch(line -> line.startsWith("closed s StreamNotFound:"));
    }

    /** A reliable client sends again what it had not heard of, also the end. */
    @Test
    void whoSpeaksOnAfterTheEndHearsOfTheSameEnd() {
        start("s", null);
        end("s");
        start("t", 50);
        speaker.pass(50);
        speaker.heard();
        end("s");
        data("t", 1);
        assertThat(speaker.heard()).containsExactly("closed s", "closed t IdleTimeout: Nothing came for 50 ms.");
    }

    @Test
    void anIdIsFreeAgainAfterTheEnd() {
        start("s", null);
        end("s");
        start("s", null);
        data("s", 1);
        end("s");
        assertThat(received()).containsExactly("s1 end", "s1 m1", "s2 end");
    }

    @Test
    void anErrorOfThePublisherReachesSubscribers() {
        start("s", null);
        data("s", 1);
        streams.take(new ClientMessage.EndStream("s", new StreamError("x", "out of ink", "E7")));
        FromGroup last = last();
        assertThat(java.util.Objects.requireNonNull(last.stream()).error())
                .isEqualTo(new StreamError("UserError", "out of ink", "E7"));
        assertThat(speaker.heard()).endsWith("closed s");
    }

    @Test
    void whoMayNotSendToTheGroupOpensNoStream() {
        speaker.forbid();
        start("s", null);
        data("s", 1);
        assertThat(received()).isEmpty();
        assertThat(speaker.heard())
                .containsExactly(
                        "closed s Forbidden: The client may not send to group 'g'.",
                        "closed s StreamNotFound: There is no such stream.");
    }

    @Test
    void aRightThatIsTakenAwayEndsTheStreamOnBothSides() {
        start("s", null);
        data("s", 1);
        speaker.heard();
        speaker.forbid();
        data("s", 2);
        assertThat(received()).containsExactly("s1 m1", "s2 end Forbidden");
        assertThat(speaker.heard()).containsExactly("closed s Forbidden: The client may not send to group 'g'.");
    }

    /** Reliability B12: in the second stream's name the first one ends, for everybody. */
    @Test
    void anActiveIdIsNotUsedTwice() {
        start("s", null);
        data("s", 1);
        speaker.heard();
        start("s", null);
        assertThat(received()).containsExactly("s1 m1", "s2 end Cancelled");
        assertThat(speaker.heard()).containsExactly("closed s BadRequest: The stream 's' is open already.");
    }

    /** The vendor's client gives up a stream whose start was not acknowledged before a recovery, and may start it again. */
    @Test
    void aStartThatIsRepeatedBeforeAnythingElseIsTheSame() {
        start("s", null);
        start("s", null);
        assertThat(received()).isEmpty();
        assertThat(speaker.heard()).containsExactly("ack s 1", "ack s 1");
    }

    /** Reliability B12. */
    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE, 600_001, Integer.MAX_VALUE})
    void anIdleTimeoutOutOfBoundsIsRefusedByName(int millis) {
        start("s", millis);
        assertThat(speaker.heard())
                .containsExactly("closed s BadRequest: idleTimeoutMs must be between 1 and 600000"
                        + " (webpubsub.client.streams.maxIdle).");
    }

    @Test
    void withoutAnIdleTimeoutItIsTheDefaultButNoMoreThanAllowed() {
        start("s", null);
        assertThat(speaker.nextTimer()).isEqualTo(300_000);
        var narrow = new RecordingSpeaker(settings(3, Duration.ofSeconds(2)));
        new OpenStreams(narrow).take(new ClientMessage.StartStream("t", "g", null, false, 0, Metadata.NONE));
        assertThat(narrow.nextTimer()).isEqualTo(2000);
    }

    /** Reliability B12. */
    @Test
    void theNumberOfOpenStreamsIsBounded() {
        for (int i = 0; i < 10_000; i++) {
            start("s" + i, null);
        }
        var heard = speaker.heard();
        assertThat(heard.subList(0, 3)).containsExactly("ack s0 1", "ack s1 1", "ack s2 1");
        assertThat(heard.subList(3, 10_000))
                .allMatch(line -> line.endsWith(
                        "BadRequest: 3 streams are open already, the limit (webpubsub.client.streams.maxOpen)."));
        end("s1");
        start("again", null);
        assertThat(speaker.heard()).containsExactly("closed s1", "ack again 1");
    }

    @Test
    void silenceEndsAStreamOnBothSides() {
        start("s", 1000);
        data("s", 1);
        speaker.pass(999);
        received();
        speaker.heard();
        speaker.pass(1);
        assertThat(received()).containsExactly("s2 end IdleTimeout");
        assertThat(speaker.heard()).containsExactly("closed s IdleTimeout: Nothing came for 1000 ms.");
        assertThat(speaker.nextTimer()).isEqualTo(-1);
    }

    @Test
    void keepAliveAndDataKeepAStreamOpen() {
        start("s", 1000);
        speaker.pass(900);
        streams.take(new ClientMessage.StreamKeepAlive("s"));
        speaker.pass(900);
        data("s", 1);
        speaker.pass(999);
        assertThat(received()).containsExactly("s1 m1");
        speaker.pass(1);
        assertThat(received()).containsExactly("s2 end IdleTimeout");
    }

    @Test
    void oneTimerWatchesAllStreams() {
        start("slow", 5000);
        start("fast", 1000);
        start("other", 3000);
        speaker.pass(1000);
        assertThat(received()).containsExactly("fast1 end IdleTimeout");
        speaker.pass(1999);
        assertThat(received()).isEmpty();
        speaker.pass(1);
        assertThat(received()).containsExactly("other1 end IdleTimeout");
        speaker.pass(2000);
        assertThat(received()).containsExactly("slow1 end IdleTimeout");
    }

    @Test
    void aMessageThatIsNotTakenIsAskedForAgain() {
        start("s", null);
        speaker.heard();
        speaker.overload();
        data("s", 1);
        assertThat(speaker.heard()).containsExactly("nack s TransientError 1");
        data("s", 1);
        end("s");
        assertThat(received()).containsExactly("s1 m1", "s2 end");
    }

    @Test
    void aMessageThatIsNotTakenAndNotSentAgainSpoilsTheStream() {
        start("s", null);
        speaker.overload();
        data("s", 1);
        speaker.settle();
        end("s");
        assertThat(received()).containsExactly("s1 end Cancelled");
    }

    @Test
    void aPublisherThatIsHeldBackIsNotIdle() {
        start("s", 1000);
        speaker.held = true;
        for (int i = 0; i < 10; i++) {
            speaker.pass(500);
        }
        assertThat(received()).isEmpty();
        speaker.held = false;
        speaker.pass(999);
        assertThat(received()).isEmpty();
        speaker.pass(1);
        assertThat(received()).containsExactly("s1 end IdleTimeout");
    }

    /** Its last message is on its way, and the end comes after it. */
    @Test
    void thePublishersEndWhileItIsHeldBackHasANumberOfItsOwn() {
        start("s", null);
        speaker.heard();
        speaker.lag();
        data("s", 1);
        streams.close();
        assertThat(received()).containsExactly("s1 m1", "s2 end Cancelled");
        assertThat(speaker.heard()).isEmpty();
    }

    /** The vendor's client sends again what it has not seen acknowledged, and nothing of what it has. */
    @Test
    void aClientThatComesBackHearsHowFarItIs() {
        start("s", null);
        data("s", 1);
        data("s", 2);
        speaker.heard();
        streams.resume();
        assertThat(speaker.heard()).containsExactly("ack s 3");
        data("s", 3);
        assertThat(received()).containsExactly("s1 m1", "s2 m2", "s3 m3");
    }

    @Test
    void thePublishersEndIsTheEndOfItsStreams() {
        start("s", 1000);
        start("t", 2000);
        data("t", 1);
        speaker.heard();
        streams.close();
        assertThat(received()).containsExactlyInAnyOrder("s1 end Cancelled", "t1 m1", "t2 end Cancelled");
        assertThat(speaker.heard()).isEmpty();
        assertThat(speaker.nextTimer()).isEqualTo(-1);
        speaker.pass(10_000);
        assertThat(received()).isEmpty();
        assertThat(speaker.heard()).isEmpty();
    }

    @Test
    void theLatestEndOfAnIdIsTheOneThatIsRemembered() {
        start("s", 50);
        speaker.pass(50);
        for (int i = 0; i < 99; i++) {
            start("t" + i, null);
            end("t" + i);
        }
        start("s", null);
        end("s");
        start("u", null);
        end("u");
        speaker.heard();
        end("s");
        assertThat(speaker.heard()).containsExactly("closed s");
    }

    @Test
    void theEndsThatAreRememberedAreBounded() {
        for (int i = 0; i < 101; i++) {
            start("s" + i, null);
            end("s" + i);
        }
        speaker.heard();
        end("s0");
        end("s1");
        assertThat(speaker.heard()).containsExactly("closed s0 StreamNotFound: There is no such stream.", "closed s1");
    }

    /** Streams may stay open for half an hour, each with kilobytes of metadata. */
    @Test
    void streamsTakeOfTheRoomForAllClientsUntilTheyEnd() {
        start("s", null);
        start("t", null);
        assertThat(speaker.kept).isGreaterThan(1000);
        end("s");
        end("t");
        assertThat(speaker.kept).as("their ends are remembered").isPositive().isLessThan(1000);
        long two = speaker.kept;
        end("s");
        assertThat(speaker.kept).isEqualTo(two);
        for (int i = 0; i < 300; i++) {
            start("s" + i, null);
            end("s" + i);
        }
        assertThat(speaker.kept).as("some of them").isLessThan(50_000);
    }

    @Test
    void whereThereIsNoRoomNoStreamBegins() {
        speaker.full = true;
        start("s", null);
        assertThat(speaker.heard())
                .containsExactly("closed s InternalServerError: There is no room for more streams at present"
                        + " (network.maxBufferedBytes); try again.");
        assertThat(speaker.kept).isZero();
        speaker.full = false;
        start("s", null);
        assertThat(speaker.heard()).containsExactly("ack s 1");
    }
}
