package io.tidewire.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.http.RawHttp;
import java.time.Duration;
import java.util.Objects;

/** Server-sent events keep the contract of all transports. */
class EventStreamContractTest extends TransportContract {
    @Override
    protected Client connect(Session session) {
        var settings =
                new WebSocketSettings(1024 * 1024, MAX_UNSENT_BYTES, Duration.ofMillis(CLOSE_TIMEOUT_MILLIS), 1000);
        var server = new PostedFixture(settings, LongPollingSettings.DEFAULT, session);
        closeLater(server);
        RawEventStream stream = RawEventStream.open(RawHttp.connect(server.address(), 4096), "/events");
        closeLater(stream);
        RawHttp posts = server.connect();
        closeLater(posts);
        return new StreamClient(stream, posts);
    }

    private record StreamClient(RawEventStream stream, RawHttp posts) implements Client {
        @Override
        public void send(String text) {
            posts.body("POST", "/", text, "Content-Type: text/plain;charset=UTF-8");
        }

        @Override
        public String receive() {
            return Objects.requireNonNull(stream.next());
        }

        @Override
        public void receiveEnd() {
            assertThat(stream.next()).isNull();
        }

        @Override
        public void vanish() {
            stream.close();
        }

        @Override
        public void close() {
            stream.close();
        }
    }
}
