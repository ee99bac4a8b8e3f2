package io.tidewire.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A WebSocket client for tests on a plain socket, which can break every rule. It sends exactly what it is told, answers
 * nothing by itself, and fails after five seconds of waiting.
 */
public final class RawWebSocket implements AutoCloseable {
    /** Fixed, so that the server's answer is: the example of RFC 6455, 1.3. */
    public static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    public static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    public static final int CONTINUATION = 0x0;
    public static final int TEXT = 0x1;
    public static final int BINARY = 0x2;
    public static final int CLOSE = 0x8;
    public static final int PING = 0x9;
    public static final int PONG = 0xA;
    public static final int FIN = 0x80;

    private static final int MASKED = 0x80;
    private static final byte[] MASK = {0x1B, (byte) 0xA4, 0x5E, (byte) 0xC7};
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;

    /** A frame as it came: the first byte's bits apart, the payload as sent. */
    @SuppressWarnings("ArrayRecordComponent") // read, never compared
    public record Frame(boolean fin, int rsv, int opcode, boolean masked, byte[] payload) {
        public String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }

        /** Of a close frame; 1005 when it has none. */
        public int closeCode() {
            return payload.length < 2 ? 1005 : ByteBuffer.wrap(payload).getShort() & 0xFFFF;
        }

        public String closeReason() {
            return payload.length < 2 ? "" : new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
        }
    }

    /** The answer to a handshake, header lines as sent. */
    @SuppressWarnings("ArrayRecordComponent") // read, never compared
    public record Reply(int status, List<String> headers, byte[] body) {
        /** The value of the first header of that name, without regard to case; empty when absent. */
        public String header(String name) {
            String start = name.toLowerCase(Locale.ROOT) + ":";
            return headers.stream()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
                    .map(line -> line.substring(start.length()).strip())
                    .findFirst()
                    .orElse("");
        }
    }

    private RawWebSocket(Socket socket) throws IOException {
        this.socket = socket;
        in = new DataInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    /** A connected socket, nothing sent. */
    public static RawWebSocket open(int port) {
        return open(port, 0);
    }

    /** With a receive buffer of that size, so that a client which does not read is noticed early; 0 leaves it alone. */
    public static RawWebSocket open(int port, int receiveBuffer) {
        try {
            Socket socket = new Socket();
            if (receiveBuffer > 0) {
                socket.setReceiveBufferSize(receiveBuffer);
            }
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return new RawWebSocket(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** On a socket that is connected, for example one with TLS. */
    public static RawWebSocket over(Socket socket) {
        try {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            return new RawWebSocket(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As many bytes as one system call gives, but no more than the buffer holds. */
    public int readSome(byte[] buffer) {
        try {
            return in.read(buffer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Connected and upgraded. Extra headers as whole lines, for example {@code "Sec-WebSocket-Protocol: json"}. */
    public static RawWebSocket connect(int port, String target, String... extraHeaders) {
        return open(port).upgrade(target, extraHeaders);
    }

    /** Sends a correct handshake and expects 101. */
    public RawWebSocket upgrade(String target, String... extraHeaders) {
        Reply reply = request("GET " + target + " HTTP/1.1", goodHeaders(extraHeaders));
        assertThat(reply.status()).as("handshake: %s", reply.headers()).isEqualTo(101);
        assertThat(reply.header("Sec-WebSocket-Accept")).isEqualTo(ACCEPT);
        return this;
    }

    /** The header lines of a correct handshake, and these. */
    public static List<String> goodHeaders(String... extra) {
        List<String> lines = new ArrayList<>(List.of(
                "Host: localhost",
                "Connection: Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: " + KEY));
        lines.addAll(List.of(extra));
        return lines;
    }

    /** Sends a request as told and reads the answer to it. */
    public Reply request(String requestLine, List<String> headers) {
        StringBuilder request = new StringBuilder(requestLine).append("\r\n");
        headers.forEach(line -> request.append(line).append("\r\n"));
        raw(request.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        return reply();
    }

    /** Reads the head of an answer, and its body when it has a Content-Length. */
    public Reply reply() {
        try {
            int status = Integer.parseInt(line().split(" ", -1)[1]);
            List<String> headers = new ArrayList<>();
            for (String line = line(); !line.isEmpty(); line = line()) {
                headers.add(line);
            }
            Reply head = new Reply(status, headers, new byte[0]);
            String length = head.header("Content-Length");
            return length.isEmpty() ? head : new Reply(status, headers, in.readNBytes(Integer.parseInt(length)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public RawWebSocket text(String text) {
        return frame(FIN | TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    public RawWebSocket binary(byte... payload) {
        return frame(FIN | BINARY, payload);
    }

    public RawWebSocket ping(byte... payload) {
        return frame(FIN | PING, payload);
    }

    /** A close frame with a code and a reason. */
    public RawWebSocket sendClose(int code, String reason) {
        byte[] bytes = reason.getBytes(StandardCharsets.UTF_8);
        return frame(
                FIN | CLOSE,
                ByteBuffer.allocate(2 + bytes.length)
                        .putShort((short) code)
                        .put(bytes)
                        .array());
    }

    /** A masked frame with this first byte: flags and opcode, legal or not. */
    public RawWebSocket frame(int first, byte... payload) {
        return raw(encode(first, true, payload));
    }

    /** A frame as bytes, to send many at once or in pieces. */
    public static byte[] encode(int first, boolean masked, byte... payload) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream(payload.length + 14);
        frame.writeBytes(header(first, masked, payload.length));
        for (int i = 0; i < payload.length; i++) {
            frame.write(masked ? payload[i] ^ MASK[i & 3] : payload[i]);
        }
        return frame.toByteArray();
    }

    /** Only the header, mask included, of a frame of this length. */
    public static byte[] header(int first, boolean masked, long length) {
        ByteBuffer header = ByteBuffer.allocate(14).put((byte) first);
        int mask = masked ? MASKED : 0;
        if (length < 126) {
            header.put((byte) (mask | (int) length));
        } else if (length <= 0xFFFF) {
            header.put((byte) (mask | 126)).putShort((short) length);
        } else {
            header.put((byte) (mask | 127)).putLong(length);
        }
        if (masked) {
            header.put(MASK);
        }
        return Arrays.copyOf(header.array(), header.position());
    }

    /** Bytes as they are. */
    public RawWebSocket raw(byte... bytes) {
        try {
            out.write(bytes);
            out.flush();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next frame. */
    public Frame read() {
        try {
            int first = in.readUnsignedByte();
            int second = in.readUnsignedByte();
            long length = second & 0x7F;
            if (length == 126) {
                length = in.readUnsignedShort();
            } else if (length == 127) {
                length = in.readLong();
            }
            boolean masked = (second & MASKED) != 0;
            byte[] payload = in.readNBytes(Math.toIntExact(length));
            assertThat(payload.length)
                    .as("payload cut by the end of the stream")
                    .isEqualTo((int) length);
            return new Frame((first & FIN) != 0, (first >> 4) & 7, first & 0xF, masked, payload);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The text of the next frame, which must be a whole text message. */
    public String readText() {
        Frame frame = read();
        assertThat(frame.fin() && frame.opcode() == TEXT)
                .as("a text: %s", frame)
                .isTrue();
        return frame.text();
    }

    /** The next frame, which must be a close frame. */
    public Frame readClose() {
        Frame frame = read();
        assertThat(frame.opcode()).as("opcode of a close frame: %s", frame).isEqualTo(CLOSE);
        return frame;
    }

    /** Reads until the stream ends, in order or by a reset, and returns how many bytes came. */
    public long readToEnd() {
        long total = 0;
        byte[] buffer = new byte[64 * 1024];
        try {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                total += n;
            }
        } catch (SocketTimeoutException e) {
            throw new AssertionError("The server keeps the socket open", e);
        } catch (SocketException reset) {
            return total;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return total;
    }

    /** Expects the stream to end in order, with nothing more in it. */
    public void expectEnd() {
        try {
            assertThat(in.read()).as("end of the stream").isEqualTo(-1);
        } catch (IOException e) {
            throw new AssertionError("The stream should end in order", e);
        }
    }

    /** Ends our direction only. */
    public void shutdownOutput() {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Breaks the connection with a reset. */
    public void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** For what this class does not do. */
    public Socket socket() {
        return socket;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("The stream ended within a line: " + line);
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}
