package io.tidewire.cli;

import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A service of the wire reference, small and strict: negotiate, WebSocket and the REST calls the commands make. It knows nothing of the
 * code under test and checks each token with a library of its own.
 */
final class FakeService implements RunningServer {
    static final String KEY = "a-key-of-the-tests-that-is-long-enough-for-hs256";

    /** An answer the service gives instead of its own. */
    record Scripted(int status, Map<String, String> headers, String body) {}

    /** A connected client. */
    record Peer(String user, HttpWire wire, List<String> received) {
        void send(String text) {
            frame(0x81, text.getBytes(StandardCharsets.UTF_8));
        }

        void frame(int first, byte[] payload) {
            try {
                wire.writeFrame(first, payload);
            } catch (IOException gone) {
                // As a server: a client may leave at any time.
            }
        }

        void drop() {
            try {
                wire.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    final List<HttpWire.Request> requests = new CopyOnWriteArrayList<>();
    final List<Peer> peers = new CopyOnWriteArrayList<>();
    /** What is wrong with the tokens that came; a test that expects none looks here. */
    final List<String> badTokens = new CopyOnWriteArrayList<>();

    /** Not served unless a test says so. */
    volatile Optional<String> webPubSub = Optional.empty();

    volatile String handshakeAnswer = "{}";
    volatile Function<HttpWire.Request, @Nullable Scripted> script = _ -> null;

    private final Map<String, Set<String>> groups = new ConcurrentHashMap<>();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final ServerSocket door;
    private final CountDownLatch stopped = new CountDownLatch(1);

    FakeService() {
        try {
            door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                var socket = door.accept();
                sockets.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            var wire = new HttpWire(socket);
            for (var request = wire.readRequest(); request != null; request = wire.readRequest()) {
                requests.add(request);
                var answer = script.apply(request);
                if (answer == null && request.headers().containsKey("sec-websocket-key")) {
                    webSocket(wire, request);
                    return;
                }
                var given = answer == null ? answer(request) : answer;
                wire.writeResponse(
                        given.status(),
                        given.headers(),
                        given.body(),
                        !request.method().equals("HEAD"));
            }
        } catch (IOException gone) {
            // The client left.
        }
    }

    private void webSocket(HttpWire wire, HttpWire.Request request) throws IOException {
        if (!authorised(request, "/client/")) {
            wire.writeResponse(401, Map.of(), "", true);
            return;
        }
        wire.writeResponse(
                101,
                Map.of(
                        "Upgrade", "websocket",
                        "Connection", "Upgrade",
                        "Sec-WebSocket-Accept",
                                HttpWire.accept(request.headers().getOrDefault("sec-websocket-key", ""))),
                "",
                false);
        var peer = new Peer(user(request), wire, new CopyOnWriteArrayList<>());
        try {
            for (var text = wire.readFrame(); text != null; text = wire.readFrame()) {
                boolean first = peer.received().isEmpty();
                peer.received().add(text);
                if (first) {
                    // The wire's own lock: whoever sees the peer in the list sends after the handshake's answer.
                    synchronized (wire) {
                        peers.add(peer);
                        peer.send(handshakeAnswer + "\u001e");
                    }
                }
            }
        } finally {
            peers.remove(peer);
        }
    }

    private Scripted answer(HttpWire.Request request) {
        var path = request.path();
        if (path.equals("/readyz")) {
            return plain(200, "ready");
        }
        if (path.equals("/client/negotiate")) {
            return authorised(request, "/client/") ? plain(200, """
                            {"negotiateVersion":1,"connectionId":"public","connectionToken":"se+cret","availableTransports":\
                            [{"transport":"WebSockets","transferFormats":["Text","Binary"]}]}""") : plain(401, "");
        }
        if (!authorised(request, path)) {
            return plain(401, "");
        }
        var parts = List.of(path.split("/", -1)).stream()
                .map(part -> URLDecoder.decode(part, StandardCharsets.UTF_8))
                .toList();
        boolean dated = !path.startsWith("/api/v1/");
        return rest(request, dated, parts.subList(dated ? 4 : 5, parts.size()));
    }

    /** @param rest the segments after the hub */
    private Scripted rest(HttpWire.Request request, boolean dated, List<String> rest) {
        var what =
                request.method() + " " + String.join("/", rest.stream().limit(1).toList());
        if (dated && rest.getLast().equals(":closeConnections")) {
            peers.forEach(peer -> peer.send(
                    "{\"type\":7,\"error\":\"" + request.query().replaceFirst(".*reason=", "") + "\"}\u001e"));
            return plain(204, "");
        }
        return switch (what) {
            case "POST " -> call(peers, request);
            case "POST users" -> call(usersPeers(rest.get(1)), request);
            case "POST groups" ->
                call(
                        peers.stream()
                                .filter(peer -> groups.getOrDefault(rest.get(1), Set.of())
                                        .contains(peer.user()))
                                .toList(),
                        request);
            case "HEAD users" ->
                usersPeers(rest.get(1)).isEmpty()
                        ? new Scripted(404, Map.of("x-ms-error-code", "Warning.User.NotExisted"), "")
                        : plain(200, "");
            case "POST connections" -> plain(202, "");
            case "PUT groups" -> {
                groups.computeIfAbsent(rest.get(1), _ -> ConcurrentHashMap.newKeySet())
                        .add(rest.get(3));
                yield plain(202, "");
            }
            default -> plain(200, "");
        };
    }

    private Scripted call(List<Peer> to, HttpWire.Request request) {
        to.forEach(peer -> peer.send("{\"type\":1," + request.body().substring(1) + "\u001e"));
        return plain(202, "");
    }

    private List<Peer> usersPeers(String user) {
        return peers.stream().filter(peer -> peer.user().equals(user)).toList();
    }

    static Scripted plain(int status, String body) {
        return new Scripted(status, Map.of("Content-Type", "text/plain"), body);
    }

    private boolean authorised(HttpWire.Request request, String audiencePath) {
        try {
            var jwt = SignedJWT.parse(
                    request.headers().getOrDefault("authorization", "").replaceFirst("^Bearer ", ""));
            var audience = URI.create(jwt.getJWTClaimsSet().getAudience().getFirst());
            // A client's names its hub, a caller's nothing behind the path.
            var query = audiencePath.equals("/client/") ? "hub=chat|hub=selftest" : "null";
            if (jwt.verify(new MACVerifier(KEY))
                    && audience.getRawPath().equals(audiencePath)
                    && String.valueOf(audience.getRawQuery()).matches(query)) {
                return true;
            }
            badTokens.add(request.target() + " with " + jwt.getPayload());
        } catch (ParseException | com.nimbusds.jose.JOSEException | RuntimeException e) {
            badTokens.add(request.target() + ": " + e);
        }
        return false;
    }

    private static String user(HttpWire.Request request) {
        try {
            var token = request.headers().getOrDefault("authorization", "").replaceFirst("^Bearer ", "");
            return String.valueOf(SignedJWT.parse(token).getJWTClaimsSet().getStringClaim("nameid"));
        } catch (ParseException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public List<String> describe() {
        return List.of("SignalR  " + admin());
    }

    String connectionString() {
        return "Endpoint=http://127.0.0.1;Port=" + door.getLocalPort() + ";AccessKey=" + KEY + ";Version=1.0;";
    }

    @Override
    public Optional<String> signalr() {
        return Optional.of(connectionString());
    }

    @Override
    public Optional<String> webPubSub() {
        return webPubSub;
    }

    @Override
    public URI admin() {
        return URI.create("http://127.0.0.1:" + door.getLocalPort());
    }

    @Override
    public void awaitStop() throws InterruptedException {
        stopped.await();
    }

    @Override
    public void close() {
        try {
            door.close();
            for (var socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        stopped.countDown();
    }
}
