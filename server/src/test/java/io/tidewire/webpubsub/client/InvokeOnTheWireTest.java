package io.tidewire.webpubsub.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.webpubsub.protocol.Metadata;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Invocations of the event handler (reference D.6, L 13). */
class InvokeOnTheWireTest {
    private ClientServer server;
    private PubSubClient client;

    @BeforeEach
    void start() {
        server = ClientServer.start();
        client = PubSubClient.open(server, "chat");
        assertThat(server.application.next()).isEqualTo("connected");
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private static String invoke(String id) {
        return "{\"type\":\"invoke\",\"invocationId\":\"" + id
                + "\",\"target\":\"event\",\"event\":\"sum\",\"dataType\":\"text\",\"data\":\"1+1\"}";
    }

    private static String response(String id, String text) {
        return "{\"type\":\"invokeResponse\",\"invocationId\":\"" + id
                + "\",\"success\":true,\"dataType\":\"text\",\"data\":\"" + text + "\"}";
    }

    private static String failed(String id, String name, String message) {
        return "{\"type\":\"invokeResponse\",\"invocationId\":\"" + id + "\",\"success\":false,\"error\":{\"name\":\""
                + name + "\",\"message\":\"" + message + "\"}}";
    }

    /** The application answers the one that waits longest. */
    private void answer(EventOutcome outcome) throws InterruptedException {
        var then = server.application.unanswered.poll(5, TimeUnit.SECONDS);
        assertThat(then).isNotNull();
        then.accept(outcome);
    }

    @Test
    void theHandlersAnswerIsTheResponse() {
        server.application.outcome = _ -> Application.handled("2");
        client.ask(invoke("i"), response("i", "2"));
        assertThat(server.application.next()).isEqualTo("event sum TEXT 1+1");
    }

    @Test
    void aHandlerThatAnswersWithoutDataIsASuccess() {
        server.application.outcome = _ -> new EventOutcome.Handled(null, Metadata.NONE);
        client.ask(
                "{\"type\":\"invoke\",\"invocationId\":\"i\",\"target\":\"event\",\"event\":\"login\"}",
                "{\"type\":\"invokeResponse\",\"invocationId\":\"i\",\"success\":true}");
        assertThat(server.application.next()).isEqualTo("event login TEXT ");
    }

    @Test
    void whatFailsIsNamedAndTheClientStays() {
        server.application.outcome = _ -> new EventOutcome.NoHandler();
        client.ask(invoke("i"), failed("i", "NotFound", "There is no event handler for this event."));
        server.application.outcome = _ -> new EventOutcome.Failed();
        client.ask(invoke("j"), failed("j", "InternalServerError", "The event handler failed."));
        client.settle();
    }

    @Test
    void whatIsTakenBackGetsNoResponse() throws InterruptedException {
        server.application.outcome = _ -> null;
        client.say(invoke("i")).say("{\"type\":\"cancelInvocation\",\"invocationId\":\"i\"}");
        client.settle();
        answer(Application.handled("2"));
        client.settle();
    }

    @Test
    void twoOfOneIdGetOneResponse() throws InterruptedException {
        server.application.outcome = _ -> null;
        client.say(invoke("i"));
        client.ask(invoke("i"), failed("i", "BadRequest", "The invocation 'i' waits for its response already."));
        answer(Application.handled("2"));
        client.settle();
    }

    @Test
    void invocationsAndEventsReachTheHandlerInTheirOrder() {
        client.say("{\"type\":\"event\",\"event\":\"first\",\"dataType\":\"text\",\"data\":\"\"}")
                .say(invoke("i"))
                .say("{\"type\":\"event\",\"event\":\"last\",\"dataType\":\"text\",\"data\":\"\"}");
        assertThat(server.application.next()).isEqualTo("event first TEXT ");
        assertThat(server.application.next()).isEqualTo("event sum TEXT 1+1");
        assertThat(server.application.next()).isEqualTo("event last TEXT ");
    }

    @Test
    void theNumberOfThoseThatWaitIsBounded() {
        server.application.outcome = _ -> null;
        for (int i = 0; i < 100; i++) {
            client.say(invoke("i" + i));
        }
        client.ask(
                invoke("more"),
                failed(
                        "more",
                        "BadRequest",
                        "100 invocations wait for a response already, the limit"
                                + " (webpubsub.client.maxPendingInvocations)."));
    }

    @Test
    void anAnswerAfterARecoveryStillComes() throws InterruptedException {
        server.application.outcome = _ -> null;
        try (var reliable = PubSubClient.reliable(server, "chat")) {
            reliable.say(invoke("i"));
            reliable.settle();
            reliable.lose();
            reliable.comeBack();
            reliable.settle();
            answer(Application.handled("2"));
            assertThat(reliable.hear()).isEqualTo(response("i", "2"));
        }
    }
}
