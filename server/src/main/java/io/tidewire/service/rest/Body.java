package io.tidewire.service.rest;

import java.util.Set;
import tools.jackson.core.JsonGenerator;

/** What the body of an operation is. */
public interface Body {
    /** It is not looked at. */
    Body NONE = new Body() {
        @Override
        public Set<String> mediaTypes() {
            return Set.of();
        }

        @Override
        public boolean carriesMessages() {
            return false;
        }

        @Override
        public void schema(JsonGenerator out) {}
    };

    /** What it may be; empty when it is not looked at. */
    Set<String> mediaTypes();

    /** Whether clients may be sent something by it, which the quota of messages is for. */
    boolean carriesMessages();

    /** Writes the schema of its JSON as one value. Not called where there is no {@code application/json}. */
    void schema(JsonGenerator out);
}
