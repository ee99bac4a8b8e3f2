package io.tidewire.signalr.rest;

import io.tidewire.http.Problem;
import io.tidewire.hub.Audience;
import io.tidewire.hub.Command.Step;
import io.tidewire.hub.Disconnect;
import io.tidewire.service.protocol.JsonScanner;
import io.tidewire.service.protocol.ProtocolViolation;
import io.tidewire.service.rest.Operation.Action;
import io.tidewire.signalr.protocol.ServerMessage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Lists of commands (reference C.5): {@code [{"type": "JoinGroup", "group": "g"}, {"type": "SendMessage", "message": {..}}]}.
 * Types and members are read in any letter case, as everywhere.
 */
final class Commands {
    static final int MAX_COMMANDS = 100;

    private static final String[] MEMBERS = {"type", "message", "group", "reason"};

    private Commands() {}

    /** Does the commands for every connection of the hub that the filter matches before the first of them. */
    static Action<Call> execute() {
        return call -> {
            Audience audience = Audience.all().through(call.filter());
            call.answer(202, call.hub().execute(audience, read(call.body("Commands"))));
        };
    }

    /**
     * Reads a list.
     *
     * @throws Problem 400 that says which command is wrong, counted from 1
     */
    static List<Step> read(byte[] body) {
        var steps = new ArrayList<Step>();
        try {
            var json = new JsonScanner(body, 0, body.length);
            json.beginArray();
            while (json.nextElement()) {
                if (steps.size() == MAX_COMMANDS) {
                    throw invalid("At most " + MAX_COMMANDS + " commands are allowed.");
                }
                steps.add(command(body, json, steps.size() + 1));
            }
            json.end();
        } catch (ProtocolViolation violation) {
            throw invalid(violation.message() + ".");
        }
        return steps;
    }

    private static Step command(byte[] body, JsonScanner json, int number) {
        @Nullable String[] texts = new String[MEMBERS.length];
        byte[] message = null;
        json.beginObject();
        for (int member = next(json); member != JsonScanner.END; member = next(json)) {
            if (member == JsonScanner.OTHER) {
                json.skipValue();
            } else if (texts[member] != null || (member == 1 && message != null)) {
                throw json.error("a second member '" + MEMBERS[member] + "'");
            } else if (member == 1) {
                message = json.takeNull() ? null : value(body, json);
            } else {
                texts[member] = json.stringOrNull();
            }
        }
        String type = texts[0];
        String group = texts[2];
        String reason = texts[3];
        return switch (type == null ? "" : type.toLowerCase(Locale.ROOT)) {
            case "sendmessage" -> new Step.Send(message(message, number));
            case "joingroup" -> new Step.Join(group(group, number));
            case "leavegroup" -> new Step.Leave(group(group, number));
            case "closeconnection" ->
                new Step.Close(Disconnect.byApplication(reason == null || reason.isEmpty() ? null : reason));
            default ->
                throw invalid("Command " + number
                        + " needs a 'type': SendMessage, JoinGroup, LeaveGroup or CloseConnection.");
        };
    }

    /** The next value as bytes of its own, so that a small message does not keep the whole list in memory. */
    private static byte[] value(byte[] body, JsonScanner json) {
        json.peek();
        int from = json.position();
        json.skipValue();
        return Arrays.copyOfRange(body, from, json.position());
    }

    private static ServerMessage message(byte @Nullable [] json, int number) {
        if (json == null) {
            throw invalid("Command " + number + " needs a 'message'.");
        }
        try {
            return PayloadMessageJson.read(json);
        } catch (ProtocolViolation violation) {
            throw invalid("In the message of command " + number + ": " + violation.message() + ".");
        }
    }

    private static String group(@Nullable String name, int number) {
        if (name == null) {
            throw invalid("Command " + number + " needs a 'group'.");
        }
        return Call.checked(name, "group name");
    }

    private static int next(JsonScanner json) {
        return json.nextMember(MEMBERS, true);
    }

    private static Problem invalid(String why) {
        return new Problem(400, Call.INVALID, "The request body is not valid. " + why);
    }
}
