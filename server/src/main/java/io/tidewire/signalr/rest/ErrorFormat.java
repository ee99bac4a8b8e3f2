package io.tidewire.signalr.rest;

import io.tidewire.http.Problem;
import io.tidewire.http.ProblemFormat;
import io.tidewire.http.Response;
import io.tidewire.service.rest.ErrorDetail;

/**
 * How the versions of the REST API write an error (reference C.1). Both name it in {@code x-ms-error-code}: the vendor's SDKs
 * take a 404 without that header for a missing endpoint.
 */
enum ErrorFormat implements ProblemFormat {
    /** 1.0-preview and 1.0: the message as text. */
    TEXT {
        @Override
        public Response render(Problem problem) {
            Response text = Response.text(problem.status(), problem.message());
            return ErrorDetail.withHeaders(text, problem, problem.code());
        }
    },

    /** Dated versions: an ErrorDetail document. */
    ERROR_DETAIL {
        @Override
        public Response render(Problem problem) {
            return ErrorDetail.render(problem, problem.code());
        }
    }
}
