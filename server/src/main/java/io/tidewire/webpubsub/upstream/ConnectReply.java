package io.tidewire.webpubsub.upstream;

import io.tidewire.service.protocol.JsonScanner;
import io.tidewire.service.protocol.ProtocolViolation;
import io.tidewire.webpubsub.client.Admission;
import io.tidewire.webpubsub.protocol.GroupName;
import io.tidewire.webpubsub.protocol.InvalidContent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a handler's answer to {@code connect} changes (reference F.3). */
final class ConnectReply {
    private static final String[] MEMBERS = {"userId", "groups", "roles", "subprotocol"};

    private ConnectReply() {}

    /**
     * Reads the body of a successful answer.
     *
     * @param offered subprotocols
     * @throws ProtocolViolation when it is no JSON, or a member is of the wrong type
     * @throws InvalidContent when what it says cannot be done
     */
    static Admission.Accepted read(byte[] body, List<String> offered) {
        var json = new JsonScanner(body, 0, body.length);
        if (json.peek() == 0 || json.takeNull()) {
            json.end();
            return Admission.Accepted.UNCHANGED;
        }
        String userId = null;
        List<String> groups = null;
        List<String> roles = null;
        String subprotocol = null;
        json.beginObject();
        for (int member = json.nextMember(MEMBERS, false);
                member != JsonScanner.END;
                member = json.nextMember(MEMBERS, false)) {
            switch (member) {
                case 0 -> userId = json.stringOrNull();
                case 1 -> groups = strings(json);
                case 2 -> roles = strings(json);
                case 3 -> subprotocol = json.stringOrNull();
                default -> json.skipValue();
            }
        }
        json.end();
        if (groups != null) {
            groups.forEach(GroupName::checked);
        }
        if (subprotocol != null && !subprotocol.isEmpty() && !offered.contains(subprotocol)) {
            throw new InvalidContent("It chooses a subprotocol that the client does not offer.");
        }
        return new Admission.Accepted(nullIfEmpty(userId), groups, roles, nullIfEmpty(subprotocol));
    }

    private static @Nullable String nullIfEmpty(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }

    private static @Nullable List<String> strings(JsonScanner json) {
        if (json.takeNull()) {
            return null;
        }
        var all = new ArrayList<String>();
        json.beginArray();
        while (json.nextElement()) {
            all.add(json.string());
        }
        return all;
    }
}
