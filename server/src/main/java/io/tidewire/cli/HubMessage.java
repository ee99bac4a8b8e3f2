package io.tidewire.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** A message of the JSON hub protocol as a client receives it (reference D.3, D.4). */
sealed interface HubMessage {
    /**
     * A call of a client method.
     *
     * @param arguments compact JSON, one text per argument; numbers keep the digits they came with
     * @param invocationId set when the caller waits for an answer
     */
    record Invocation(
            String target, List<String> arguments, @Nullable String invocationId) implements HubMessage {}

    /** The server ends the connection. */
    record Close(@Nullable String error, boolean allowReconnect) implements HubMessage {}

    /** Everything without a number: the answer to the handshake, with its refusal if it is one. */
    record Handshake(@Nullable String error) implements HubMessage {}

    /** Of no interest to a listener: pings, completions and whatever comes later. */
    record Other(int type) implements HubMessage {}

    /** One message without its separator. {@code null} when the text is no hub message. */
    static @Nullable HubMessage parse(String text) {
        try (var json = new JsonFactory().createParser(ObjectReadContext.empty(), text)) {
            return json.nextToken() == JsonToken.START_OBJECT ? read(json) : null;
        } catch (JacksonException notJson) {
            return null;
        }
    }

    /** The members come in any order, so all are read before the type decides. */
    private static HubMessage read(JsonParser json) {
        int type = 0;
        var target = "";
        List<String> arguments = List.of();
        String error = null;
        String invocationId = null;
        boolean allowReconnect = false;
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            var name = json.currentName();
            var value = json.nextToken();
            switch (name) {
                case "type" -> type = value == JsonToken.VALUE_NUMBER_INT ? json.getIntValue() : type;
                case "target" -> target = value == JsonToken.VALUE_STRING ? json.getString() : target;
                case "error" -> error = value == JsonToken.VALUE_STRING ? json.getString() : null;
                case "invocationId" -> invocationId = value == JsonToken.VALUE_STRING ? json.getString() : null;
                case "allowReconnect" -> allowReconnect = value == JsonToken.VALUE_TRUE;
                case "arguments" -> arguments = value == JsonToken.START_ARRAY ? elements(json) : arguments;
                default -> {}
            }
            // Of a value that was not taken; stands still after one that was.
            json.skipChildren();
        }
        return switch (type) {
            case 0 -> new Handshake(error);
            case 1 -> new Invocation(target, arguments, invocationId);
            case 7 -> new Close(error, allowReconnect);
            default -> new Other(type);
        };
    }

    private static List<String> elements(JsonParser json) {
        var elements = new ArrayList<String>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            elements.add(JsonText.value(json));
        }
        return elements;
    }
}
