package io.tidewire.service.rest;

import io.tidewire.http.Problem;
import io.tidewire.http.Response;

/** The vendor's error document, {@code {code, message, target}}. */
public final class ErrorDetail {
    private ErrorDetail() {}

    public static Response render(Problem problem, String code) {
        Response detail = JsonAnswer.of(problem.status(), out -> {
            out.writeStringProperty("code", code);
            out.writeStringProperty("message", problem.message());
            if (problem.target() != null) {
                out.writeStringProperty("target", problem.target());
            }
        });
        return withHeaders(detail, problem, code);
    }

    /** Names the error in {@code x-ms-error-code}, where the vendor's SDKs look, and adds the headers of the problem. */
    public static Response withHeaders(Response response, Problem problem, String code) {
        Response answer = response.with("x-ms-error-code", code);
        for (var header : problem.headers()) {
            answer = answer.with(header.getKey(), header.getValue());
        }
        return answer;
    }
}
