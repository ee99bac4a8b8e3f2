package io.tidewire.cli;

import java.io.StringWriter;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Small pieces of JSON as text. */
final class JsonText {
    private JsonText() {}

    static String object(Consumer<JsonGenerator> members) {
        return written(json -> {
            json.writeStartObject();
            members.accept(json);
            json.writeEndObject();
        });
    }

    static String quoted(String text) {
        return written(json -> json.writeString(text));
    }

    /** The text of a JSON string; null for any other value. */
    static @Nullable String unquoted(String value) {
        try (var json = new JsonFactory().createParser(ObjectReadContext.empty(), value)) {
            return json.nextToken() == JsonToken.VALUE_STRING ? json.getString() : null;
        } catch (JacksonException notJson) {
            return null;
        }
    }

    /** The members {@code dataType} and {@code data} of a message: JSON where the text is an object or a list, otherwise text. */
    static void data(JsonGenerator json, String text) {
        var value = text.startsWith("{") || text.startsWith("[") ? compact(text) : null;
        json.writeStringProperty("dataType", value == null ? "text" : "json").writeName("data");
        if (value == null) {
            json.writeString(text);
        } else {
            json.writeRawValue(value);
        }
    }

    /** Null when it is not one JSON value. */
    private static @Nullable String compact(String text) {
        try (var json = new JsonFactory().createParser(ObjectReadContext.empty(), text)) {
            json.nextToken();
            var value = value(json);
            return json.nextToken() == null ? value : null;
        } catch (JacksonException notJson) {
            return null;
        }
    }

    /** The value that the parser stands at, compact; numbers keep the digits they came with. The parser stands at its end then. */
    static String value(JsonParser json) {
        return written(out -> copyValue(json, out));
    }

    /** Event by event instead of Jackson's own copy, which would turn 1.0 into whatever a double prints. */
    private static void copyValue(JsonParser json, JsonGenerator out) {
        int depth = 0;
        do {
            switch (json.currentToken()) {
                case START_OBJECT -> {
                    out.writeStartObject();
                    depth++;
                }
                case START_ARRAY -> {
                    out.writeStartArray();
                    depth++;
                }
                case END_OBJECT -> {
                    out.writeEndObject();
                    depth--;
                }
                case END_ARRAY -> {
                    out.writeEndArray();
                    depth--;
                }
                case PROPERTY_NAME -> out.writeName(json.currentName());
                case VALUE_STRING -> out.writeString(json.getString());
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> out.writeNumber(json.getString());
                case VALUE_TRUE -> out.writeBoolean(true);
                case VALUE_FALSE -> out.writeBoolean(false);
                case VALUE_NULL -> out.writeNull();
                case VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
                    throw new IllegalStateException("not a token of JSON text");
            }
        } while (depth > 0 && json.nextToken() != null);
    }

    private static String written(Consumer<JsonGenerator> writer) {
        var text = new StringWriter();
        try (var json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), text)) {
            writer.accept(json);
        }
        return text.toString();
    }
}
