package io.tidewire.service.rest;

import io.netty.handler.codec.http.HttpMethod;
import io.tidewire.http.ProblemFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * One published version of the API.
 *
 * @param <C> a call of the service
 * @param name how callers name it, and the name of its OpenAPI: {@code 2022-06-01}, {@code v1}
 * @param otherNames other names of its OpenAPI
 * @param apiVersions the values of {@code api-version} that choose it; empty when the path does
 * @param errors how it writes errors
 * @param operations its lines
 */
public record Document<C>(
        String name,
        Set<String> otherNames,
        Set<String> apiVersions,
        ProblemFormat errors,
        List<Operation<C>> operations) {

    /** The dated version after this one: all of this, with what it changes in the place of the old, and what it adds. */
    public Document<C> followedBy(String version, List<Operation<C>> changes) {
        var all = new ArrayList<>(operations);
        for (Operation<C> change : changes) {
            all.removeIf(change::isAt);
            all.add(change);
        }
        return new Document<>(version, Set.of(), Set.of(version), errors, List.copyOf(all));
    }

    /** Without the operation at this place. */
    public Document<C> without(HttpMethod method, String template) {
        var left = new ArrayList<>(operations);
        left.removeIf(operation ->
                operation.method().equals(method) && operation.template().equals(template));
        return new Document<>(name, otherNames, apiVersions, errors, List.copyOf(left));
    }

    /** With a change to each operation. */
    public Document<C> withEach(UnaryOperator<Operation<C>> change) {
        return new Document<>(
                name,
                otherNames,
                apiVersions,
                errors,
                operations.stream().map(change).toList());
    }

    /** Chosen by another version as well. */
    public Document<C> alsoFor(String version) {
        var all = new TreeSet<>(apiVersions);
        all.add(version);
        return new Document<>(name, otherNames, all, errors, operations);
    }
}
