package io.tidewire.service.rest;

import io.tidewire.http.Response;
import io.tidewire.hub.Audience;
import io.tidewire.hub.Member;
import io.tidewire.service.rest.Operation.Action;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a group, page by page (SignalR reference C.5, Web PubSub reference C.4). They come in the order of their ids, and a page begins after the
 * last one of the page before: whoever stays is listed once, whatever others do meanwhile.
 */
public final class Listing {
    private static final int MAX_PAGE = 200;

    /** What {@code top} is when there is none. */
    private static final int ALL = 0;

    private Listing() {}

    public static <C extends RestCall> Action<C> connections() {
        return call -> {
            var group = new Audience.Scope.Group(call.group());
            int page = call.number("maxpagesize", 1, MAX_PAGE, MAX_PAGE);
            int top = call.number("top", 1, Integer.MAX_VALUE, ALL);
            int wanted = top == ALL ? page : Math.min(page, top);
            // One more than wanted tells whether there is a page after this one.
            call.answer(call.hub().members(group, call.continuation(), wanted + 1), members -> {
                boolean more = members.size() > wanted && top != wanted;
                List<Member> listed = members.subList(0, Math.min(wanted, members.size()));
                return answer(listed, more ? nextLink(call, listed.getLast(), page, top - wanted) : null);
            });
        };
    }

    private static String nextLink(RestCall call, Member last, int page, int left) {
        Map<String, String> query = new LinkedHashMap<>();
        if (left > 0) {
            query.put("top", Integer.toString(left));
        }
        query.put("maxpagesize", Integer.toString(page));
        query.put("continuationToken", ContinuationToken.after(last.connectionId()));
        return call.linkToItself(query);
    }

    private static Response answer(List<Member> members, @Nullable String nextLink) {
        return JsonAnswer.of(200, out -> {
            out.writeArrayPropertyStart("value");
            for (Member member : members) {
                out.writeStartObject();
                out.writeStringProperty("connectionId", member.connectionId());
                if (member.userId() != null) {
                    out.writeStringProperty("userId", member.userId());
                }
                out.writeEndObject();
            }
            out.writeEndArray();
            if (nextLink != null) {
                out.writeStringProperty("nextLink", nextLink);
            }
        });
    }
}
