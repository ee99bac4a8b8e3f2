package io.tidewire.http;

import io.netty.handler.codec.http.HttpHeaders;

/** How a family of routes writes its errors: plain text, or a JSON error document of its service; and what all its answers carry. */
@FunctionalInterface
public interface ProblemFormat {
    /** {@code text/plain} with the message. */
    ProblemFormat PLAIN_TEXT = problem -> {
        Response response = Response.text(problem.status(), problem.message());
        for (var header : problem.headers()) {
            response = response.with(header.getKey(), header.getValue());
        }
        return response;
    };

    /** The whole answer, with the problem's own headers. */
    Response render(Problem problem);

    /**
     * Adds headers to an answer, whether it is an error or not.
     *
     * @param request the headers of the request; empty where it could not be read
     */
    default void addHeaders(HttpHeaders request, HttpHeaders answer) {}
}
