package io.tidewire.webpubsub.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tidewire.hub.Frame;
import io.tidewire.service.protocol.ProtocolViolation;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * What must hold for every input, whatever it is: a reader makes a message of it or a {@link ProtocolViolation}, a library agrees
 * that it is one, and what it carries can be told to clients of every dialect so that libraries can read that. Anything else is an
 * {@link AssertionError}, or whatever else is thrown.
 */
final class ReaderOracle {
    private static final ObjectMapper JACKSON = new ObjectMapper();

    private ReaderOracle() {}

    /** Whether the input was a message. */
    static boolean json(byte[] input) {
        ClientMessage message;
        try {
            message = read(ClientProtocols.JSON, input);
        } catch (ProtocolViolation violation) {
            check(violation.message().length() < 120, violation.message());
            return false;
        }
        if (message == null) {
            throw new AssertionError("nothing was read");
        }
        check(tree(input).isObject(), "not an object");
        passOn(message);
        return true;
    }

    /** As {@link #json}. What the library makes of the input and writes again must mean the same to us. */
    static boolean protobuf(byte[] input) {
        byte[] rewritten = VendorMessages.rewritten(input);
        ClientMessage message;
        try {
            message = read(ClientProtocols.PROTOBUF, input);
        } catch (ProtocolViolation violation) {
            if (rewritten != null) {
                expectSameRefusal(violation.message(), rewritten);
            }
            return false;
        }
        // What was refused was not read to its end.
        if (!(message instanceof ClientMessage.Refused)) {
            if (rewritten == null) {
                throw new AssertionError("the library cannot read it");
            }
            if (message != null) {
                passOn(message);
            }
            if (!Seen.of(message).contains(" protobuf #")) { // an Any may be written in many ways
                check(
                        Seen.of(message).equals(Seen.of(read(ClientProtocols.PROTOBUF, rewritten))),
                        "it means something else");
            }
        }
        return true;
    }

    /** We have no groups, want data, and are strict where the library is not, which it does not write. */
    private static void expectSameRefusal(String why, byte[] rewritten) {
        try {
            var _ = read(ClientProtocols.PROTOBUF, rewritten);
        } catch (ProtocolViolation violation) {
            check(violation.message().contains("a group") || violation.message().contains("no 'data'"), why);
        }
    }

    private static @Nullable ClientMessage read(ClientProtocol protocol, byte[] input) {
        ByteBuf heap = Unpooled.wrappedBuffer(input);
        ClientMessage message = protocol.read(heap);
        check(heap.readableBytes() == input.length && heap.refCnt() == 1, "the buffer was not only borrowed");
        return message;
    }

    private static void passOn(ClientMessage message) {
        check(!Seen.of(message).isEmpty(), "nothing seen");
        switch (message) {
            case ClientMessage.SendToGroup m ->
                tell(new ServiceMessage.FromGroup(m.group(), "u", m.data(), m.metadata(), m.ttlSeconds(), null));
            case ClientMessage.Event m -> tell(new ServiceMessage.FromServer(m.data(), m.metadata(), 0));
            case ClientMessage.StreamData m -> {
                var part = new ServiceMessage.StreamPart(m.streamId(), m.streamSequenceId(), false, null);
                tell(new ServiceMessage.FromGroup("g", null, m.data(), Metadata.NONE, 0, part));
            }
            default -> {}
        }
    }

    private static void tell(ServiceMessage message) {
        Payload data =
                message instanceof ServiceMessage.FromGroup m ? m.data() : ((ServiceMessage.FromServer) message).data();
        check(
                Arrays.equals(bytes(SimpleDialect.INSTANCE.encode(message)), data.bytes()),
                "simple clients get other data");
        JsonNode json = tree(bytes(ClientProtocols.JSON.encode(message)));
        check(json.get("dataType").asString().equals(data.type().label()), "JSON clients get another type");
        JsonNode told = json.get("data");
        switch (data.type()) {
            case JSON -> check(told.equals(tree(data.bytes())), "JSON clients get other JSON");
            case TEXT ->
                check(told.asString().equals(new String(data.bytes(), UTF_8)), "JSON clients get another text");
            case BINARY, PROTOBUF ->
                check(Arrays.equals(told.binaryValue(), data.bytes()), "JSON clients get other bytes");
        }
        check(
                tree(bytes(ClientProtocols.JSON_RELIABLE.encode(message)))
                                .get("sequenceId")
                                .asLong()
                        == Written.SEQUENCE_ID,
                "number");
        check(VendorMessages.isDownstream(bytes(ClientProtocols.PROTOBUF.encode(message))), "protobuf");
        check(
                VendorMessages.isDownstream(bytes(ClientProtocols.PROTOBUF_RELIABLE.encode(message))),
                "reliable protobuf");
    }

    private static byte[] bytes(@Nullable Frame frame) {
        return Written.payload(frame);
    }

    private static JsonNode tree(byte[] json) {
        try {
            return JACKSON.readTree(json);
        } catch (JacksonException e) {
            throw new AssertionError("Jackson cannot read it", e);
        }
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
