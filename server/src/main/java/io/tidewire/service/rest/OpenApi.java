package io.tidewire.service.rest;

import io.tidewire.service.rest.Operation.QueryParameter;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Writes a document of the API as OpenAPI 3.0, from the same table that the router is made of. Aliases are not shown. */
public final class OpenApi {
    private OpenApi() {}

    public static byte[] write(String title, Document<?> document) {
        var json = new ByteArrayOutputStream(16 * 1024);
        try (JsonGenerator out = new JsonFactory().createGenerator(ObjectWriteContext.empty(), json)) {
            out.writeStartObject();
            out.writeStringProperty("openapi", "3.0.1");
            out.writeObjectPropertyStart("info");
            out.writeStringProperty("title", title);
            out.writeStringProperty("version", document.name());
            out.writeEndObject();
            out.writeObjectPropertyStart("paths");
            byPath(document).forEach((path, operations) -> {
                out.writeObjectPropertyStart(path);
                operations.forEach(operation -> write(out, operation));
                out.writeEndObject();
            });
            out.writeEndObject();
            security(out);
            out.writeEndObject();
        }
        return json.toByteArray();
    }

    private static Map<String, List<Operation<?>>> byPath(Document<?> document) {
        var paths = new LinkedHashMap<String, List<Operation<?>>>();
        for (Operation<?> operation : document.operations()) {
            paths.computeIfAbsent(operation.template(), _ -> new ArrayList<>()).add(operation);
        }
        return paths;
    }

    private static void write(JsonGenerator out, Operation<?> operation) {
        out.writeObjectPropertyStart(operation.method().name().toLowerCase(Locale.ROOT));
        out.writeStringProperty("operationId", operation.id());
        out.writeStringProperty("summary", operation.summary());
        out.writeArrayPropertyStart("parameters");
        for (String segment : operation.template().split("/", -1)) {
            if (segment.startsWith("{")) {
                String name = segment.substring(1, segment.length() - 1);
                parameter(out, "path", new QueryParameter(name, "string", true, false, Map.of()));
            }
        }
        for (var query : operation.query()) {
            parameter(out, "query", query);
        }
        out.writeEndArray();
        if (!operation.body().mediaTypes().isEmpty()) {
            body(out, operation.body());
        }
        out.writeObjectPropertyStart("responses");
        operation.sortedResponses().forEach((status, description) -> {
            out.writeObjectPropertyStart(status);
            out.writeStringProperty("description", description);
            out.writeEndObject();
        });
        out.writeEndObject();
        out.writeEndObject();
    }

    private static void parameter(JsonGenerator out, String in, QueryParameter parameter) {
        out.writeStartObject();
        out.writeStringProperty("name", parameter.name());
        out.writeStringProperty("in", in);
        if (parameter.required()) {
            out.writeBooleanProperty("required", true);
        }
        out.writeObjectPropertyStart("schema");
        if (parameter.repeated()) {
            out.writeStringProperty("type", "array");
            out.writeObjectPropertyStart("items");
            out.writeStringProperty("type", parameter.type());
            out.writeEndObject();
        } else {
            out.writeStringProperty("type", parameter.type());
        }
        new TreeMap<>(parameter.bounds()).forEach((bound, value) -> out.writeNumberProperty(bound, value));
        out.writeEndObject();
        out.writeEndObject();
    }

    private static void body(JsonGenerator out, Body body) {
        out.writeObjectPropertyStart("requestBody");
        out.writeBooleanProperty("required", true);
        out.writeObjectPropertyStart("content");
        body.mediaTypes().stream().sorted().forEach(mediaType -> {
            out.writeObjectPropertyStart(mediaType);
            if (mediaType.equals("application/json")) {
                out.writeName("schema");
                body.schema(out);
            }
            out.writeEndObject();
        });
        out.writeEndObject();
        out.writeEndObject();
    }

    private static void security(JsonGenerator out) {
        out.writeObjectPropertyStart("components");
        out.writeObjectPropertyStart("securitySchemes");
        out.writeObjectPropertyStart("Bearer");
        out.writeStringProperty("type", "http");
        out.writeStringProperty("scheme", "bearer");
        out.writeStringProperty("bearerFormat", "JWT");
        out.writeEndObject();
        out.writeEndObject();
        out.writeEndObject();
        out.writeArrayPropertyStart("security");
        out.writeStartObject();
        out.writeArrayPropertyStart("Bearer");
        out.writeEndArray();
        out.writeEndObject();
        out.writeEndArray();
    }
}
