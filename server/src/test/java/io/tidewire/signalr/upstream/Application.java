package io.tidewire.signalr.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tidewire.app.TestTidewire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * An application that is called as an upstream. Checks of each call what the vendor's extension for its functions checks, and
 * that a connection never has two calls at a time; {@link #close} fails when a check did.
 */
final class Application implements AutoCloseable {
    static final String JSON = "application/json";

    /**
     * What came.
     *
     * @param uri raw path and query
     * @param headers by lower-case name
     */
    @SuppressWarnings("ArrayRecordComponent") // read, never compared
    record Request(String uri, Map<String, List<String>> headers, byte[] body) {
        /** The first value, which is all that the vendor's extension reads; null when there is none. */
        @Nullable
        String header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream()
                    .findFirst()
                    .orElse(null);
        }

        String event() {
            return String.valueOf(header("X-ASRS-Event"));
        }

        String connection() {
            return String.valueOf(header("X-ASRS-Connection-Id"));
        }

        String text() {
            return new String(body, UTF_8);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // sent, never compared
    record Answer(int status, @Nullable String contentType, byte[] body, Map<String, String> headers) {
        static Answer of(int status) {
            return new Answer(status, null, new byte[0], Map.of());
        }

        static Answer json(String body) {
            return new Answer(200, JSON, body.getBytes(UTF_8), Map.of());
        }

        static Answer of(int status, @Nullable String contentType, String body) {
            return new Answer(status, contentType, body.getBytes(UTF_8), Map.of());
        }
    }

    private final HttpServer http;
    private final Function<Request, Answer> behaviour;
    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    private final ConcurrentHashMap<String, AtomicInteger> underWay = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> broken = new ConcurrentLinkedQueue<>();
    private final String key;

    private Application(Function<Request, Answer> behaviour, String key) {
        this.behaviour = behaviour;
        this.key = key;
        try {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.createContext("/", this::handle);
        http.start();
    }

    static Application that(Function<Request, Answer> behaviour) {
        return new Application(behaviour, TestTidewire.KEY);
    }

    /** That knows one key of the service. */
    static Application thatKnows(String key) {
        return new Application(_ -> Answer.of(200), key);
    }

    /** That answers everything with an empty 200. */
    static Application content() {
        return that(_ -> Answer.of(200));
    }

    String url(String path) {
        return "http://127.0.0.1:" + http.getAddress().getPort() + path;
    }

    /** The next call. */
    Request next() {
        try {
            Request request = requests.poll(10, TimeUnit.SECONDS);
            assertThat(request).as("a call of the application").isNotNull();
            return request;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The next call, which must be for that event. */
    Request next(String event) {
        Request request = next();
        assertThat(request.event()).isEqualTo(event);
        return request;
    }

    /** Calls that came and were not taken. */
    int more() {
        return requests.size();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Map<String, List<String>> headers = new TreeMap<>();
            exchange.getRequestHeaders()
                    .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), List.copyOf(values)));
            var request = new Request(
                    exchange.getRequestURI().toString(),
                    headers,
                    exchange.getRequestBody().readAllBytes());
            check(exchange.getRequestMethod(), request);
            AtomicInteger calls = underWay.computeIfAbsent(request.connection(), _ -> new AtomicInteger());
            if (calls.incrementAndGet() > 1) {
                broken.add("two calls at a time for " + request.connection());
            }
            requests.add(request);
            Answer answer = behaviour.apply(request);
            calls.decrementAndGet();
            if (answer.contentType() != null) {
                exchange.getResponseHeaders().set("Content-Type", answer.contentType());
            }
            answer.headers().forEach(exchange.getResponseHeaders()::set);
            exchange.sendResponseHeaders(answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
            exchange.getResponseBody().write(answer.body());
        } catch (IOException gone) {
            // The caller gave up.
        }
    }

    private void check(String method, Request request) {
        request.headers().forEach((name, values) -> {
            if (name.startsWith("x-asrs-") && values.size() != 1) {
                broken.add(name + " comes " + values.size() + " times");
            }
        });
        boolean signed = List.of(
                        String.valueOf(request.header("X-ASRS-Signature")).split(","))
                .stream()
                .anyMatch(one -> one.equalsIgnoreCase("sha256=" + hmac(key, request.connection())));
        if (!signed) {
            broken.add("not signed: " + request);
        }
        if (!method.equals("POST")
                || request.header("X-ASRS-Hub") == null
                || request.header("X-ASRS-Category") == null
                || request.header("Cookie") != null
                || request.header("Authorization") != null) {
            broken.add(method + " " + request);
        }
    }

    static String hmac(String key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getBytes(UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(UTF_8)));
        } catch (java.security.GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        http.stop(0);
        assertThat(broken).isEmpty();
    }
}
