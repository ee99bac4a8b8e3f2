package io.tidewire.signalr.rest;

import io.tidewire.http.Problem;
import io.tidewire.http.ProblemFormat;
import io.tidewire.http.Response;

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
            Response detail = JsonAnswer.of(problem.status(), out -> {
                out.writeStringProperty("code", problem.code());
                out.writeStringProperty("message", problem.message());
            });
            return withHeaders(detail, problem);
        }
    };

    private static Response withHeaders(Response response, Problem problem) {
        Response answer = response.with("x-ms-error-code", problem.code());
        for (var header : problem.headers()) {
            answer = answer.with(header.getKey(), header.getValue());
        }
        return answer;
    }
}
