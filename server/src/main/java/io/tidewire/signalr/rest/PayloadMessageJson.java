package io.tidewire.signalr.rest;

import io.tidewire.service.protocol.JsonScanner;
import io.tidewire.service.protocol.ProtocolViolation;
import io.tidewire.signalr.protocol.Arguments;
import io.tidewire.signalr.protocol.JsonArguments;
import io.tidewire.signalr.protocol.ServerMessage;

/** Reads {@code {"target": .., "arguments": [..]}}; the .NET SDK writes {@code Target} and {@code Arguments}. */
final class PayloadMessageJson {
    private static final String[] MEMBERS = {"target", "arguments"};

    private PayloadMessageJson() {}

    /** The arguments stay in the given array, which must not change afterwards. */
    static ServerMessage read(byte[] body) {
        JsonScanner json = new JsonScanner(body, 0, body.length);
        String target = null;
        Arguments arguments = null;
        json.beginObject();
        for (int member = next(json); member != JsonScanner.END; member = next(json)) {
            if (member == JsonScanner.OTHER) {
                json.skipValue();
            } else if (member == 0 && target == null) {
                target = json.string();
            } else if (member == 1 && arguments == null) {
                arguments = json.takeNull() ? JsonArguments.NONE : JsonArguments.next(json);
            } else {
                throw json.error("a second member '" + MEMBERS[member] + "'");
            }
        }
        json.end();
        if (target == null || target.isEmpty()) {
            throw new ProtocolViolation("JSON: 'target' is required and must not be empty");
        }
        return new ServerMessage.Invocation(target, arguments == null ? JsonArguments.NONE : arguments);
    }

    private static int next(JsonScanner json) {
        return json.nextMember(MEMBERS, true);
    }
}
