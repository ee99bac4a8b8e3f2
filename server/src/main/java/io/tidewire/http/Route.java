package io.tidewire.http;

import io.netty.handler.codec.http.HttpMethod;
import java.util.Set;

/**
 * One line of the route table.
 *
 * @param method the method; a GET route does not answer HEAD by itself
 * @param template the path with parameters, for example {@code /api/hubs/{hub}/:send}; a parameter is one whole segment
 * @param versions the api-versions that have this operation; empty where the path itself is the version
 * @param operationId the vendor's name of the operation, or ours
 * @param consumes media types accepted as a body; empty means that a body is ignored
 * @param problems how errors are written
 * @param handler who answers
 */
public record Route(
        HttpMethod method,
        String template,
        Set<String> versions,
        String operationId,
        Set<String> consumes,
        ProblemFormat problems,
        Handler handler) {

    public Route {
        versions = Set.copyOf(versions);
        consumes = Set.copyOf(consumes);
    }
}
