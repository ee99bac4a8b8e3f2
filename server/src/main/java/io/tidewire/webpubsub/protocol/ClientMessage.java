package io.tidewire.webpubsub.protocol;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a client of a subprotocol says (reference D.3, D.6 to D.9). Ack ids are unsigned; null where no ack is wanted. */
public sealed interface ClientMessage {
    record JoinGroup(String group, @Nullable Long ackId) implements ClientMessage {}

    record LeaveGroup(String group, @Nullable Long ackId) implements ClientMessage {}

    /**
     * Send to the members of a group.
     *
     * @param ttlSeconds 0 for no limit
     */
    record SendToGroup(
            String group, Payload data, @Nullable Long ackId, boolean noEcho, int ttlSeconds, Metadata metadata)
            implements ClientMessage {}

    record Event(String name, Payload data, @Nullable Long ackId, Metadata metadata) implements ClientMessage {}

    record Ping() implements ClientMessage {}

    /** The client has all messages up to this one. */
    record SequenceAck(long sequenceId) implements ClientMessage {}

    /**
     * Call the event handler and wait for its answer.
     *
     * @param data null where the client sends none
     */
    record Invoke(
            String invocationId, String event, @Nullable Payload data) implements ClientMessage {}

    record CancelInvocation(String invocationId) implements ClientMessage {}

    /**
     * Begin a stream of messages to a group.
     *
     * @param idleTimeoutMillis null for the default
     */
    record StartStream(
            String streamId,
            String group,
            @Nullable Integer idleTimeoutMillis,
            boolean noEcho,
            int ttlSeconds,
            Metadata metadata)
            implements ClientMessage {}

    /**
     * One message of a stream.
     *
     * @param streamSequenceId from 1
     */
    record StreamData(String streamId, long streamSequenceId, Payload data) implements ClientMessage {}

    /** Data without data: the stream is not idle. */
    record StreamKeepAlive(String streamId) implements ClientMessage {}

    /**
     * The end of a stream.
     *
     * @param error null where the stream ends in order
     */
    record EndStream(String streamId, @Nullable StreamError error) implements ClientMessage {}

    /**
     * Say something of this connection to those who watch the group.
     *
     * @param state null to clear it
     */
    record SetGroupState(
            String group, @Nullable Long ackId, @Nullable Map<String, String> state) implements ClientMessage {}

    record SubscribeGroupState(String group, @Nullable Long ackId) implements ClientMessage {}

    record UnsubscribeGroupState(String group, @Nullable Long ackId) implements ClientMessage {}

    /** Well-formed, but beyond a limit: answered with a {@code BadRequest} ack, if any, and nothing else is done. */
    record Refused(@Nullable Long ackId, String why) implements ClientMessage {}

    /** As {@link Refused}, of a stream: it is closed with {@code BadRequest}. */
    record RefusedStream(String streamId, String why) implements ClientMessage {}

    /** As {@link Refused}, of an invocation: it has failed with {@code BadRequest}. */
    record RefusedInvocation(String invocationId, String why) implements ClientMessage {}
}
