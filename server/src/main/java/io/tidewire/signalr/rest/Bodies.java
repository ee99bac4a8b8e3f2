package io.tidewire.signalr.rest;

import io.tidewire.service.rest.Body;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JsonGenerator;

/** What the bodies of operations are. */
enum Bodies implements Body {
    /** A target and its arguments as JSON: all that the oldest version takes. */
    JSON_INVOCATION,
    /** A target and its arguments. */
    INVOCATION,
    /** A list of commands. */
    COMMANDS;

    @Override
    public Set<String> mediaTypes() {
        return switch (this) {
            case JSON_INVOCATION, COMMANDS -> Set.of("application/json");
            case INVOCATION -> Set.of("application/json", "application/x-msgpack", "application/octet-stream");
        };
    }

    @Override
    public boolean carriesMessages() {
        return true;
    }

    @Override
    public void schema(JsonGenerator out) {
        switch (this) {
            case JSON_INVOCATION, INVOCATION -> invocation(out);
            case COMMANDS -> commands(out);
        }
    }

    private static void invocation(JsonGenerator out) {
        out.writeStartObject();
        out.writeStringProperty("type", "object");
        out.writeArrayPropertyStart("required");
        out.writeString("target");
        out.writeEndArray();
        out.writeObjectPropertyStart("properties");
        out.writeObjectPropertyStart("target");
        out.writeStringProperty("type", "string");
        out.writeNumberProperty("minLength", 1);
        out.writeEndObject();
        out.writeObjectPropertyStart("arguments");
        out.writeStringProperty("type", "array");
        out.writeObjectPropertyStart("items");
        out.writeEndObject();
        out.writeEndObject();
        out.writeEndObject();
        out.writeEndObject();
    }

    private static void commands(JsonGenerator out) {
        out.writeStartObject();
        out.writeStringProperty("type", "array");
        out.writeObjectPropertyStart("items");
        out.writeStringProperty("type", "object");
        out.writeArrayPropertyStart("required");
        out.writeString("type");
        out.writeEndArray();
        out.writeObjectPropertyStart("properties");
        out.writeObjectPropertyStart("type");
        out.writeStringProperty("type", "string");
        out.writeArrayPropertyStart("enum");
        for (String type : List.of("SendMessage", "JoinGroup", "LeaveGroup", "CloseConnection")) {
            out.writeString(type);
        }
        out.writeEndArray();
        out.writeEndObject();
        out.writeName("message");
        invocation(out);
        for (String text : List.of("group", "reason")) {
            out.writeObjectPropertyStart(text);
            out.writeStringProperty("type", "string");
            out.writeEndObject();
        }
        out.writeEndObject();
        out.writeEndObject();
        out.writeEndObject();
    }
}
