package io.tidewire.cli;

import java.io.StringWriter;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
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

    private static String written(Consumer<JsonGenerator> writer) {
        var text = new StringWriter();
        try (var json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), text)) {
            writer.accept(json);
        }
        return text.toString();
    }
}
