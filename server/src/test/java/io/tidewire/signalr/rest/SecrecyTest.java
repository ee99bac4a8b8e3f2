package io.tidewire.signalr.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import io.tidewire.http.RawHttp;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** No token is written down, whichever way it came and whatever became of the request. */
@Timeout(60)
class SecrecyTest {
    /** Keeps every line at any level, stack traces included. */
    private static final class Everything extends AppenderBase<ILoggingEvent> {
        private final Queue<String> lines = new ConcurrentLinkedQueue<>();

        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event.getLoggerName() + " " + event.getFormattedMessage()
                    + (event.getThrowableProxy() == null
                            ? ""
                            : ThrowableProxyUtil.asString(event.getThrowableProxy())));
        }
    }

    @Test
    void tokensAreInNoLogAndNoMetric() {
        var log = new Everything();
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Logger ours = (Logger) LoggerFactory.getLogger("io.tidewire");
        Level rootLevel = root.getLevel();
        Level ourLevel = ours.getLevel();
        log.setContext(root.getLoggerContext());
        log.start();
        root.addAppender(log);
        root.setLevel(Level.DEBUG);
        ours.setLevel(Level.TRACE);
        String rest;
        String wrong;
        String metrics;
        try (RestServer server = RestServer.start()) {
            rest = server.token("http://localhost/api");
            wrong = RestServer.issuer("another-key-that-nobody-knows-0123456789")
                    .issue("http://localhost/client/?hub=h", Duration.ofMinutes(5), List.of());
            server.json("h", "U").close(); // its token is in the query of its upgrade

            for (String token : new String[] {rest, wrong}) {
                ask(server, "POST", "/api/hubs/h/:send?access_token=" + token);
                ask(server, "POST", "/api/hubs/h/:send?%61ccess_token=" + token, "Authorization: Bearer " + token);
                ask(server, "GET", "/client/?hub=h&access_token=" + token);
                ask(server, "POST", "/client/negotiate?hub=h&access_token=" + token);
                ask(server, "GET", "/nothing?ACCESS_TOKEN=" + token);
                ask(server, "GET", "/api/v1/hubs/h/groups/" + token);
                ask(server, "GET", "/api/v1/hubs/h/%zz?access_token=" + token);
                ask(server, "BREW", "/api/v1/hubs/h?access_token=" + token, "Authorization: Bearer " + token + "x");
                ask(server, "GET", "/api/hubs/h/users/u?api-version=1&access_token=" + token);
            }
            metrics = RawHttp.once(server.adminAddress(), "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .text();
        } finally {
            root.detachAppender(log);
            root.setLevel(rootLevel);
            ours.setLevel(ourLevel);
            log.stop();
        }
        assertThat(metrics).contains("tidewire_").doesNotContain("eyJ");
        assertThat(log.lines)
                .as("refusals are logged")
                .anySatisfy(line -> assertThat(line).contains("Refused POST /api/hubs/h/:send"));
        assertThat(log.lines)
                .allSatisfy(line -> assertThat(line)
                        .doesNotContainPattern("eyJ\\w")
                        .doesNotContain(signature(rest))
                        .doesNotContain(signature(wrong))
                        .doesNotContain(RestServer.PRIMARY));
    }

    private static String signature(String token) {
        return token.substring(token.lastIndexOf('.') + 1);
    }

    private static void ask(RestServer server, String method, String target, String... headers) {
        RawHttp.Answer answer = server.callAsIs(method, target, headers);
        assertThat(answer.status()).isBetween(400, 499);
        assertThat(answer.headers().toString() + new String(answer.body(), UTF_8))
                .doesNotContain("eyJ");
    }
}
