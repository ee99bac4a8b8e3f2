package io.tidewire.signalr.rest;

import io.tidewire.service.protocol.ProtocolViolation;
import io.tidewire.signalr.protocol.Arguments;
import io.tidewire.signalr.protocol.FramedMessages;
import io.tidewire.signalr.protocol.HubProtocols;
import io.tidewire.signalr.protocol.MessagePackArguments;
import io.tidewire.signalr.protocol.MessagePackScanner;
import io.tidewire.signalr.protocol.ServerMessage;

/** Reads the two content types whose body is MessagePack. */
final class PayloadMessageMessagePack {
    private static final String[] MEMBERS = {"target", "arguments"};
    private static final String[] PROTOCOLS = {HubProtocols.JSON.name(), HubProtocols.MESSAGE_PACK.name()};

    private PayloadMessageMessagePack() {}

    /**
     * {@code application/x-msgpack}: a map {@code {target, arguments}} with names in any letter case, or an array
     * {@code [target, arguments]} (reference J 7). The arguments stay in the given array, which must not change afterwards.
     */
    static ServerMessage read(byte[] body) {
        MessagePackScanner scanner = new MessagePackScanner(body, 0, body.length);
        ServerMessage message = switch (scanner.peek()) {
            case ARRAY -> readArray(scanner);
            case MAP -> readMap(scanner);
            case NIL, BOOL, LONG, UNSIGNED_LONG, FLOAT, DOUBLE, STRING, BINARY, EXTENSION ->
                throw scanner.error("expected a map {target, arguments} or an array [target, arguments]");
        };
        scanner.end();
        return message;
    }

    private static ServerMessage readArray(MessagePackScanner scanner) {
        if (scanner.enterArray() != 2) {
            throw scanner.error("expected an array [target, arguments] of two elements");
        }
        String target = scanner.string();
        Arguments arguments = arguments(scanner);
        scanner.leave();
        return invocation(target, arguments);
    }

    private static ServerMessage readMap(MessagePackScanner scanner) {
        String target = null;
        Arguments arguments = null;
        for (int left = scanner.enterMap(); left > 0; left--) {
            int member = scanner.key(MEMBERS, true);
            if (member == MessagePackScanner.OTHER) {
                scanner.skipValue();
            } else if (member == 0 && target == null) {
                target = scanner.string();
            } else if (member == 1 && arguments == null) {
                arguments = arguments(scanner);
            } else {
                throw scanner.error("a second '" + MEMBERS[member] + "'");
            }
        }
        scanner.leave();
        return invocation(target == null ? "" : target, arguments == null ? MessagePackArguments.NONE : arguments);
    }

    private static Arguments arguments(MessagePackScanner scanner) {
        return scanner.takeNil() ? MessagePackArguments.NONE : scanner.arguments();
    }

    private static ServerMessage invocation(String target, Arguments arguments) {
        if (target.isEmpty()) {
            throw new ProtocolViolation("MessagePack: 'target' is required and must not be empty");
        }
        return new ServerMessage.Invocation(target, arguments);
    }

    /**
     * {@code application/octet-stream}: a map from the name of a hub protocol to a message framed for it. Names that we do
     * not know are ignored: nobody is connected with them.
     */
    static ServerMessage readFramed(byte[] body) {
        MessagePackScanner scanner = new MessagePackScanner(body, 0, body.length);
        byte[] json = null;
        byte[] messagePack = null;
        int count = scanner.enterMap();
        if (count == 0) {
            throw scanner.error("expected a map with at least one hub protocol");
        }
        for (int i = 0; i < count; i++) {
            int protocol = scanner.key(PROTOCOLS, false);
            if (protocol == MessagePackScanner.OTHER) {
                scanner.skipValue();
            } else if (protocol == 0 && json == null) {
                json = scanner.binary();
                FramedMessages.checkJson(json);
            } else if (protocol == 1 && messagePack == null) {
                messagePack = scanner.binary();
                FramedMessages.checkMessagePack(messagePack);
            } else {
                throw scanner.error("a second message for '" + PROTOCOLS[protocol] + "'");
            }
        }
        scanner.leave();
        scanner.end();
        return new ServerMessage.Framed(json, messagePack);
    }
}
