package io.tidewire.signalr.rest;

import io.tidewire.http.Problem;
import io.tidewire.http.ProblemFormat;
import io.tidewire.http.Response;
import java.io.ByteArrayOutputStream;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * How the versions of the REST API write an error (reference C.1). Both name it in {@code x-ms-error-code}: the vendor's SDKs
 * take a 404 without that header for a missing endpoint.
 */
enum ErrorFormat implements ProblemFormat {
    /** 1.0-preview and 1.0: the message as text. */
    TEXT {
        @Override
        public Response render(Problem problem) {
            return withHeaders(Response.text(problem.status(), problem.message()), problem);
        }
    },

    /** Dated versions: an ErrorDetail document. */
    ERROR_DETAIL {
        @Override
        public Response render(Problem problem) {
            var json = new ByteArrayOutputStream(128);
            try (JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), json)) {
                out.writeStartObject();
                out.writeStringProperty("code", problem.code());
                out.writeStringProperty("message", problem.message());
                out.writeEndObject();
            }
            return withHeaders(Response.json(problem.status(), json.toByteArray()), problem);
        }
    };

    private static final JsonFactory JSON = new JsonFactory();

    private static Response withHeaders(Response response, Problem problem) {
        Response answer = response.with("x-ms-error-code", problem.code());
        for (var header : problem.headers()) {
            answer = answer.with(header.getKey(), header.getValue());
        }
        return answer;
    }
}
