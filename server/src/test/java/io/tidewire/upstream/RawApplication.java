package io.tidewire.upstream;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** An application that misbehaves on the wire, on a free port of an address of this machine. */
final class RawApplication implements AutoCloseable {
    /** What it does with a connection. */
    interface Script {
        void run(Wire wire) throws IOException;
    }

    private final ServerSocket server;
    private final Script script;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    final AtomicInteger connections = new AtomicInteger();
    final AtomicInteger requests = new AtomicInteger();
    /** Connections that the client has ended. */
    final AtomicInteger ended = new AtomicInteger();

    RawApplication(Script script) {
        this("127.0.0.1", 0, script);
    }

    RawApplication(String address, int port, Script script) {
        this.script = script;
        try {
            server = new ServerSocket();
            server.bind(new InetSocketAddress(InetAddress.ofLiteral(address), port));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        Thread.startVirtualThread(this::accept);
    }

    private void accept() {
        while (true) {
            Socket socket;
            try {
                socket = server.accept();
            } catch (IOException closed) {
                return;
            }
            sockets.add(socket);
            connections.incrementAndGet();
            Thread.startVirtualThread(() -> {
                try (socket) {
                    script.run(new Wire(socket));
                } catch (IOException over) {
                    // The client or the test has closed it.
                }
            });
        }
    }

    int port() {
        return server.getLocalPort();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + port() + "/hook");
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** One connection of it. */
    final class Wire {
        private final Socket socket;
        private final InputStream in;

        Wire(Socket socket) throws IOException {
            this.socket = socket;
            this.in = socket.getInputStream();
        }

        /** Reads a request with its body; throws when there is none any more. */
        String request() throws IOException {
            var head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) byteOrEnd());
            }
            String lower = head.toString().toLowerCase(Locale.ROOT);
            int at = lower.indexOf("content-length: ");
            int length = Integer.parseInt(lower.substring(at + 16, lower.indexOf('\r', at)));
            for (int i = 0; i < length; i++) {
                byteOrEnd();
            }
            requests.incrementAndGet();
            return head.toString();
        }

        private int byteOrEnd() throws IOException {
            int next = in.read();
            if (next < 0) {
                throw new IOException("The client closed");
            }
            return next;
        }

        Wire write(String text) throws IOException {
            return write(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        Wire write(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
            return this;
        }

        /** Until the client goes away. */
        void awaitEnd() throws IOException {
            try {
                in.transferTo(OutputStream.nullOutputStream());
            } finally {
                ended.incrementAndGet();
            }
        }

        void close() throws IOException {
            socket.close();
        }

        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }
}
