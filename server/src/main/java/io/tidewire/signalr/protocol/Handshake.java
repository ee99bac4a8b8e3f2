package io.tidewire.signalr.protocol;

import io.tidewire.transport.EncodedFrame;

/**
 * What came of a client's first message, the handshake request (reference D.3). Requests and answers are JSON text and 0x1E
 * whatever protocol they agree on.
 *
 * <p>The answer travels in the kind of WebSocket message that the chosen protocol uses, as ASP.NET Core sends it: the
 * vendor's clients take either kind, but a client written for MessagePack alone may listen to binary messages only. A refusal,
 * where nothing has been agreed, is text.
 */
public sealed interface Handshake {
    /** For a client that did not say anything in time. */
    Refused CANCELED = new Refused("Handshake was canceled.", "no handshake request in time");

    /** The frame to answer with. The caller owns one reference. */
    EncodedFrame response();

    /**
     * Hub messages may come from here on.
     *
     * @param version 1, or 2 for a client that knows {@code Ack} and {@code Sequence}
     */
    record Accepted(HubProtocol protocol, int version) implements Handshake {
        private static final EncodedFrame TEXT = EncodedFrame.constant(HandshakeReader.ACCEPTED, false);
        private static final EncodedFrame BINARY = EncodedFrame.constant(HandshakeReader.ACCEPTED, true);

        @Override
        public EncodedFrame response() {
            return protocol.binary() ? BINARY : TEXT;
        }
    }

    /**
     * The connection ends after the answer.
     *
     * @param error what the client is told, in the words of ASP.NET Core
     * @param detail what was wrong, for the log
     */
    record Refused(String error, String detail) implements Handshake {
        @Override
        public EncodedFrame response() {
            return HandshakeReader.refusal(error);
        }
    }
}
