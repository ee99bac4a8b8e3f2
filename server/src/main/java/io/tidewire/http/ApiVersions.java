package io.tidewire.http;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The api-versions of a listener.
 *
 * @param parameter the name of the query parameter
 * @param supported all versions, oldest first
 * @param rule what else a request may say
 * @param refusal what the caller of another version reads; null for a list of those that there are
 */
public record ApiVersions(
        String parameter,
        List<String> supported,
        Rule rule,
        @Nullable String refusal) {
    /** Which version a request means. Two versions in one request are none. */
    public enum Rule {
        /** The one that it says. */
        SAID,
        /** The one that it says, or the newest when it says none. */
        SAID_OR_NEWEST,
        /**
         * Without one the newest; otherwise the newest that is not newer than what it says, when that is well-formed ({@code yyyy-MM-dd},
         * optionally {@code -preview}) and not older than the oldest.
         */
        NOT_NEWER
    }

    public static final ApiVersions NONE = new ApiVersions("api-version", List.of(), Rule.SAID);

    public ApiVersions {
        supported = List.copyOf(supported);
    }

    public ApiVersions(String parameter, List<String> supported, Rule rule) {
        this(parameter, supported, rule, null);
    }
}
