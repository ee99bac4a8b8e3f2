package io.tidewire.compat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A serverless application on the JDK's own HTTP server: sends its clients on to the service, and takes what the service
 * posts to {@code /hooks}. What is not signed with every one of its keys is refused.
 */
final class JavaApplication implements AutoCloseable {
    private static final long LIMIT_SECONDS = 20;

    /** Something that happened to a client, as it was told. */
    record Call(
            String connectionId,
            String category,
            String event,
            @Nullable String user,
            JsonObject message) {
        JsonArray arguments() {
            return message.getAsJsonArray("arguments");
        }
    }

    private record Answer(int status, String body) {}

    private final ConcurrentMap<String, Function<Call, Answer>> methods = new ConcurrentHashMap<>();
    private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> problems = new LinkedBlockingQueue<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    private final List<String> keys;

    JavaApplication(String... keys) throws IOException {
        this.keys = List.of(keys);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/hooks/", this::hook);
        server.start();
    }

    /** Where clients negotiate, without {@code /negotiate}. */
    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** As the setting {@code signalr.upstream} wants it. */
    String upstream() {
        return url() + "/hooks/{hub}/{category}/{event}";
    }

    /** Sends those who negotiate on to a service. */
    void sendOn(Supplier<String> clientUrl, Supplier<String> token) {
        server.createContext("/negotiate", exchange -> {
            JsonObject answer = new JsonObject();
            answer.addProperty("url", clientUrl.get());
            answer.addProperty("accessToken", token.get());
            exchange.getRequestBody().readAllBytes();
            reply(exchange, new Answer(200, answer.toString()));
        });
    }

    /** A method with a result. */
    void method(String event, Function<Call, JsonElement> body) {
        methods.put(event, call -> completion(call, "result", body.apply(call)));
    }

    /** A method that fails with these words. */
    void failing(String event, String error) {
        methods.put(event, call -> completion(call, "error", new JsonPrimitive(error)));
    }

    /** A method that is answered with a status and nothing else. */
    void status(String event, int status) {
        methods.put(event, _ -> new Answer(status, ""));
    }

    /** The next calls, in order; fails when one was refused. */
    List<Call> take(int count) throws InterruptedException {
        List<Call> taken = new ArrayList<>();
        while (taken.size() < count) {
            Call call = calls.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
            assertThat(problems).as("refused calls").isEmpty();
            assertThat(call)
                    .as("call %d of %d after %s", taken.size() + 1, count, taken)
                    .isNotNull();
            taken.add(call);
        }
        return taken;
    }

    private void hook(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        String problem = misfit(exchange);
        if (problem != null) {
            problems.add(problem);
            reply(exchange, new Answer(401, problem));
            return;
        }
        Call call = new Call(
                header(exchange, "X-ASRS-Connection-Id"),
                header(exchange, "X-ASRS-Category"),
                header(exchange, "X-ASRS-Event"),
                exchange.getRequestHeaders().getFirst("X-ASRS-User-Id"),
                JsonParser.parseString(body).getAsJsonObject());
        calls.add(call);
        reply(
                exchange,
                methods.getOrDefault(call.event(), _ -> new Answer(200, "")).apply(call));
    }

    /** Why a request is none of the service's; null when it is. */
    private @Nullable String misfit(HttpExchange exchange) throws IOException {
        for (Map.Entry<String, List<String>> header :
                exchange.getRequestHeaders().entrySet()) {
            if (header.getValue().size() > 1) {
                return header.getKey() + " was sent " + header.getValue().size() + " times";
            }
        }
        List<String> signatures = new ArrayList<>();
        for (String key : keys) {
            signatures.add("sha256=" + sign(key, header(exchange, "X-ASRS-Connection-Id")));
        }
        String given = header(exchange, "X-ASRS-Signature");
        return given.equalsIgnoreCase(String.join(",", signatures)) ? null : "signed " + given + ", not " + signatures;
    }

    private static String header(HttpExchange exchange, String name) {
        String value = exchange.getRequestHeaders().getFirst(name);
        return value == null ? "" : value;
    }

    private static String sign(String key, String connectionId) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getBytes(UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(connectionId.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Framed as the vendor's own bindings frame it: one JSON object and a record separator. */
    private static Answer completion(Call call, String member, JsonElement value) {
        JsonObject completion = new JsonObject();
        completion.addProperty("type", 3);
        completion.add("invocationId", call.message().get("invocationId"));
        completion.add(member, value);
        return new Answer(200, completion + "\u001e");
    }

    private static void reply(HttpExchange exchange, Answer answer) throws IOException {
        byte[] body = answer.body().getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
