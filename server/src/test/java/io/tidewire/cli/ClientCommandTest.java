package io.tidewire.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClientCommandTest {
    private static final String CHAT =
            "{\"type\":1,\"target\":\"SendMessage\",\"arguments\":[\"bob\",\"Hello\"]}\u001e";

    private final FakeService service = new FakeService();
    private final Terminal terminal = new Terminal();

    @AfterEach
    void stop() {
        service.close();
    }

    private CompletableFuture<Integer> client(String... options) {
        var args = new ArrayList<>(List.of("client", "ann", "-h", "Chat", "-c", service.connectionString()));
        args.addAll(List.of(options));
        return terminal.start(args.toArray(String[]::new));
    }

    private FakeService.Peer peer() {
        await().until(() -> !service.peers.isEmpty());
        return service.peers.getFirst();
    }

    @Test
    void printsCallsAndLeavesAfterTheLastThatIsWanted() {
        var code = client("--count", "2");
        assertThat(peer().user()).isEqualTo("ann");
        peer().send(CHAT);
        peer().send(
                        "{\"arguments\":[1.0, {\"a\" : null}],\"headers\":{\"x\":[]},\"target\":\"move\\u0007\",\"type\":1}\u001e");

        assertThat(code.join()).isZero();
        assertThat(terminal.out().lines().map(line -> line.replaceFirst("^\\d\\d:\\d\\d:\\d\\d\\.\\d{3}  ", "")))
                .containsExactly("bob: Hello", "move\\u0007  [1.0,{\"a\":null}]");
        assertThat(terminal.err()).isEqualTo("connected to " + service.admin() + ", hub chat\n");
        await().until(service.peers::isEmpty);
    }

    @Test
    void comesBackAfterALoss() {
        var code = client("--count", "1", "--timeout", "30s");
        var first = peer();
        first.drop();
        await().until(() -> !service.peers.isEmpty() && !service.peers.contains(first));
        peer().send(CHAT);

        assertThat(code.join()).isZero();
        assertThat(terminal.out()).contains("bob: Hello");
        assertThat(terminal.err()).contains("; coming back\n");
    }

    @Test
    void comesBackWhenTheServerAllowsIt() {
        var code = client("--count", "1", "--timeout", "30s");
        var first = peer();
        first.send("{\"type\":7,\"error\":\"moving\",\"allowReconnect\":true}\u001e");
        await().until(() -> !service.peers.isEmpty() && !service.peers.contains(first));
        peer().send(CHAT);

        assertThat(code.join()).isZero();
        assertThat(terminal.err()).contains("lost: moving; coming back\n");
    }

    @Test
    void staysAwayWhenTheServerSaysSo() {
        var code = client("--quiet");
        peer().send("{\"type\":7,\"error\":\"quota\"}\u001e");

        assertThat(code.join()).isEqualTo(ExitCode.FAILED);
        assertThat(terminal.err()).isEqualTo("ended: quota\n");
    }

    @Test
    void aTimeoutIsAFailureOnlyWhileCallsAreMissing() {
        assertThat(client("--timeout", "100ms").join()).isEqualTo(ExitCode.OK);
        assertThat(client("--timeout", "100ms", "--count", "1").join()).isEqualTo(ExitCode.FAILED);
        assertThat(terminal.err()).contains("only 0 of 1 calls within the timeout");
    }

    @Test
    void aServerThatIsNotThereIsNotWaitedFor() {
        service.close();
        assertThat(client().join()).isEqualTo(ExitCode.FAILED);
        assertThat(terminal.err()).contains("no answer from " + service.admin() + ": connection refused");
    }
}
