package io.tidewire.webpubsub.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.webpubsub.protocol.ClientMessage;
import io.tidewire.webpubsub.protocol.DataType;
import io.tidewire.webpubsub.protocol.Metadata;
import io.tidewire.webpubsub.protocol.Payload;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Invocations of one client (reference D.6), in front of a handler that answers when the test says so. */
class InvocationsTest {
    private final RecordingSpeaker speaker = new RecordingSpeaker(settings(2));
    private final Invocations invocations = new Invocations(speaker);
    private final List<RecordingSpeaker.Asked> asked = speaker.asked;

    private static ClientSettings settings(int maxPendingInvocations) {
        ClientSettings usual = ClientSettings.DEFAULT;
        return new ClientSettings(
                usual.allowedOrigins(),
                usual.keepAliveInterval(),
                usual.timeout(),
                usual.closeOnFailedEvent(),
                maxPendingInvocations,
                usual.maxGroups(),
                usual.maxGroupStates(),
                usual.reliable(),
                usual.streams());
    }

    private void invoke(String id) {
        invocations.take(new ClientMessage.Invoke(id, "sum", text("1+1")));
    }

    private void answer(int index, EventOutcome outcome) {
        asked.get(index).then().accept(outcome);
    }

    private static EventOutcome handled(String text) {
        return new EventOutcome.Handled(text(text), Metadata.NONE);
    }

    private static Payload text(String text) {
        return new Payload(DataType.TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void theHandlersAnswerIsTheResponse() {
        invoke("i");
        assertThat(asked.getFirst().event().name()).isEqualTo("sum");
        assertThat(asked.getFirst().event().ackId()).isNull();
        assertThat(new String(asked.getFirst().event().data().bytes(), StandardCharsets.UTF_8))
                .isEqualTo("1+1");
        assertThat(speaker.heard()).isEmpty();
        answer(0, handled("2"));
        assertThat(speaker.heard()).containsExactly("response i text 2");
    }

    @Test
    void anInvocationWithoutDataCarriesAnEmptyText() {
        invocations.take(new ClientMessage.Invoke("i", "chat.login", null));
        assertThat(asked.getFirst().event().data().type()).isEqualTo(DataType.TEXT);
        assertThat(asked.getFirst().event().data().bytes()).isEmpty();
        answer(0, new EventOutcome.Handled(null, Metadata.NONE));
        assertThat(speaker.heard()).containsExactly("response i");
    }

    @Test
    void whatFailsIsNamed() {
        invoke("i");
        invoke("j");
        answer(0, new EventOutcome.NoHandler());
        answer(1, new EventOutcome.Failed());
        assertThat(speaker.heard())
                .containsExactly(
                        "failed i NotFound There is no event handler for this event.",
                        "failed j InternalServerError The event handler failed.");
    }

    @Test
    void whatIsTakenBackGetsNoResponse() {
        invoke("i");
        invocations.take(new ClientMessage.CancelInvocation("i"));
        answer(0, handled("2"));
        assertThat(speaker.heard()).isEmpty();
    }

    @Test
    void takingBackWhatIsNotThereDoesNothing() {
        invocations.take(new ClientMessage.CancelInvocation("i"));
        assertThat(speaker.heard()).isEmpty();
    }

    @Test
    void theAnswerOfAnInvocationThatWasTakenBackIsNotThatOfTheNextOfItsId() {
        invoke("i");
        invocations.take(new ClientMessage.CancelInvocation("i"));
        invoke("i");
        answer(0, handled("old"));
        assertThat(speaker.heard()).isEmpty();
        answer(1, handled("new"));
        assertThat(speaker.heard()).containsExactly("response i text new");
    }

    @Test
    void twoOfOneIdGetOneResponse() {
        invoke("i");
        invoke("i");
        assertThat(speaker.heard())
                .containsExactly("failed i BadRequest The invocation 'i' waits for its response already.");
        assertThat(asked).hasSize(1);
        answer(0, handled("2"));
        assertThat(speaker.heard()).isEmpty();
    }

    @Test
    void anIdIsFreeAgainAfterItsResponse() {
        invoke("i");
        answer(0, handled("1"));
        invoke("i");
        answer(1, handled("2"));
        assertThat(speaker.heard()).containsExactly("response i text 1", "response i text 2");
    }

    @Test
    void theNumberOfThoseThatWaitIsBounded() {
        invoke("a");
        invoke("b");
        invoke("c");
        assertThat(speaker.heard())
                .containsExactly("failed c BadRequest 2 invocations wait for a response already, the limit"
                        + " (webpubsub.client.maxPendingInvocations).");
        assertThat(asked).hasSize(2);
        answer(0, handled("1"));
        invoke("d");
        assertThat(asked).hasSize(3);
    }

    @Test
    void whatCannotBeAnEventIsRefused() {
        invocations.take(new ClientMessage.RefusedInvocation("i", "no event name"));
        assertThat(asked).isEmpty();
        assertThat(speaker.heard()).containsExactly("failed i BadRequest no event name");
    }

    @Test
    void nothingIsSaidToAClientThatHasGone() {
        invoke("i");
        invocations.close();
        answer(0, handled("2"));
        assertThat(speaker.heard()).isEmpty();
    }
}
