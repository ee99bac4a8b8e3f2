package io.tidewire.webpubsub.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.hub.Disconnect;
import io.tidewire.webpubsub.protocol.ClientMessage;
import io.tidewire.webpubsub.protocol.DataType;
import io.tidewire.webpubsub.protocol.Metadata;
import io.tidewire.webpubsub.protocol.Payload;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Stands for event handlers: remembers what it is told, and answers as its test wants. */
final class Application implements Backend {
    /** What it was told, as {@code word detail}. */
    final BlockingQueue<String> told = new LinkedBlockingQueue<>();

    final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
    final BlockingQueue<Caller> callers = new LinkedBlockingQueue<>();

    volatile Function<Arrival, CompletionStage<Admission>> admission =
            _ -> CompletableFuture.completedStage(Admission.Accepted.UNCHANGED);

    /** Null answers wait in {@link #unanswered}. */
    volatile Function<ClientMessage.Event, @Nullable EventOutcome> outcome =
            _ -> new EventOutcome.Handled(null, Metadata.NONE);

    final BlockingQueue<Consumer<EventOutcome>> unanswered = new LinkedBlockingQueue<>();

    static EventOutcome handled(@Nullable String text) {
        return new EventOutcome.Handled(
                text == null ? null : new Payload(DataType.TEXT, text.getBytes(StandardCharsets.UTF_8)), Metadata.NONE);
    }

    void admit(
            @Nullable String userId, java.util.@Nullable List<String> groups, java.util.@Nullable List<String> roles) {
        admission = _ -> CompletableFuture.completedStage(new Admission.Accepted(userId, groups, roles, null));
    }

    void choose(String subprotocol) {
        admission = _ -> CompletableFuture.completedStage(new Admission.Accepted(null, null, null, subprotocol));
    }

    /** The next that it was told. */
    String next() {
        try {
            String next = told.poll(5, TimeUnit.SECONDS);
            assertThat(next).as("the application is told").isNotNull();
            return next;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public Visit arrive(Arrival arrival) {
        arrivals.add(arrival);
        return new Visit() {
            @Override
            public CompletionStage<Admission> connect() {
                return admission.apply(arrival);
            }

            @Override
            public Conversation begin(Caller caller) {
                told.add("connected");
                callers.add(caller);
                return new Talking(caller);
            }

            @Override
            public void abandon(Disconnect why) {
                told.add("abandoned " + why.category().label());
            }
        };
    }

    private final class Talking implements Conversation {
        private final Caller caller;

        Talking(Caller caller) {
            this.caller = caller;
        }

        @Override
        public void event(ClientMessage.Event event, Consumer<EventOutcome> then) {
            assertThat(caller.loop().inEventLoop()).isTrue();
            told.add("event " + event.name() + " " + event.data().type() + " "
                    + new String(event.data().bytes(), StandardCharsets.UTF_8));
            EventOutcome answer = outcome.apply(event);
            if (answer == null) {
                unanswered.add(done -> caller.loop().execute(() -> then.accept(done)));
            } else {
                then.accept(answer);
            }
        }

        @Override
        public void joined(String group) {
            told.add("joined " + group);
        }

        @Override
        public void left(String group) {
            told.add("left " + group);
        }

        @Override
        public void end(Disconnect why) {
            told.add("disconnected " + why.category().label());
        }
    }
}
