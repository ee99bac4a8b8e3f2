package io.tidewire.signalr.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tidewire.service.protocol.MessageView;
import io.tidewire.service.protocol.ProtocolViolation;
import io.tidewire.service.protocol.VarInt;
import org.jspecify.annotations.Nullable;

/**
 * Finds the hub messages in what one connection receives. Where messages begin and end is told by 0x1E or the length in
 * front, not by WebSocket messages: one may hold several hub messages, and a hub message may go on in the next one. Whether
 * they are text or binary does not matter.
 *
 * <p>What is carried over is bounded by the size of one message and grows with what arrives, never with what is announced.
 * Between whole messages the reader holds no memory. One thread: the connection's event loop.
 */
public final class HubMessageReader implements AutoCloseable {
    /** What ends each message in JSON. */
    static final byte RECORD_SEPARATOR = 0x1E;

    /** Takes the messages of one connection, in order. */
    @FunctionalInterface
    public interface Sink {
        /** May close the reader; then nothing more comes. */
        void onMessage(ClientMessage message);
    }

    private final HubProtocol protocol;
    private final int maxMessageBytes;

    /** The start of a message whose end has not come yet, readable bytes only; owned. */
    private @Nullable ByteBuf carried;

    private boolean closed;

    /** @param maxMessageBytes bytes of one hub message, without 0x1E or length prefix */
    public HubMessageReader(HubProtocol protocol, int maxMessageBytes) {
        this.protocol = protocol;
        this.maxMessageBytes = maxMessageBytes;
    }

    /**
     * Reads on.
     *
     * @param payload the next bytes, borrowed; its reader index moves to the end
     * @throws ProtocolViolation when they are not the hub protocol; messages before the violation were reported, and the
     *     reader is closed
     */
    public void read(ByteBuf payload, Sink sink) {
        try {
            while (!closed && payload.isReadable()) {
                switch (protocol) {
                    case JsonHubProtocol _ -> readJson(payload, sink);
                    case MessagePackHubProtocol _ -> readMessagePack(payload, sink);
                }
            }
        } catch (ProtocolViolation violation) {
            close();
            throw violation;
        }
        payload.skipBytes(payload.readableBytes());
    }

    /** Bytes that wait for the rest of their message. */
    public int carriedBytes() {
        return carried == null ? 0 : carried.readableBytes();
    }

    /** Gives back what was carried over; later input is ignored. */
    @Override
    public void close() {
        closed = true;
        ByteBuf last = carried;
        carried = null;
        if (last != null) {
            last.release();
        }
    }

    private void readJson(ByteBuf payload, Sink sink) {
        int from = payload.readerIndex();
        int separator = payload.indexOf(from, payload.writerIndex(), RECORD_SEPARATOR);
        int count = (separator < 0 ? payload.writerIndex() : separator) - from;
        checkLength((long) carriedBytes() + count);
        if (separator < 0) {
            carry(payload, count);
        } else if (carried == null) {
            payload.readerIndex(separator + 1);
            report(payload, from, count, sink);
        } else {
            carry(payload, count);
            payload.skipBytes(1);
            reportCarried(0, sink);
        }
    }

    private void readMessagePack(ByteBuf payload, Sink sink) {
        if (carried == null) {
            int from = payload.readerIndex();
            int available = payload.readableBytes();
            long read = VarInt.read(payload, from, available);
            if (read == VarInt.INCOMPLETE) {
                carry(payload, available);
                return;
            }
            int prefix = VarInt.bytes(read);
            int length = VarInt.length(read);
            checkLength(length);
            if (available - prefix < length) {
                carry(payload, available);
                return;
            }
            payload.skipBytes(prefix + length);
            report(payload, from + prefix, length, sink);
        } else {
            readCarriedMessagePack(payload, carried, sink);
        }
    }

    private void readCarriedMessagePack(ByteBuf payload, ByteBuf start, Sink sink) {
        long read = VarInt.read(start, 0, start.readableBytes());
        if (read == VarInt.INCOMPLETE) {
            carry(payload, 1);
            return;
        }
        int prefix = VarInt.bytes(read);
        int length = VarInt.length(read);
        checkLength(length);
        carry(payload, Math.min(payload.readableBytes(), prefix + length - start.readableBytes()));
        if (start.readableBytes() == prefix + length) {
            reportCarried(prefix, sink);
        }
    }

    private void checkLength(long length) {
        if (length > maxMessageBytes) {
            throw new ProtocolViolation(
                    "A message is longer than " + maxMessageBytes + " bytes (setting websocket.maxMessageBytes)");
        }
    }

    private void carry(ByteBuf payload, int count) {
        if (carried == null) {
            carried = Unpooled.buffer(Math.max(count, 64)); // rare, so not worth pooled memory that could leak
        }
        carried.writeBytes(payload, count);
    }

    /** Reports the carried message, whose first bytes are its length prefix. */
    private void reportCarried(int prefix, Sink sink) {
        ByteBuf whole = carried;
        carried = null;
        if (whole == null) {
            return;
        }
        try {
            report(whole, prefix, whole.readableBytes() - prefix, sink);
        } finally {
            whole.release();
        }
    }

    private void report(ByteBuf buffer, int index, int length, Sink sink) {
        MessageView message = new MessageView(buffer, index, length);
        sink.onMessage(
                switch (protocol) {
                    case JsonHubProtocol _ -> JsonMessageParser.parse(message);
                    case MessagePackHubProtocol _ -> MessagePackMessageParser.parse(message);
                });
    }
}
