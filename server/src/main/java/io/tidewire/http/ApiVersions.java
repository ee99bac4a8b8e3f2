package io.tidewire.http;

import java.util.List;

/**
 * The api-versions of a listener.
 *
 * @param parameter the name of the query parameter
 * @param supported all versions, oldest first
 * @param strict whether a missing or unknown version is refused. Otherwise a missing one means the newest, and a
 *     well-formed one ({@code yyyy-MM-dd}, optionally {@code -preview}) that is not older than the oldest means the newest
 *     that is not newer than it; anything else is refused with {@code InvalidApiVersion}.
 */
public record ApiVersions(String parameter, List<String> supported, boolean strict) {
    public static final ApiVersions NONE = new ApiVersions("api-version", List.of(), false);

    public ApiVersions {
        supported = List.copyOf(supported);
    }
}
