package io.tidewire.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonPrimitive;
import com.microsoft.signalr.HubConnectionState;
import com.microsoft.signalr.TransportEnum;
import io.tidewire.compat.JavaApplication.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The vendor's Java client calls a {@link JavaApplication} through the server. */
@ParameterizedClass
@EnumSource(
        value = TransportEnum.class,
        names = {"WEBSOCKETS", "LONG_POLLING"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class VendorJavaClientUpstreamTest {
    private static final String SECOND_KEY = "the-second-key-of-the-java-tests-0123456789";

    @Parameter
    @SuppressWarnings("NullAway.Init") // set before all tests
    private TransportEnum transport;

    /** Null until they have started, and for good if they do not. */
    private @Nullable PackagedServer server;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private JavaApplication application;

    @SuppressWarnings("NullAway.Init") // set before each test
    private HubCaller hub;

    @BeforeAll
    void startServer() throws Exception {
        application = new JavaApplication(PackagedServer.KEY, SECOND_KEY);
        server = PackagedServer.start(
                "java-upstream-" + transport,
                "signalr.keys.secondary=" + SECOND_KEY,
                "signalr.upstream=" + application.upstream());
    }

    @AfterAll
    void stopServer() {
        if (server != null) {
            server.close();
        }
        application.close();
    }

    @BeforeEach
    void newHub() {
        hub = new HubCaller(Objects.requireNonNull(server), "java");
    }

    @AfterEach
    void closeCaller() {
        hub.close();
    }

    @Test
    void aWholeConversationInOrder() throws Exception {
        application.method(
                "shout",
                call -> new JsonPrimitive(call.arguments().get(0).getAsString().toUpperCase(Locale.ROOT)));
        application.method("add", call -> {
            int sum = 0;
            for (var argument : call.arguments()) {
                sum += argument.getAsInt();
            }
            return new JsonPrimitive(sum);
        });
        application.method("list", _ -> {
            JsonArray list = new JsonArray();
            list.add("a");
            list.add("\u00fc");
            return list;
        });
        application.failing("refuse", "not on Sundays: ü");
        application.status("nothing", 204);
        application.status("missing", 404);
        List<Call> calls = new ArrayList<>();
        String id;
        try (var client = VendorClient.start(hub, transport, "ann")) {
            id = client.id();
            var connection = client.connection();
            connection.send("note", "before");
            // Over long polling this client sends without waiting for the request before.
            calls.addAll(application.take(2));
            assertThat(connection
                            .invoke(String.class, "shout", "grüße")
                            .timeout(20, TimeUnit.SECONDS)
                            .blockingGet())
                    .isEqualTo("GRÜSSE");
            assertThat(connection
                            .invoke(Integer.class, "add", 1, 2, 39)
                            .timeout(20, TimeUnit.SECONDS)
                            .blockingGet())
                    .isEqualTo(42);
            assertThat(connection
                            .invoke(String[].class, "list")
                            .timeout(20, TimeUnit.SECONDS)
                            .blockingGet())
                    .containsExactly("a", "ü");
            connection.invoke("nothing").timeout(20, TimeUnit.SECONDS).blockingAwait();
            assertThatThrownBy(() -> connection
                            .invoke("refuse")
                            .timeout(20, TimeUnit.SECONDS)
                            .blockingAwait())
                    .hasMessageContaining("not on Sundays: ü");
            assertThatThrownBy(() -> connection
                            .invoke("missing")
                            .timeout(20, TimeUnit.SECONDS)
                            .blockingAwait())
                    .hasMessageContaining("Invocation failed, status code 404");
            assertThat(connection.getConnectionState()).isEqualTo(HubConnectionState.CONNECTED);
            hub.send("/users/ann", "[\"still here\"]");
            assertThat(client.take(1)).containsExactly("still here");
            connection.stop().blockingAwait();
        }
        calls.addAll(application.take(7));
        List<String> events = new ArrayList<>();
        for (Call call : calls) {
            events.add(call.category() + " " + call.event());
            assertThat(call.connectionId()).isEqualTo(id);
            assertThat(call.user()).isEqualTo("ann");
        }
        assertThat(events)
                .containsExactly(
                        "connections connected",
                        "messages note",
                        "messages shout",
                        "messages add",
                        "messages list",
                        "messages nothing",
                        "messages refuse",
                        "messages missing",
                        "connections disconnected");
    }
}
