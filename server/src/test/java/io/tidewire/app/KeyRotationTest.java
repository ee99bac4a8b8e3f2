package io.tidewire.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidewire.auth.AccessKeys;
import io.tidewire.auth.HmacAlgorithm;
import io.tidewire.auth.KeySettings;
import io.tidewire.auth.TokenIssuer;
import io.tidewire.config.Profile;
import io.tidewire.config.Settings;
import io.tidewire.config.SettingsLoader;
import io.tidewire.http.RawHttp;
import io.tidewire.transport.RawWebSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Access keys change while the server runs, by writing them into its settings file (rows F13, F14). */
class KeyRotationTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final String OLD = "the-key-that-everybody-has-used-so-far-0001";
    private static final String NEW = "the-key-that-everybody-is-to-use-next-00002";

    @TempDir
    private Path directory;

    private void write(String text) throws IOException {
        Files.writeString(directory.resolve("tidewire.yaml"), text);
    }

    private static String keys(String primary, String secondary) {
        String keys = ":\n  keys:\n    primary: " + primary + "\n"
                + (secondary.isEmpty() ? "" : "    secondary: " + secondary + "\n");
        return "signalr" + keys + "webpubsub" + keys;
    }

    private TestTidewire start() {
        var server = TestTidewire.with()
                .set("signalr.keys.primary=" + OLD, "webpubsub.keys.primary=" + OLD)
                .start();
        Path file = directory.resolve("tidewire.yaml");
        server.server()
                .watchKeys(
                        () -> SettingsLoader.load(Profile.SERVE, Optional.of(file), Map.of(), List.of())
                                .settings(),
                        Duration.ofMillis(20));
        return server;
    }

    private static int send(TestTidewire server, TokenIssuer issuer) {
        return RawHttp.once(
                        server.address(),
                        "POST /api/v1/hubs/chat HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                                + "Content-Type: application/json\r\nContent-Length: 14\r\nAuthorization: Bearer "
                                + issuer.issue("http://localhost/api/v1/hubs/chat", HOUR, List.of())
                                + "\r\n\r\n{\"target\":\"t\"}")
                .status();
    }

    private static int connect(TestTidewire server, TokenIssuer issuer) {
        try (RawWebSocket socket = RawWebSocket.open(server.port())) {
            String bearer =
                    "Authorization: Bearer " + issuer.issue("http://localhost/client/?hub=chat", HOUR, List.of());
            return socket.request("GET /client/?hub=chat HTTP/1.1", RawWebSocket.goodHeaders(bearer))
                    .status();
        }
    }

    @Test
    void keysMoveUnderTrafficAndNobodyIsTurnedAway() throws Exception {
        write(keys(OLD, ""));
        try (var server = start()) {
            var key = new AtomicReference<>(OLD);
            var end = new AtomicBoolean();
            var done = new AtomicInteger();
            Queue<Integer> unexpected = new ConcurrentLinkedQueue<>();
            List<Thread> traffic = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                boolean calls = i % 2 == 0;
                traffic.add(Thread.startVirtualThread(() -> {
                    while (!end.get()) {
                        var issuer = TestTidewire.issuer(Objects.requireNonNull(key.get()));
                        int status = calls ? send(server, issuer) : connect(server, issuer);
                        if (status != (calls ? 202 : 101)) {
                            unexpected.add(status);
                        }
                        done.incrementAndGet();
                    }
                }));
            }
            goOn(done);
            write(keys(OLD, NEW)); // first everybody must know the new key
            await().until(() -> send(server, TestTidewire.issuer(NEW)) == 202);
            goOn(done);
            write(keys(NEW, OLD)); // then the callers move, one after the other
            goOn(done);
            key.set(NEW);
            goOn(done);
            write(keys(NEW, "")); // at last the old key ends
            await().until(() -> send(server, TestTidewire.issuer(OLD)) == 401);
            goOn(done);
            end.set(true);
            for (Thread thread : traffic) {
                assertThat(thread.join(Duration.ofSeconds(10))).isTrue();
            }
            assertThat(unexpected).isEmpty();
            assertThat(connect(server, TestTidewire.issuer(OLD))).isEqualTo(401);
        }
    }

    private static void goOn(AtomicInteger done) {
        int before = done.get();
        await().until(() -> done.get() > before + 30);
    }

    @Test
    void eachServiceHasItsOwnKeys() throws Exception {
        write(keys(OLD, ""));
        try (var server = start()) {
            write(keys(OLD, "").replaceFirst("(?s)(webpubsub.*)" + OLD, "$1" + NEW));
            await().until(() -> verifies(server.webPubSub(), NEW));
            assertThat(verifies(server.webPubSub(), OLD)).isFalse();
            assertThat(verifies(server.signalr(), OLD)).isTrue();
            write(keys(NEW, "").replaceFirst("(?s)webpubsub.*", ""));
            await().until(() -> server.metric("tidewire_settings_refused_total") == 1);
            assertThat(verifies(server.signalr(), OLD)).as("all or nothing").isTrue();
        }
    }

    private static boolean verifies(Service service, String key) {
        byte[] data = {1};
        byte[] signature = new AccessKeys("test.keys", new KeySettings(key, null)).sign(HmacAlgorithm.HS256, data);
        return service.foundation().keys().verify(HmacAlgorithm.HS256, data, signature);
    }

    @Test
    void halfAFileIsNotTakenForTheWhole() throws Exception {
        var keys = new AccessKeys("signalr.keys", new KeySettings(OLD, null));
        byte[] data = {1};
        byte[] byOld = keys.sign(HmacAlgorithm.HS256, data);
        Settings cut = TestTidewire.with().set("signalr.keys.primary=" + NEW).settings();
        Settings whole = TestTidewire.with()
                .set("signalr.keys.primary=" + NEW, "signalr.keys.secondary=" + OLD)
                .settings();
        var looks = new AtomicInteger();
        var gap = new AtomicBoolean();
        var watched = new KeyWatch.Watched(
                "signalr", keys, new KeySettings(OLD, null), it -> it.signalr().keys());
        try (var _ = new KeyWatch(
                () -> {
                    gap.compareAndSet(false, !keys.verify(HmacAlgorithm.HS256, data, byOld));
                    return looks.getAndIncrement() == 0 ? cut : whole;
                },
                List.of(watched),
                new LongAdder(),
                Duration.ofMillis(5))) {
            byte[] byNew = new AccessKeys("test.keys", new KeySettings(NEW, null)).sign(HmacAlgorithm.HS256, data);
            await().until(() -> looks.get() > 3 && keys.verify(HmacAlgorithm.HS256, data, byNew));
            assertThat(gap).isFalse();
        }
    }

    @Test
    void aFileThatCannotBeUsedChangesNothingAndIsToldOnce() throws Exception {
        write(keys(OLD, ""));
        try (var server = start()) {
            write(keys("too-short", ""));
            await().until(() -> server.metric("tidewire_settings_refused_total") == 1);
            assertThat(send(server, TestTidewire.issuer(OLD))).isEqualTo(202);
            write("signalr: [not what it should be");
            await().until(() -> server.metric("tidewire_settings_refused_total") == 2);
            assertThat(send(server, TestTidewire.issuer(OLD))).isEqualTo(202);
            write(keys(NEW, ""));
            await().until(() -> send(server, TestTidewire.issuer(NEW)) == 202);
            assertThat(server.metric("tidewire_settings_refused_total")).isEqualTo(2);
        }
    }
}
