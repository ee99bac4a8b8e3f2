package io.tidewire.app.cost;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * A client that is a socket and nothing else, so that hundreds of them in the server's own JVM weigh always the same. It has no thread: what
 * it is sent waits in the kernel until it is told to look. What hangs is ended by the test's timeout.
 */
final class CheapClient implements AutoCloseable {
    private static final byte[] HEAD_END = {'\r', '\n', '\r', '\n'};

    private final SocketChannel socket;

    CheapClient(SocketAddress server) {
        try {
            socket = SocketChannel.open(server);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    void send(byte[] bytes) {
        try {
            var rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
                socket.write(rest);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    void send(String text) {
        send(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Reads just so many messages. */
    void hear(ClientForm form, int messages, ByteBuffer in) {
        in.clear();
        expect(form, messages, in, 0);
    }

    /** Reads the head of an answer that has this status, and just so many messages behind it. */
    void answered(int status, ClientForm form, int messages, ByteBuffer in) {
        in.clear();
        int end;
        for (end = headEnd(in); end < 0; end = headEnd(in)) {
            read(in);
        }
        String head = StandardCharsets.US_ASCII.decode(in.slice(0, end)).toString();
        if (!head.startsWith("HTTP/1.1 " + status + " ")) {
            throw new AssertionError("Not answered with " + status + ": " + head);
        }
        expect(form, messages, in, end);
    }

    private void expect(ClientForm form, int messages, ByteBuffer in, int from) {
        int heard = form.count(in.slice(from, in.position() - from));
        while (heard < messages) {
            read(in);
            heard = form.count(in.slice(from, in.position() - from));
        }
        if (heard > messages) {
            throw new AssertionError(form + " heard " + heard + " messages instead of " + messages);
        }
    }

    private void read(ByteBuffer in) {
        try {
            if (socket.read(in) < 0) {
                throw new EOFException("The server has closed the connection");
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static int headEnd(ByteBuffer in) {
        for (int at = 0; at + HEAD_END.length <= in.position(); at++) {
            if (in.slice(at, HEAD_END.length).equals(ByteBuffer.wrap(HEAD_END))) {
                return at + HEAD_END.length;
            }
        }
        return -1;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
