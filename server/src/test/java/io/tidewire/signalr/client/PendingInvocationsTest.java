package io.tidewire.signalr.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultEventLoop;
import io.tidewire.hub.Answer;
import io.tidewire.signalr.protocol.ClientMessage;
import io.tidewire.signalr.protocol.HubProtocols;
import io.tidewire.signalr.protocol.JsonArguments;
import io.tidewire.signalr.protocol.ServerMessage;
import io.tidewire.transport.EncodedFrame;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PendingInvocationsTest {
    private static final ServerMessage QUESTION = new ServerMessage.Invocation("ask", JsonArguments.NONE);

    private final DefaultEventLoop loop = new DefaultEventLoop();
    private final PendingInvocations pending = new PendingInvocations(HubProtocols.JSON, 3, loop);

    @AfterEach
    void stop() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private CompletableFuture<Answer> ask(ServerMessage question, @Nullable String wire) {
        return on(() -> {
            var answer = new CompletableFuture<Answer>();
            EncodedFrame frame = pending.begin(question, answer);
            assertThat(frame == null ? null : frame.payload().toString(UTF_8)).isEqualTo(wire);
            if (frame != null) {
                frame.release();
            }
            return answer;
        });
    }

    private CompletableFuture<Answer> ask(int id) {
        return ask(
                QUESTION,
                "{\"type\":1,\"invocationId\":\"tidewire-" + id + "\",\"target\":\"ask\",\"arguments\":[]}\36");
    }

    private boolean complete(String id, @Nullable String error, @Nullable String result) {
        ByteBuf value = result == null ? null : Unpooled.wrappedBuffer(result.getBytes(UTF_8));
        return on(() -> pending.complete(new ClientMessage.Completion(id, error, value, Unpooled.EMPTY_BUFFER)));
    }

    private int size() {
        return on(pending::size);
    }

    private <T> T on(java.util.concurrent.Callable<T> work) {
        return loop.submit(work).syncUninterruptibly().getNow();
    }

    private static ServerMessage framed(String json) {
        return new ServerMessage.Framed((json + "\36").getBytes(UTF_8), null);
    }

    @Test
    void eachInvocationHasAnIdOfItsOwnAndGetsItsOwnCompletion() {
        CompletableFuture<Answer> first = ask(1);
        CompletableFuture<Answer> second = ask(2);
        assertThat(complete("tidewire-2", "not now", null)).isTrue();
        assertThat(complete("tidewire-1", null, "{\"n\": 1.0}")).isTrue();
        assertThat(second.join()).isEqualTo(new Answer.Failed("not now"));
        assertThat(first.join()).isInstanceOfSatisfying(Answer.Result.class, result -> {
            assertThat(result.dialect()).isEqualTo("json");
            assertThat(result.value()).isEqualTo("{\"n\": 1.0}".getBytes(UTF_8));
        });
        assertThat(size()).isZero();
    }

    @Test
    void nothingIsAResultTooAndIsNotTheSameAsNull() {
        CompletableFuture<Answer> first = ask(1);
        CompletableFuture<Answer> second = ask(2);
        complete("tidewire-1", null, null);
        complete("tidewire-2", null, "null");
        assertThat(((Answer.Result) first.join()).value()).isNull();
        assertThat(((Answer.Result) second.join()).value()).isEqualTo("null".getBytes(UTF_8));
    }

    @Test
    void aCompletionNobodyWaitsForIsUnknown() {
        var _ = ask(1);
        assertThat(complete("tidewire-2", null, null)).isFalse();
        assertThat(complete("tidewire-1", null, null)).isTrue();
        assertThat(complete("tidewire-1", null, null)).isFalse();
    }

    @Test
    void theEndOfTheClientAnswersAllOfThem() {
        CompletableFuture<Answer> first = ask(1);
        CompletableFuture<Answer> second = ask(2);
        on(() -> {
            pending.end();
            return true;
        });
        assertThat(first.join()).isEqualTo(new Answer.Disconnected());
        assertThat(second.join()).isEqualTo(new Answer.Disconnected());
        assertThat(size()).isZero();
    }

    @Test
    void anAskerThatLeavesMakesRoomFromAnyThread() {
        CompletableFuture<Answer> first = ask(1);
        first.cancel(false);
        await().until(() -> size() == 0);
    }

    @Test
    void soManyMayWaitAndNoMore() {
        CompletableFuture<Answer> first = ask(1);
        var _ = ask(2);
        var _ = ask(3);
        assertThat(ask(QUESTION, null).join()).isEqualTo(new Answer.Busy(3));
        first.cancel(false);
        await().until(() -> size() == 2);
        var _ = ask(4);
    }

    @Test
    void aFramedInvocationKeepsTheIdOfWhoeverFramedIt() {
        String json = "{\"arguments\":[],\"invocationId\":\"7\",\"target\":\"t\",\"type\":1}";
        CompletableFuture<Answer> asked = ask(framed(json), json + "\36");
        assertThat(ask(framed(json), null).join())
                .as("the same id, while the first one waits")
                .isInstanceOf(Answer.Unaskable.class);
        complete("7", "no", null);
        assertThat(asked.join()).isEqualTo(new Answer.Failed("no"));
        var _ = ask(framed(json), json + "\36");
    }

    @Test
    void aFramedMessageThatNobodyCouldAnswerIsRefused() {
        for (ServerMessage question : new ServerMessage[] {
            framed("{\"type\":1,\"target\":\"t\",\"arguments\":[]}"),
            framed("{\"type\":3,\"invocationId\":\"1\"}"),
            framed("{\"type\":1,\"invocationId\":\"1\"}"),
            new ServerMessage.Framed(null, new byte[] {2, (byte) 0x91, 6})
        }) {
            assertThat(ask(question, null).join()).isInstanceOf(Answer.Unaskable.class);
        }
        assertThat(size()).isZero();
    }
}
