package io.tidewire.http;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.function.BiConsumer;

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
     * @param answer takes name and value; each name once, and none of those that are the server's to set
     */
    default void addHeaders(HttpHeaders request, BiConsumer<AsciiString, CharSequence> answer) {}
}
