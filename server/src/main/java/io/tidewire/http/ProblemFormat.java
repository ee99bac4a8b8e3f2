package io.tidewire.http;

/** How a family of routes writes its errors: plain text, or a JSON error document of its service. */
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
}
