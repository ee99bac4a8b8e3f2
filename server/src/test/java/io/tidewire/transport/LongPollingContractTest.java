package io.tidewire.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.http.RawHttp;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;

/** Long polling keeps the contract of all transports. */
class LongPollingContractTest extends TransportContract {
    @Override
    protected Client connect(Session session) {
        var settings =
                new WebSocketSettings(1024 * 1024, MAX_UNSENT_BYTES, Duration.ofMillis(CLOSE_TIMEOUT_MILLIS), 1000);
        var clocks = new LongPollingSettings(Duration.ofSeconds(30), Duration.ofSeconds(5));
        var server = new PostedFixture(settings, clocks, session);
        closeLater(server);
        RawHttp polls = server.connect();
        closeLater(polls);
        RawHttp posts = server.connect();
        closeLater(posts);
        RawHttp.Answer first = polls.get("/polls").read();
        assertThat(first.status()).isEqualTo(200);
        assertThat(first.body()).isEmpty();
        polls.get("/polls");
        return new PollingClient(polls, posts, new ArrayDeque<>());
    }

    /** It always has one poll out, as real ones have, and reads the answer when it is asked to. */
    private record PollingClient(RawHttp polls, RawHttp posts, Queue<String> received) implements Client {
        @Override
        public void send(String text) {
            posts.body("POST", "/", text, "Content-Type: text/plain;charset=UTF-8");
        }

        @Override
        public String receive() {
            while (received.isEmpty()) {
                RawHttp.Answer answer = polls.read();
                assertThat(answer.status()).isEqualTo(200);
                polls.get("/polls");
                String text = answer.text();
                for (int from = 0; from < text.length(); ) {
                    int end = text.indexOf(END, from) + END.length();
                    received.add(text.substring(from, end));
                    from = end;
                }
            }
            return received.remove();
        }

        @Override
        public void receiveEnd() {
            assertThat(received).isEmpty();
            assertThat(polls.read().status()).isEqualTo(204);
        }

        @Override
        public void vanish() {
            polls.close();
        }

        @Override
        public void close() {
            polls.close();
        }
    }
}
