package io.tidewire.webpubsub.rest;

import io.tidewire.service.rest.Body;
import io.tidewire.webpubsub.protocol.DataType;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.core.JsonGenerator;

/** What the bodies of operations are. */
enum Bodies implements Body {
    /** The data of a message, of any type. */
    MESSAGE {
        @Override
        public Set<String> mediaTypes() {
            return Arrays.stream(DataType.values()).map(DataType::mediaType).collect(Collectors.toUnmodifiableSet());
        }

        @Override
        public boolean carriesMessages() {
            return true;
        }

        // Any value.
        @Override
        public void schema(JsonGenerator out) {
            out.writeStartObject();
            out.writeEndObject();
        }
    },
    /** Groups, and a filter that chooses connections. */
    GROUPS {
        @Override
        public Set<String> mediaTypes() {
            return Set.of("application/json");
        }

        @Override
        public boolean carriesMessages() {
            return false;
        }

        @Override
        public void schema(JsonGenerator out) {
            out.writeStartObject();
            out.writeStringProperty("type", "object");
            out.writeArrayPropertyStart("required");
            out.writeString("groups");
            out.writeEndArray();
            out.writeObjectPropertyStart("properties");
            out.writeObjectPropertyStart("groups");
            out.writeStringProperty("type", "array");
            out.writeNumberProperty("minItems", 1);
            out.writeNumberProperty("maxItems", GroupsBody.MAX_GROUPS);
            out.writeObjectPropertyStart("items");
            out.writeStringProperty("type", "string");
            out.writeEndObject();
            out.writeEndObject();
            out.writeObjectPropertyStart("filter");
            out.writeStringProperty("type", "string");
            out.writeEndObject();
            out.writeEndObject();
            out.writeEndObject();
        }
    }
}
