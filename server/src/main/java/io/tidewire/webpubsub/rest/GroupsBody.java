package io.tidewire.webpubsub.rest;

import io.tidewire.http.Problem;
import io.tidewire.hub.Filter;
import io.tidewire.service.protocol.JsonScanner;
import io.tidewire.service.protocol.ProtocolViolation;
import io.tidewire.service.rest.RestCall;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The body {@code {"groups": [..], "filter": ".."}}.
 *
 * @param groups each once, in their order
 * @param filter which connections are meant; null for all
 */
record GroupsBody(Set<String> groups, @Nullable Filter filter) {
    /** One connection joins or leaves so many with one call. */
    static final int MAX_GROUPS = 1000;

    private static final String[] MEMBERS = {"groups", "filter"};

    /**
     * Reads a body.
     *
     * @throws Problem 400 that says what is wrong
     */
    static GroupsBody read(byte[] body) {
        Set<String> groups = null;
        Filter filter = null;
        boolean filtered = false;
        try {
            var json = new JsonScanner(body, 0, body.length);
            json.beginObject();
            for (int member = json.nextMember(MEMBERS, true);
                    member != JsonScanner.END;
                    member = json.nextMember(MEMBERS, true)) {
                if (member == JsonScanner.OTHER) {
                    json.skipValue();
                } else if (member == 0 && groups == null) {
                    groups = groups(json);
                } else if (member == 1 && !filtered) {
                    filtered = true;
                    String source = json.stringOrNull();
                    filter = source == null ? null : RestCall.filter(source);
                } else {
                    throw json.error("a second member '" + MEMBERS[member] + "'");
                }
            }
            json.end();
        } catch (ProtocolViolation violation) {
            throw new Problem(400, RestCall.INVALID, "The request body is not valid. " + violation.message() + ".");
        }
        if (groups == null || groups.isEmpty()) {
            throw RestCall.invalid("groups", "Invalid groups. At least one group is needed.");
        }
        return new GroupsBody(groups, filter);
    }

    private static Set<String> groups(JsonScanner json) {
        var groups = new LinkedHashSet<String>();
        json.beginArray();
        while (json.nextElement()) {
            groups.add(RestCall.checked(json.string(), "group name"));
            if (groups.size() > MAX_GROUPS) {
                throw RestCall.invalid("groups", "Invalid groups. At most " + MAX_GROUPS + " groups are allowed.");
            }
        }
        return groups;
    }
}
