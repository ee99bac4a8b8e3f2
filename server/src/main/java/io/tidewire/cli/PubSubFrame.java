package io.tidewire.cli;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** A frame of the JSON subprotocols as a client receives it (Web PubSub reference D.4). */
sealed interface PubSubFrame {
    /** The first one. {@code reconnectionToken}: null where the connection cannot be recovered. */
    record Connected(String connectionId, @Nullable String reconnectionToken) implements PubSubFrame {}

    /** The server is about to close. */
    record Disconnected(String message) implements PubSubFrame {}

    /** The answer to what was sent with an ack id. {@code error}: empty when there is none. */
    record Ack(long ackId, boolean success, String error) implements PubSubFrame {
        /** It had been done before; the answer was lost. */
        boolean isDuplicate() {
            return error.startsWith("Duplicate");
        }
    }

    /**
     * What somebody sent.
     *
     * @param from {@code group} or {@code server}
     * @param group null when it did not come through one
     * @param fromUser null when the sender has none
     * @param dataType {@code text}, {@code json}, {@code binary} or {@code protobuf}
     * @param data as JSON, compact
     * @param sequenceId 0 for none
     */
    record Message(
            String from,
            @Nullable String group,
            @Nullable String fromUser,
            String dataType,
            String data,
            long sequenceId)
            implements PubSubFrame {}

    /** The answer to a ping. */
    record Pong() implements PubSubFrame {}

    /** Whatever else there is, as it came. */
    record Other(String text) implements PubSubFrame {}

    /** Null when the text is no frame. */
    static @Nullable PubSubFrame parse(String text) {
        try (var json = new JsonFactory().createParser(ObjectReadContext.empty(), text)) {
            return json.nextToken() == JsonToken.START_OBJECT ? new Reader().read(json, text) : null;
        } catch (JacksonException notJson) {
            return null;
        }
    }

    /** The members come in any order, so all are read before the type decides. */
    final class Reader {
        private String type = "";
        private String event = "";
        private String from = "";
        private String dataType = "";
        private String data = "";
        private String message = "";
        private String connectionId = "";
        private String error = "";
        private @Nullable String group;
        private @Nullable String fromUser;
        private @Nullable String token;
        private long ackId;
        private long sequenceId;
        private boolean success;

        private Reader() {}

        private PubSubFrame read(JsonParser json, String text) {
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                var name = json.currentName();
                member(name, json.nextToken(), json);
                // Of a value that was not taken; stands still after one that was.
                json.skipChildren();
            }
            return switch (type) {
                case "system" ->
                    event.equals("connected") ? new Connected(connectionId, token) : new Disconnected(message);
                case "ack" -> new Ack(ackId, success, error);
                case "message" -> new Message(from, group, fromUser, dataType, data, sequenceId);
                case "pong" -> new Pong();
                default -> new Other(text);
            };
        }

        private void member(String name, JsonToken value, JsonParser json) {
            if (name.equals("data")) {
                data = JsonText.value(json);
            } else if (name.equals("error") && value == JsonToken.START_OBJECT) {
                error = error(json);
            } else if (value == JsonToken.VALUE_STRING) {
                text(name, json.getString());
            } else if (value == JsonToken.VALUE_NUMBER_INT) {
                ackId = name.equals("ackId") ? json.getLongValue() : ackId;
                sequenceId = name.equals("sequenceId") ? json.getLongValue() : sequenceId;
            } else if (name.equals("success")) {
                success = value == JsonToken.VALUE_TRUE;
            }
        }

        private void text(String name, String value) {
            switch (name) {
                case "type" -> type = value;
                case "event" -> event = value;
                case "from" -> from = value;
                case "dataType" -> dataType = value;
                case "message" -> message = value;
                case "connectionId" -> connectionId = value;
                case "group" -> group = value;
                case "fromUserId" -> fromUser = value;
                case "reconnectionToken" -> token = value;
                default -> {}
            }
        }

        private static String error(JsonParser json) {
            var name = "";
            var message = "";
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                var member = json.currentName();
                boolean text = json.nextToken() == JsonToken.VALUE_STRING;
                name = text && member.equals("name") ? json.getString() : name;
                message = text && member.equals("message") ? json.getString() : message;
                json.skipChildren();
            }
            return message.isEmpty() ? name : name + ": " + message;
        }
    }
}
