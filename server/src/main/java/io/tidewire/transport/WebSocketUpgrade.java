package io.tidewire.transport;

import io.netty.channel.Channel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.util.concurrent.FastThreadLocal;
import io.tidewire.http.Budget;
import io.tidewire.http.Exchange;
import io.tidewire.http.Problem;
import io.tidewire.http.Response;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns a request into a WebSocket (RFC 6455, 4.2): checks it, answers 101 and puts a {@link WebSocketWire} in place of
 * HTTP. No extension is offered, permessage-deflate included.
 */
public final class WebSocketUpgrade {
    private static final String WEBSOCKET = "websocket";
    private static final String VERSION = "13";
    /** Sixteen bytes in base64: 22 characters and two of padding. */
    private static final int KEY_CHARS = 22;

    private static final String KEY_PADDING = "==";

    /** What RFC 6455, 1.3 has a server append to the client's key. */
    private static final String ACCEPT_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    /** Looking one up takes longer than what it is for. */
    private static final FastThreadLocal<MessageDigest> SHA1 = new FastThreadLocal<>() {
        @Override
        protected MessageDigest initialValue() throws NoSuchAlgorithmException {
            return MessageDigest.getInstance("SHA-1");
        }
    };

    private final WebSocketSettings settings;
    private final Budget budget;
    private final WriteBufferWaterMark waterMark;

    /**
     * For all WebSockets of one endpoint.
     *
     * @param budget that of the node
     */
    public WebSocketUpgrade(WebSocketSettings settings, Budget budget) {
        this.settings = settings;
        this.budget = budget;
        waterMark = Outbox.waterMark(settings.maxUnsentBytes());
    }

    /** Whether the request asks for a WebSocket at all, rightly or wrongly. */
    public static boolean requested(Exchange exchange) {
        return exchange.headers().containsValue(HttpHeaderNames.UPGRADE, WEBSOCKET, true);
    }

    /** The subprotocols the client offers, in its order of preference. */
    public static List<String> subprotocols(Exchange exchange) {
        List<String> offered = new ArrayList<>();
        for (String header : exchange.headers().getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL)) {
            for (String name : header.split(",", -1)) {
                if (!name.isBlank()) {
                    offered.add(name.strip());
                }
            }
        }
        return offered;
    }

    /**
     * Checks the handshake, for services that want to refuse a bad one before anything else.
     *
     * @throws Problem naming the header that is wrong
     */
    public static void check(Exchange exchange) {
        var _ = checkedKey(exchange);
    }

    /** The client's key, once all else is right, too. */
    private static String checkedKey(Exchange exchange) {
        HttpHeaders headers = exchange.headers();
        if (!exchange.method().equals(HttpMethod.GET)) {
            throw new Problem(
                    405,
                    "Error.WebSocket.MethodNotAllowed",
                    "A WebSocket is opened with GET",
                    List.of(Map.entry("Allow", "GET")));
        }
        if (!requested(exchange)) {
            throw invalid("The Upgrade header must be 'websocket'");
        }
        if (!headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderNames.UPGRADE, true)) {
            throw invalid("The Connection header must contain 'Upgrade'; a proxy in between may have removed it");
        }
        if (!VERSION.equals(only(headers, HttpHeaderNames.SEC_WEBSOCKET_VERSION))) {
            throw new Problem(
                    426,
                    "Error.WebSocket.VersionNotSupported",
                    "The Sec-WebSocket-Version header must be 13",
                    List.of(Map.entry("Sec-WebSocket-Version", VERSION), Map.entry("Upgrade", WEBSOCKET)));
        }
        return key(headers);
    }

    /**
     * Answers 101 and hands the client to the session, whose {@link Session#onOpen} is its first call. When the client has
     * gone by then, the session may never hear of it: register nothing before {@code onOpen}.
     *
     * @param subprotocol one of {@link #subprotocols}; null for none
     * @throws Problem as {@link #check}
     */
    public void accept(Exchange exchange, @Nullable String subprotocol, Session session) {
        String key = checkedKey(exchange);
        Response response = Response.of(101)
                .with("Upgrade", WEBSOCKET)
                .with("Connection", "Upgrade")
                .with("Sec-WebSocket-Accept", accepted(key));
        if (subprotocol != null) {
            response = response.with("Sec-WebSocket-Protocol", subprotocol);
        }
        exchange.upgrade(response, channel -> install(channel, session));
    }

    private void install(Channel channel, Session session) {
        channel.config().setWriteBufferWaterMark(waterMark);
        channel.pipeline().addLast(new WebSocketWire(channel, session, settings, budget));
    }

    private static String key(HttpHeaders headers) {
        String key = only(headers, HttpHeaderNames.SEC_WEBSOCKET_KEY);
        if (key == null || !isKey(key)) {
            throw invalid("The Sec-WebSocket-Key header must be 16 bytes in base64, once");
        }
        return key;
    }

    /** Without decoding it: nobody wants the bytes. */
    private static boolean isKey(String key) {
        if (key.length() != KEY_CHARS + KEY_PADDING.length() || !key.endsWith(KEY_PADDING)) {
            return false;
        }
        for (int i = 0; i < KEY_CHARS; i++) {
            char c = key.charAt(i);
            boolean base64 =
                    (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
            if (!base64) {
                return false;
            }
        }
        return true;
    }

    /** The value of a header that must not be repeated (RFC 6455, 11.3); null when it is absent or repeated. */
    private static @Nullable String only(HttpHeaders headers, CharSequence name) {
        List<String> values = headers.getAll(name);
        return values.size() == 1 ? values.getFirst().strip() : null;
    }

    private static String accepted(String key) {
        byte[] bytes = (key + ACCEPT_SUFFIX).getBytes(StandardCharsets.US_ASCII);
        return Base64.getEncoder().encodeToString(SHA1.get().digest(bytes));
    }

    private static Problem invalid(String message) {
        return new Problem(400, "Error.WebSocket.HandshakeInvalid", message);
    }
}
