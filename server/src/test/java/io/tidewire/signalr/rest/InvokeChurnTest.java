package io.tidewire.signalr.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.tidewire.http.RawHttp;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Clients that answer, fail, keep silent, leave in the middle or answer what nobody asked, and callers that wait or leave. Each
 * caller that waits is answered once, and nothing is left behind.
 */
class InvokeChurnTest {
    private static final long SEED = 20_251_124;
    private static final int CLIENTS = 16;
    private static final int CALLERS = 8;
    private static final int CALLS = 60;
    private static final String PLANTED = "a planted leak";
    private static final Pattern ID = Pattern.compile("\"invocationId\":\"([^\"]+)\"");
    private static final String ASK = "{\"target\":\"t\",\"arguments\":[\"" + "x".repeat(2000) + "\"]}";

    private final Set<String> leaks = ConcurrentHashMap.newKeySet();
    private final Map<Integer, LongAdder> statuses = new ConcurrentHashMap<>();

    @AfterEach
    void stopListening() {
        ByteBufUtil.setLeakListener(null);
    }

    @Test
    void eachCallerIsAnsweredAndNothingIsLeft() throws Exception {
        ByteBufUtil.setLeakListener((type, records) -> leaks.add(records));
        String hub = RestServer.newHub();
        try (RestServer server = RestServer.setup()
                        .set("signalr.client.invocationTimeout=500ms", "signalr.client.maxPendingInvocations=4")
                        .start();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<HubClient> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                HubClient client = i % 2 == 0 ? server.json(hub, null) : server.messagePack(hub, null);
                clients.add(client);
                var random = new Random(SEED + i);
                boolean leaves = i % 4 == 3;
                var _ = threads.submit(() -> behave(client, random, leaves));
            }
            List<Future<?>> callers = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                var random = new Random(SEED - 1 - i);
                callers.add(threads.submit(() -> call(server, hub, clients, random)));
            }
            for (Future<?> caller : callers) {
                caller.get(60, TimeUnit.SECONDS);
            }
            assertThat(statuses.keySet()).isSubsetOf(200, 400, 404, 429, 504).contains(200, 400, 504);
            clients.forEach(HubClient::close);
            await().untilAsserted(() ->
                    assertThat(server.metric("tidewire_buffered_bytes")).isZero());
        }
        ByteBufAllocator.DEFAULT.buffer(16).touch(PLANTED);
        await().untilAsserted(() -> {
            System.gc();
            ByteBufAllocator.DEFAULT.buffer(16).release(); // a new one makes the detector look at what was collected
            assertThat(leaks).anyMatch(leak -> leak.contains(PLANTED));
        });
        assertThat(leaks).allMatch(leak -> leak.contains(PLANTED));
    }

    private void call(RestServer server, String hub, List<HubClient> clients, Random random) {
        RawHttp http = RawHttp.connect(server.address());
        try {
            for (int i = 0; i < CALLS; i++) {
                String id = clients.get(random.nextInt(CLIENTS)).id();
                http.send(server.request(
                        "POST",
                        "/api/hubs/" + hub + "/connections/" + id + "/:invoke",
                        "application/json",
                        ASK.getBytes(UTF_8)));
                if (random.nextInt(10) == 0) {
                    http.close();
                    http = RawHttp.connect(server.address());
                } else {
                    statuses.computeIfAbsent(http.read().status(), _ -> new LongAdder())
                            .increment();
                }
            }
        } finally {
            http.close();
        }
    }

    /** JSON clients answer with JSON; the id of a MessagePack question starts behind its headers, as in {@code A A 'id'}. */
    private static void behave(HubClient client, Random random, boolean leaves) {
        try {
            for (int i = 0; ; i++) {
                String question = client.next();
                Matcher json = ID.matcher(question);
                boolean isJson = json.find();
                switch (random.nextInt(leaves && i > 5 ? 7 : 6)) {
                    case 0, 1, 2 -> {
                        if (isJson) {
                            client.say("{\"type\":3,\"invocationId\":\"" + json.group(1) + "\",\"result\":[1]}");
                        } else {
                            client.say("95 03 80 " + packedId(question) + " 03 91 01");
                        }
                    }
                    case 3 -> {
                        if (isJson) {
                            client.say("{\"type\":3,\"invocationId\":\"" + json.group(1) + "\",\"error\":\"no\"}");
                        } else {
                            client.say("95 03 80 " + packedId(question) + " 01 A2 'no'");
                        }
                    }
                    case 4 -> {} // keeps silent
                    case 5 ->
                        client.say(
                                isJson
                                        ? "{\"type\":3,\"invocationId\":\"tidewire-999\",\"result\":1}"
                                        : "94 03 80 A1 'x' 02");
                    default -> {
                        client.leave();
                        return;
                    }
                }
            }
        } catch (UncheckedIOException | AssertionError ended) {
            // The test is over.
        }
    }

    /** The length, then "tidewire-" and digits, out of the hexadecimal digits of the whole message. */
    private static String packedId(String question) {
        int at = question.indexOf("746964657769726") - 2; // 'tidewir...
        int length = Integer.parseInt(question.substring(at, at + 2), 16) - 0xA0;
        return question.substring(at, at + 2 + 2 * length);
    }
}
