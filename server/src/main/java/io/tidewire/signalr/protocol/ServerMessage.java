package io.tidewire.signalr.protocol;

import io.tidewire.hub.Message;
import io.tidewire.service.protocol.JsonScanner;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What SignalR Service sends through a hub. */
public sealed interface ServerMessage extends Message {
    /**
     * Calls a method of the client; no answer is expected.
     *
     * @param target the name of the method
     */
    record Invocation(String target, Arguments arguments) implements ServerMessage {
        @Override
        public int size() {
            return target.length() + arguments.size();
        }
    }

    /**
     * One item of a stream that the client has asked for.
     *
     * @param streamId the id under which the client asked
     * @param json one value, checked with {@link JsonScanner#checkItem}
     */
    @SuppressWarnings("ArrayRecordComponent") // encoded, never compared
    record StreamItem(String streamId, byte[] json) implements ServerMessage {
        @Override
        public int size() {
            return json.length;
        }
    }

    /**
     * The end of a stream that the client has asked for.
     *
     * @param error null for an end in order
     */
    record StreamEnd(String streamId, @Nullable String error) implements ServerMessage {
        @Override
        public int size() {
            return streamId.length() + (error == null ? 0 : error.length());
        }
    }

    /**
     * A message that the caller has framed already, one for each protocol, delivered as it is. Clients whose protocol is
     * missing get nothing (reference C.1, {@code application/octet-stream}).
     */
    final class Framed implements ServerMessage {
        private final byte @Nullable [] json;
        private final byte @Nullable [] messagePack;

        /**
         * Takes the arrays over; both are complete frames, checked with {@link FramedMessages}.
         *
         * @param json one JSON object followed by 0x1E
         * @param messagePack one MessagePack array behind its length
         */
        public Framed(byte @Nullable [] json, byte @Nullable [] messagePack) {
            this.json = json;
            this.messagePack = messagePack;
        }

        /** The part of it that is for this protocol. */
        byte @Nullable [] frame(HubProtocol protocol) {
            return switch (protocol) {
                case JsonHubProtocol _ -> json;
                case MessagePackHubProtocol _ -> messagePack;
            };
        }

        @Override
        public int size() {
            return (json == null ? 0 : json.length) + (messagePack == null ? 0 : messagePack.length);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Framed that
                    && Arrays.equals(json, that.json)
                    && Arrays.equals(messagePack, that.messagePack);
        }

        @Override
        public int hashCode() {
            return 31 * Arrays.hashCode(json) + Arrays.hashCode(messagePack);
        }
    }
}
