package io.tidewire.signalr.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.tidewire.service.protocol.ByteOutput;
import io.tidewire.service.protocol.JsonScanner;
import io.tidewire.service.protocol.JsonStrings;
import io.tidewire.service.protocol.ProtocolViolation;
import io.tidewire.transport.EncodedFrame;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the handshake request of one connection, which may come in pieces and in front of hub messages. Holds no memory
 * before the first byte, and never more than the limit. One thread: the connection's event loop.
 */
public final class HandshakeReader {
    /** A request that has no 0x1E within its first so many bytes is refused. */
    public static final int MAX_REQUEST_BYTES = 4 * 1024;

    static final byte[] ACCEPTED = {'{', '}', HubMessageReader.RECORD_SEPARATOR};

    private static final String UNEXPECTED = "An unexpected error occurred during connection handshake.";
    private static final int OLDEST_VERSION = 1;
    private static final int NEWEST_VERSION = 2;

    private static final String[] MEMBERS = {"protocol", "version"};

    private byte[] carried = {};

    /**
     * Reads on.
     *
     * @param payload the next bytes, borrowed. Its reader index moves behind the request: what is left are hub messages
     * @return null when the request is not complete yet
     */
    public @Nullable Handshake read(ByteBuf payload) {
        int from = payload.readerIndex();
        int separator = payload.indexOf(from, payload.writerIndex(), HubMessageReader.RECORD_SEPARATOR);
        int count = (separator < 0 ? payload.writerIndex() : separator) - from;
        if (carried.length + count >= MAX_REQUEST_BYTES) {
            carried = new byte[0];
            return new Handshake.Refused(UNEXPECTED, "no 0x1E within " + MAX_REQUEST_BYTES + " bytes");
        }
        byte[] request = Arrays.copyOf(carried, carried.length + count);
        payload.readBytes(request, carried.length, count);
        carried = request;
        if (separator < 0) {
            return null;
        }
        payload.skipBytes(1);
        carried = new byte[0];
        try {
            return parse(new JsonScanner(request, 0, request.length));
        } catch (ProtocolViolation violation) {
            return new Handshake.Refused(UNEXPECTED, violation.message());
        }
    }

    private static Handshake parse(JsonScanner json) {
        String protocol = null;
        Long version = null;
        json.beginObject();
        for (int member = json.nextMember(MEMBERS, false);
                member != JsonScanner.END;
                member = json.nextMember(MEMBERS, false)) {
            if (member == JsonScanner.OTHER) {
                json.skipValue();
            } else if (member == 0 && protocol == null) {
                protocol = json.string();
            } else if (member == 1 && version == null) {
                version = json.integer();
            } else {
                throw json.error("a second member '" + MEMBERS[member] + "'");
            }
        }
        json.end();
        if (protocol == null || version == null) {
            throw json.error("no '" + (protocol == null ? MEMBERS[0] : MEMBERS[1]) + "' in the handshake request");
        }
        return choose(protocol, version);
    }

    private static Handshake choose(String name, long version) {
        HubProtocol protocol = HubProtocols.byName(name);
        if (protocol == null) {
            String error = "The protocol '" + name + "' is not supported.";
            return new Handshake.Refused(error, error);
        }
        if (version < OLDEST_VERSION || version > NEWEST_VERSION) {
            String error = "The server does not support version " + version + " of the '" + name + "' protocol.";
            return new Handshake.Refused(error, error);
        }
        return new Handshake.Accepted(protocol, (int) version);
    }

    static EncodedFrame refusal(String error) {
        ByteOutput message = new ByteOutput(64).ascii("{\"error\":");
        JsonStrings.quote(message, error);
        message.put('}').put(HubMessageReader.RECORD_SEPARATOR);
        ByteBuf buffer = EncodedFrame.payloadBuffer(ByteBufAllocator.DEFAULT, message.size());
        return EncodedFrame.seal(buffer.writeBytes(message.array(), 0, message.size()), false)
                .unnumbered();
    }
}
