package io.tidewire.signalr.client;

import static io.tidewire.signalr.client.HubClient.ACCEPTED;
import static io.tidewire.signalr.client.HubClient.END;
import static io.tidewire.signalr.client.HubClient.JSON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidewire.app.TestTidewire;
import io.tidewire.auth.Claim;
import io.tidewire.http.RawHttp;
import io.tidewire.transport.RawEventStream;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A SignalR client without a WebSocket, over raw HTTP: it sends with POST, and receives as its kind does. It says only what it is told to.
 */
abstract sealed class PostingClient implements AutoCloseable {
    final TestTidewire server;
    final String connectionId;
    /** Path and query with which this client is found. */
    final String target;

    final String authorization;
    private final RawHttp posts;
    private final Queue<String> read = new ArrayDeque<>();

    private PostingClient(TestTidewire server, String hub, Claim... claims) {
        this.server = server;
        HubClient.Negotiated negotiated = HubClient.negotiated(server, hub, claims);
        this.connectionId = negotiated.connectionId();
        this.target = HubClient.target(hub) + "&id=" + negotiated.token();
        this.authorization = server.bearer(hub, claims);
        this.posts = RawHttp.connect(server.address());
    }

    /** One that reads a stream of events, without a handshake. */
    static Streaming streaming(TestTidewire server, String hub, Claim... claims) {
        return new Streaming(server, hub, claims);
    }

    /** One that polls and has polled once, without a handshake. */
    static Polling polling(TestTidewire server, String hub, Claim... claims) {
        return new Polling(server, hub, claims);
    }

    /** Reads what has come; null at the end. */
    abstract @Nullable String receive();

    RawHttp.Answer post(String body) {
        return posts.body("POST", target, body, authorization, "Content-Type: text/plain;charset=UTF-8")
                .read();
    }

    PostingClient shakeHands() {
        assertThat(post(JSON).status()).isEqualTo(200);
        assertThat(next() + END).isEqualTo(ACCEPTED);
        return this;
    }

    /** Sends hub messages in one body. */
    void send(String... messages) {
        RawHttp.Answer answer = post(String.join(END, messages) + END);
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
    }

    /** The next hub message that is not a ping. */
    String next() {
        while (true) {
            String message = read.poll();
            if (message == null) {
                String text = Objects.requireNonNull(receive(), "the end came before a message");
                assertThat(text).endsWith(END);
                for (String one : text.substring(0, text.length() - 1).split(END, -1)) {
                    read.add(one);
                }
            } else if (!message.equals(HubClient.PING)) {
                return message;
            }
        }
    }

    void expectEnd() {
        assertThat(read).isEmpty();
        assertThat(receive()).isNull();
    }

    @Override
    public void close() {
        posts.close();
    }

    static final class Streaming extends PostingClient {
        final RawEventStream stream;

        private Streaming(TestTidewire server, String hub, Claim... claims) {
            super(server, hub, claims);
            stream = RawEventStream.open(RawHttp.connect(server.address()), target, authorization);
            assertThat(stream.head().status()).as("%s", stream.head()).isEqualTo(200);
        }

        @Override
        @Nullable
        String receive() {
            return stream.next();
        }

        @Override
        public void close() {
            super.close();
            stream.close();
        }
    }

    static final class Polling extends PostingClient {
        final RawHttp polls;
        private final RawHttp second;
        final RawHttp.Answer first;

        private Polling(TestTidewire server, String hub, Claim... claims) {
            super(server, hub, claims);
            polls = RawHttp.connect(server.address());
            second = RawHttp.connect(server.address());
            first = poll();
            assertThat(first.status()).as("%s", first).isEqualTo(200);
        }

        /** Sends a poll and does not wait for its answer. */
        RawHttp ask() {
            return polls.get(target + "&_=" + System.currentTimeMillis(), authorization);
        }

        /** A poll that waits at the server by now: of two, the server ends the one it saw first. */
        RawHttp waiting() {
            RawHttp one = ask();
            RawHttp two = second.get(target, authorization);
            await().until(() -> one.hasMore() || two.hasMore());
            RawHttp older = one.hasMore() ? one : two;
            assertThat(older.read().status()).isEqualTo(204);
            return older == one ? two : one;
        }

        RawHttp.Answer poll() {
            return ask().read();
        }

        @Override
        @Nullable
        String receive() {
            RawHttp.Answer answer = poll();
            while (answer.status() == 200 && answer.body().length == 0) {
                answer = poll();
            }
            if (answer.status() == 204) {
                return null;
            }
            assertThat(answer.status()).as("%s", answer).isEqualTo(200);
            return answer.text();
        }

        @Override
        public void close() {
            super.close();
            polls.close();
            second.close();
        }
    }
}
