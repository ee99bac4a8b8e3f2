package io.tidewire.webpubsub.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * An application with an event handler. Checks of each call what the vendor's middleware checks, and that a connection never has two
 * calls at a time; {@link #close} fails when a check did. Validations are answered with {@code *} unless it is told otherwise.
 */
final class Application implements AutoCloseable {
    static final String KEY = "a-test-key-that-is-long-enough-for-HS256-with-some-to-spare";
    static final Answer WELCOME = Answer.of(200).with("WebHook-Allowed-Origin", "*");

    /**
     * What came.
     *
     * @param uri raw path and query
     * @param headers by lower-case name
     */
    @SuppressWarnings("ArrayRecordComponent") // read, never compared
    record Request(String method, String uri, Map<String, List<String>> headers, byte[] body) {
        @Nullable
        String header(String name) {
            List<String> values = headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
            assertThat(values).as(name).hasSizeLessThan(2);
            return values.isEmpty() ? null : values.getFirst();
        }

        String event() {
            return String.valueOf(header("ce-eventName"));
        }

        String text() {
            return new String(body, UTF_8);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // sent, never compared
    record Answer(int status, byte[] body, List<Map.Entry<String, String>> headers) {
        static Answer of(int status) {
            return new Answer(status, new byte[0], List.of());
        }

        static Answer json(String body) {
            return of(200, "application/json; charset=utf-8", body);
        }

        static Answer of(int status, String contentType, String body) {
            return of(status).body(body).with("Content-Type", contentType);
        }

        Answer body(String text) {
            return new Answer(status, text.getBytes(UTF_8), headers);
        }

        Answer with(String name, String value) {
            var more = new ArrayList<>(headers);
            more.add(Map.entry(name, value));
            return new Answer(status, body, more);
        }
    }

    private final HttpServer http;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Function<Request, Answer> behaviour;
    private final Function<Request, Answer> validation;
    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    private final ConcurrentHashMap<String, AtomicInteger> underWay = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> broken = new ConcurrentLinkedQueue<>();
    final BlockingQueue<Request> validations = new LinkedBlockingQueue<>();

    private Application(Function<Request, Answer> behaviour, Function<Request, Answer> validation) {
        this.behaviour = behaviour;
        this.validation = validation;
        try {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        http.setExecutor(threads);
        http.createContext("/", this::handle);
        http.start();
    }

    static Application that(Function<Request, Answer> behaviour) {
        return new Application(behaviour, _ -> WELCOME);
    }

    /** That answers everything with 204. */
    static Application content() {
        return that(_ -> Answer.of(204));
    }

    static Application validatedBy(Function<Request, Answer> validation) {
        return new Application(_ -> Answer.of(204), validation);
    }

    String url(String path) {
        return "http://127.0.0.1:" + http.getAddress().getPort() + path;
    }

    /** The next call, validations left out. */
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
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    headers,
                    exchange.getRequestBody().readAllBytes());
            Answer answer;
            if (request.method.equals("POST")) {
                check(request);
                AtomicInteger calls = underWay.computeIfAbsent(
                        String.valueOf(request.header("ce-connectionId")), _ -> new AtomicInteger());
                if (calls.incrementAndGet() > 1) {
                    broken.add("two calls at a time for " + request);
                }
                requests.add(request);
                answer = behaviour.apply(request);
                calls.decrementAndGet();
            } else {
                validations.add(request);
                answer = validation.apply(request);
            }
            answer.headers().forEach(header -> exchange.getResponseHeaders().add(header.getKey(), header.getValue()));
            exchange.sendResponseHeaders(answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
            exchange.getResponseBody().write(answer.body());
        } catch (IOException gone) {
            // The caller gave up.
        }
    }

    private void check(Request request) {
        String id = String.valueOf(request.header("ce-connectionId"));
        boolean signed = List.of(String.valueOf(request.header("ce-signature")).split(","))
                .contains("sha256=" + hmac(KEY, id));
        if (!signed
                || request.header("WebHook-Request-Origin") == null
                || !"1.0".equals(request.header("ce-awpsversion"))
                || !"1.0".equals(request.header("ce-specversion"))
                || request.header("ce-hub") == null
                || request.header("ce-eventName") == null
                || !String.valueOf(request.header("ce-source"))
                        .equals("/hubs/" + request.header("ce-hub") + "/client/" + id)
                || !String.valueOf(request.header("ce-time")).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ")) {
            broken.add(request.toString());
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
        threads.shutdownNow();
        assertThat(broken).isEmpty();
    }
}
