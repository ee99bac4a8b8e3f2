package io.tidewire.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A client that sends exactly the bytes it is told to, valid or not, and reads one answer at a time. Waits at most twenty seconds. */
public final class RawHttp implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 20_000;

    private final Socket socket;
    private final InputStream in;

    private RawHttp(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    public static RawHttp connect(InetSocketAddress address) {
        return connect(address, 0);
    }

    /** One that the kernel buffers so much for, where that is not 0. */
    public static RawHttp connect(InetSocketAddress address, int receiveBuffer) {
        try {
            var socket = new Socket();
            socket.setTcpNoDelay(true);
            if (receiveBuffer > 0) {
                socket.setReceiveBufferSize(receiveBuffer);
            }
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(address, TIMEOUT_MILLIS);
            return new RawHttp(socket);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** On a socket that is connected, for example one with TLS. */
    public static RawHttp over(Socket socket) {
        try {
            return new RawHttp(socket);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** One request on a connection of its own. */
    public static Answer once(InetSocketAddress address, String request) {
        try (RawHttp http = connect(address)) {
            return http.send(request).read();
        }
    }

    /** Sends the characters as Latin-1 bytes. Nothing is added: line ends are written as {@code \r\n}. */
    public RawHttp send(String text) {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public RawHttp send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
            return this;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** A GET with a Host. */
    public RawHttp get(String target, String... headers) {
        return request("GET", target, headers);
    }

    /** A request without a body, with a Host and these header lines. */
    public RawHttp request(String method, String target, String... headers) {
        return send(head(method, target, headers) + "\r\n");
    }

    /** A request with a Host, these header lines and this body with its length. */
    public RawHttp body(String method, String target, String body, String... headers) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        send(head(method, target, headers) + "Content-Length: " + bytes.length + "\r\n\r\n");
        return send(bytes);
    }

    private static String head(String method, String target, String... headers) {
        var head = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        return head.toString();
    }

    /** Reads an answer to anything but HEAD: by its length, its chunks, or up to the end. */
    public Answer read() {
        Answer head = readHead();
        boolean bodiless = head.status() < 200 || head.status() == 204 || head.status() == 304;
        return bodiless ? head : new Answer(head.status(), head.headers(), readBody(head));
    }

    /** Reads status and headers only: the whole of an answer to HEAD, and of a 101. */
    public Answer readHead() {
        String[] status = readLine().split(" ", 3);
        if (!status[0].equals("HTTP/1.1")) {
            throw new AssertionError("Not an answer: " + String.join(" ", status));
        }
        var headers = new ArrayList<Map.Entry<String, String>>();
        for (String line = readLine(); !line.isEmpty(); line = readLine()) {
            int colon = line.indexOf(':');
            headers.add(Map.entry(
                    line.substring(0, colon), line.substring(colon + 1).strip()));
        }
        return new Answer(Integer.parseInt(status[1]), headers, new byte[0]);
    }

    /** Exactly so many bytes. */
    public byte[] readBytes(int count) {
        try {
            byte[] bytes = in.readNBytes(count);
            if (bytes.length < count) {
                throw new EOFException("The connection ended after " + bytes.length + " of " + count + " bytes");
            }
            return bytes;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Whether anything can be read without waiting. */
    public boolean hasMore() {
        try {
            return in.available() > 0;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Waits for the server to end the connection; false when more bytes come instead. */
    public boolean ended() {
        try {
            return in.read() < 0;
        } catch (SocketException reset) {
            return true;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    public Socket socket() {
        return socket;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private byte[] readBody(Answer head) {
        String length = head.header("Content-Length");
        if (length != null) {
            return readBytes(Integer.parseInt(length));
        }
        if ("chunked".equalsIgnoreCase(head.header("Transfer-Encoding"))) {
            var body = new ByteArrayOutputStream();
            for (int size = chunkSize(); size > 0; size = chunkSize()) {
                body.writeBytes(readBytes(size));
                readLine();
            }
            readLine();
            return body.toByteArray();
        }
        try {
            return in.readAllBytes();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private int chunkSize() {
        return Integer.parseInt(readLine(), 16);
    }

    private String readLine() {
        try {
            var line = new StringBuilder();
            for (int c = in.read(); c != '\n'; c = in.read()) {
                if (c < 0) {
                    throw new EOFException("The connection ended where an answer was expected, after: " + line);
                }
                line.append((char) c);
            }
            return line.substring(0, Math.max(0, line.length() - 1));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** An answer as it came over the wire. */
    @SuppressWarnings("ArrayRecordComponent") // read, never compared
    public record Answer(int status, List<Map.Entry<String, String>> headers, byte[] body) {
        /** The first value, null when absent. */
        public @Nullable String header(String name) {
            for (var header : headers) {
                if (header.getKey().equalsIgnoreCase(name)) {
                    return header.getValue();
                }
            }
            return null;
        }

        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        @Override
        public String toString() {
            return status + " " + headers + " " + text();
        }
    }
}
