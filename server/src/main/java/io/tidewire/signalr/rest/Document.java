package io.tidewire.signalr.rest;

import java.util.List;
import java.util.Set;

/**
 * One published version of the API.
 *
 * @param name how callers name it, and the name of its OpenAPI: {@code 2022-06-01}, {@code v1}
 * @param otherNames other names of its OpenAPI
 * @param apiVersions the values of {@code api-version} that choose it; empty when the path does
 * @param errors how it writes errors
 * @param operations its lines
 */
record Document(
        String name, Set<String> otherNames, Set<String> apiVersions, ErrorFormat errors, List<Operation> operations) {}
