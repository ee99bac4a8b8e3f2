package io.tidewire.webpubsub.client;

import io.tidewire.hub.Permission;
import io.tidewire.webpubsub.protocol.ClientMessage;
import io.tidewire.webpubsub.protocol.Payload;
import io.tidewire.webpubsub.protocol.StreamError;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The streams that one client publishes (reference D.7). They belong to the logical connection: a client that comes back goes on
 * where it was. Confined to the client's loop.
 *
 * <p>A publisher may send ahead without waiting, so what it sent is acknowledged in batches; a frame that is not the next one
 * changes nothing. Each stream that was open reaches its subscribers' end: in order, or with the reason.
 */
final class OpenStreams {
    /** Frames after which a publisher hears how far it is, and how long it waits for that at most (reference L 9). */
    private static final int BATCH = 10;

    private static final long BATCH_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** How often to see whether a publisher is read from again, whose streams would be idle otherwise. */
    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** Where the publisher asks for nothing else. */
    private static final int DEFAULT_IDLE_MILLIS = 300_000;

    /** The ends of streams that are remembered, for a client that speaks on because it has not heard of them. */
    private static final int REMEMBERED = 100;

    private static final StreamError NO_ROOM = new StreamError(
            "InternalServerError",
            "There is no room for more streams at present (network.maxBufferedBytes); try again.",
            null);

    private final Speaker speaker;
    private final Map<String, OpenStream> open = new HashMap<>(4);

    /** How the last streams ended for their publisher, by their id, the latest end last. */
    private final SequencedMap<String, Ended> ended = new LinkedHashMap<>(4);

    /** For what is to be acknowledged. */
    private final Alarm due;

    /** For the stream that is idle first. */
    private final Alarm idle;

    /**
     * How one ended.
     *
     * @param error null for an end in order
     * @param bytes that it takes to remember it, about
     */
    private record Ended(@Nullable StreamError error, int bytes) {
        static Ended of(String id, @Nullable StreamError error) {
            return new Ended(error, 256 + Character.BYTES * 2 * id.length());
        }
    }

    OpenStreams(Speaker speaker) {
        this.speaker = speaker;
        this.due = new Alarm(speaker.loop(), this::acknowledgeAll);
        this.idle = new Alarm(speaker.loop(), this::endIdle);
    }

    /** The client wants to publish a stream; it waits for the first acknowledgement before it sends any of it. */
    void take(ClientMessage.StartStream start) {
        String id = start.streamId();
        OpenStream same = open.get(id);
        if (same != null && same.isRepeatedBy(start)) {
            acknowledge(same); // the first one was not answered: the client's WebSocket broke meanwhile
            return;
        }
        if (same != null) {
            // Two streams of one id cannot be told apart, and what ends the second one for its publisher ends the
            // first.
            end(
                    same,
                    badRequest("The stream '" + id + "' is open already."),
                    cancelled("The publisher began it again."));
            return;
        }
        StreamError refusal = refusal(start);
        if (refusal != null) {
            close(id, refusal);
            return;
        }
        var stream = new OpenStream(start, speaker.connection().id(), idleMillis(start), now());
        if (!speaker.keep(stream.bytes())) {
            close(id, NO_ROOM);
            return;
        }
        open.put(id, stream);
        acknowledge(stream);
        idle.set(stream.idleAt());
    }

    private @Nullable StreamError refusal(ClientMessage.StartStream start) {
        if (!maySend(start.group())) {
            return forbidden(start.group());
        }
        StreamSettings settings = speaker.settings().streams();
        long longest = settings.maxIdle().toMillis();
        if (start.idleTimeoutMillis() != null
                && (start.idleTimeoutMillis() < 1 || start.idleTimeoutMillis() > longest)) {
            return badRequest(
                    "idleTimeoutMs must be between 1 and " + longest + " (webpubsub.client.streams.maxIdle).");
        }
        if (open.size() >= settings.maxOpen()) {
            return badRequest(
                    settings.maxOpen() + " streams are open already, the limit (webpubsub.client.streams.maxOpen).");
        }
        return null;
    }

    private long idleMillis(ClientMessage.StartStream start) {
        return start.idleTimeoutMillis() != null
                ? start.idleTimeoutMillis()
                : Math.min(
                        DEFAULT_IDLE_MILLIS,
                        speaker.settings().streams().maxIdle().toMillis());
    }

    void take(ClientMessage.StreamData data) {
        OpenStream stream = open.get(data.streamId());
        if (stream == null) {
            closed(data.streamId());
            return;
        }
        stream.touch(now());
        int order = Long.compareUnsigned(data.streamSequenceId(), stream.next());
        if (order < 0) {
            acknowledgeSoon(stream); // sent again by a client that could not know
        } else if (order > 0) {
            stream.missed(data.streamSequenceId());
            nack(stream, "InvalidSequenceId", "Number " + stream.next() + " comes next.");
        } else if (!maySend(stream.group())) {
            StreamError error = forbidden(stream.group());
            end(stream, error, error);
        } else {
            publish(stream, data.data());
        }
    }

    private void publish(OpenStream stream, Payload data) {
        var message = stream.message(userId(), data);
        stream.sending();
        speaker.await(speaker.hub().send(stream.audience(), message), (_, failure) -> {
            stream.sent(failure == null);
            if (failure == null) {
                acknowledgeSoon(stream);
            } else {
                nack(stream, "TransientError", "The message was not taken; send it again.");
            }
        });
    }

    void take(ClientMessage.StreamKeepAlive alive) {
        OpenStream stream = open.get(alive.streamId());
        if (stream == null) {
            closed(alive.streamId());
        } else {
            stream.touch(now());
        }
    }

    void take(ClientMessage.EndStream end) {
        OpenStream stream = open.get(end.streamId());
        if (stream == null) {
            closed(end.streamId());
        } else if (stream.hasGap()) {
            end(
                    stream,
                    badRequest("The stream ended before number " + stream.next() + " came."),
                    cancelled("Messages of the stream are missing."));
        } else {
            if (stream.unacknowledged() > 0) {
                acknowledge(stream);
            }
            StreamError error = end.error();
            end(
                    stream,
                    null,
                    error == null ? null : new StreamError("UserError", error.message(), error.userErrorCode()));
        }
    }

    /** A message of a stream that no subscriber can be given. */
    void take(ClientMessage.RefusedStream refused) {
        OpenStream stream = open.get(refused.streamId());
        if (stream == null) {
            close(refused.streamId(), badRequest(refused.why()));
        } else {
            end(stream, badRequest(refused.why()), cancelled("The publisher sent what is no message."));
        }
    }

    /** The client is back, over another WebSocket: what it heard last may not have been the last word. */
    void resume() {
        open.values().forEach(this::acknowledge);
    }

    /** The client is gone, for good. */
    void close() {
        for (OpenStream stream : List.copyOf(open.values())) {
            tellSubscribers(stream, cancelled("The publisher has gone."));
        }
        open.clear();
        due.cancel();
        idle.cancel();
    }

    /**
     * Ends a stream on both sides.
     *
     * @param forPublisher null where it has done all that the publisher wanted
     * @param forSubscribers null where they have all of it
     */
    private void end(OpenStream stream, @Nullable StreamError forPublisher, @Nullable StreamError forSubscribers) {
        open.remove(stream.id());
        tellSubscribers(stream, forSubscribers);
        speaker.forget(stream.bytes());
        remember(stream.id(), Ended.of(stream.id(), forPublisher));
        close(stream.id(), forPublisher);
    }

    private void remember(String id, Ended end) {
        forget(ended.remove(id));
        if (speaker.keep(end.bytes())) {
            ended.putLast(id, end);
        }
        if (ended.size() > REMEMBERED) {
            forget(ended.pollFirstEntry().getValue());
        }
    }

    private void forget(@Nullable Ended end) {
        if (end != null) {
            speaker.forget(end.bytes());
        }
    }

    private void tellSubscribers(OpenStream stream, @Nullable StreamError error) {
        var _ = speaker.hub().send(stream.audience(), stream.last(userId(), error));
    }

    /** The client speaks of a stream that is not open (any more). */
    private void closed(String id) {
        Ended before = ended.get(id);
        close(
                id,
                before != null ? before.error() : new StreamError("StreamNotFound", "There is no such stream.", null));
    }

    private void close(String id, @Nullable StreamError error) {
        if (error != null) {
            speaker.hub().dropped("Stream" + error.name());
        }
        speaker.write(speaker.protocol().streamClosed(id, error));
    }

    private void nack(OpenStream stream, String name, String message) {
        speaker.write(speaker.protocol().streamNack(stream.id(), name, message, stream.next()));
    }

    private void acknowledge(OpenStream stream) {
        stream.acknowledged();
        speaker.write(speaker.protocol().streamAck(stream.id(), stream.next()));
    }

    private void acknowledgeSoon(OpenStream stream) {
        if (stream.taken() >= BATCH) {
            acknowledge(stream);
        } else {
            due.set(now() + BATCH_NANOS);
        }
    }

    private void acknowledgeAll() {
        for (OpenStream stream : open.values()) {
            if (stream.unacknowledged() > 0) {
                acknowledge(stream);
            }
        }
    }

    private void endIdle() {
        long now = now();
        if (speaker.isHeld()) { // it is we who do not listen
            open.values().forEach(stream -> stream.touch(now));
            idle.set(now + LOOK_AGAIN_NANOS);
            return;
        }
        for (OpenStream stream : List.copyOf(open.values())) {
            if (stream.idleAt() - now <= 0) {
                var error = new StreamError("IdleTimeout", "Nothing came for " + stream.idleMillis() + " ms.", null);
                end(stream, error, error);
            } else {
                idle.set(stream.idleAt());
            }
        }
    }

    private boolean maySend(String group) {
        return speaker.connection().permissions().allows(Permission.SEND_TO_GROUP, group);
    }

    private @Nullable String userId() {
        return speaker.connection().userId();
    }

    private long now() {
        return idle.now();
    }

    private static StreamError badRequest(String message) {
        return new StreamError("BadRequest", message, null);
    }

    private static StreamError forbidden(String group) {
        return new StreamError("Forbidden", "The client may not send to group '" + group + "'.", null);
    }

    private static StreamError cancelled(String message) {
        return new StreamError("Cancelled", message, null);
    }
}
