package io.tidewire.service.rest;

import io.tidewire.http.Response;
import java.io.ByteArrayOutputStream;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Answers that are one JSON object. */
public final class JsonAnswer {
    private static final JsonFactory JSON = new JsonFactory();

    private JsonAnswer() {}

    public static Response of(int status, Consumer<JsonGenerator> members) {
        var json = new ByteArrayOutputStream(256);
        try (JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), json)) {
            out.writeStartObject();
            members.accept(out);
            out.writeEndObject();
        }
        return Response.json(status, json.toByteArray());
    }
}
