package io.tidewire.webpubsub.client;

import io.tidewire.hub.Audience;
import io.tidewire.webpubsub.protocol.ClientMessage;
import io.tidewire.webpubsub.protocol.Payload;
import io.tidewire.webpubsub.protocol.ServiceMessage.FromGroup;
import io.tidewire.webpubsub.protocol.ServiceMessage.StreamPart;
import io.tidewire.webpubsub.protocol.StreamError;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One of the {@link OpenStreams} of a client: what it was begun with, and how far it is. */
final class OpenStream {
    private final ClientMessage.StartStream start;
    private final Audience audience;
    private final long idleMillis;
    private long next = 1;
    private boolean sending;
    private int unacknowledged;
    /** The highest number that came and was not taken; 0 for none. */
    private long missed;

    private long touched;

    OpenStream(ClientMessage.StartStream start, String publisher, long idleMillis, long now) {
        this.start = start;
        Audience group = Audience.group(start.group());
        this.audience = start.noEcho() ? group.except(Set.of(publisher)) : group;
        this.idleMillis = idleMillis;
        this.touched = now;
    }

    String id() {
        return start.streamId();
    }

    /** The memory that it takes, about. */
    int bytes() {
        int bytes = 512
                + Character.BYTES * (start.streamId().length() + start.group().length());
        for (Map.Entry<String, String> entry : start.metadata().entries().entrySet()) {
            bytes += 128 + entry.getKey().length() + entry.getValue().length();
        }
        return bytes;
    }

    String group() {
        return start.group();
    }

    Audience audience() {
        return audience;
    }

    /** Whether this is how it began, and nothing but that has happened. */
    boolean isRepeatedBy(ClientMessage.StartStream again) {
        return next == 1 && missed == 0 && start.equals(again);
    }

    /** The number of the next message. */
    long next() {
        return next;
    }

    FromGroup message(@Nullable String fromUserId, Payload data) {
        return part(fromUserId, data, false, null);
    }

    /** The message that ends it; while another one is being sent, the one after that. */
    FromGroup last(@Nullable String fromUserId, @Nullable StreamError error) {
        // Text whatever came before: an empty JSON value or bytes would be one more message of the stream.
        return part(fromUserId, Payload.EMPTY_TEXT, true, error);
    }

    private FromGroup part(@Nullable String fromUserId, Payload data, boolean end, @Nullable StreamError error) {
        long number = sending ? next + 1 : next;
        return new FromGroup(
                start.group(),
                fromUserId,
                data,
                start.metadata(),
                start.ttlSeconds(),
                new StreamPart(start.streamId(), number, end, error));
    }

    /** The next message is on its way. */
    void sending() {
        sending = true;
    }

    /** It has been published, or was not taken. */
    void sent(boolean taken) {
        sending = false;
        if (taken) {
            next++;
        } else {
            missed(next);
        }
    }

    /** A message came whose predecessor has not, or one that could not be taken. */
    void missed(long number) {
        if (Long.compareUnsigned(number, missed) > 0) {
            missed = number;
        }
    }

    /** Whether the publisher has sent more than was taken. */
    boolean hasGap() {
        return Long.compareUnsigned(missed, next) >= 0;
    }

    /** One more frame that the publisher has to hear of; returns how many those are. */
    int taken() {
        return ++unacknowledged;
    }

    int unacknowledged() {
        return unacknowledged;
    }

    void acknowledged() {
        unacknowledged = 0;
    }

    void touch(long now) {
        touched = now;
    }

    /** When it is idle, unless something comes. */
    long idleAt() {
        return touched + TimeUnit.MILLISECONDS.toNanos(idleMillis);
    }

    long idleMillis() {
        return idleMillis;
    }
}
