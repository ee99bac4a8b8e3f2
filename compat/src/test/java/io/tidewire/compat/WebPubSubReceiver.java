package io.tidewire.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The JDK's WebSocket with the JSON subprotocol, with the frames that it receives kept in order. */
final class WebPubSubReceiver implements AutoCloseable {
    private static final long LIMIT_SECONDS = 20;

    /** How the service ended it. */
    record Close(int code, String reason) {}

    private final HttpClient http = HttpClient.newHttpClient();
    private final BlockingQueue<JsonObject> frames = new LinkedBlockingQueue<>();
    private final CompletableFuture<Close> closed = new CompletableFuture<>();
    private final WebSocket socket;
    private final JsonObject connected;

    WebPubSubReceiver(String url) throws Exception {
        socket = http.newWebSocketBuilder()
                .subprotocols("json.webpubsub.azure.v1")
                .buildAsync(URI.create(url), new Listener())
                .get(LIMIT_SECONDS, TimeUnit.SECONDS);
        connected = take(1).getFirst();
        assertThat(connected.get("event").getAsString()).isEqualTo("connected");
    }

    String id() {
        return connected.get("connectionId").getAsString();
    }

    /** Null for nobody. */
    @Nullable
    String userId() {
        return connected.has("userId") ? connected.get("userId").getAsString() : null;
    }

    /** The next frames, waiting for each. */
    List<JsonObject> take(int count) throws InterruptedException {
        List<JsonObject> taken = new ArrayList<>(count);
        while (taken.size() < count) {
            JsonObject frame = frames.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
            assertThat(frame)
                    .as("frame %d of %d after %s", taken.size() + 1, count, taken)
                    .isNotNull();
            taken.add(frame);
        }
        return taken;
    }

    /** The next messages as {@code group:dataType:data}, without {@code group:} where the service itself sent them. */
    List<String> takeMessages(int count) throws InterruptedException {
        return take(count).stream().map(WebPubSubReceiver::message).toList();
    }

    private static String message(JsonObject frame) {
        assertThat(frame.get("type").getAsString()).as("%s", frame).isEqualTo("message");
        String from = frame.has("group") ? frame.get("group").getAsString() + ":" : "";
        return from + frame.get("dataType").getAsString() + ":" + frame.get("data");
    }

    /** Sends a frame and waits for the ack that it asks for. */
    JsonObject ask(String json) throws Exception {
        socket.sendText(json, true).get(LIMIT_SECONDS, TimeUnit.SECONDS);
        return take(1).getFirst();
    }

    Close close(long seconds) throws Exception {
        return closed.get(seconds, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        socket.abort();
        http.close();
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                frames.add(JsonParser.parseString(text.toString()).getAsJsonObject());
                text.setLength(0);
            }
            webSocket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
            closed.completeExceptionally(new AssertionError("a binary frame"));
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
            closed.complete(new Close(statusCode, reason));
            return null;
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            closed.completeExceptionally(error);
        }
    }
}
