package io.tidewire.webpubsub.client;

import io.tidewire.hub.Disconnect;
import io.tidewire.webpubsub.protocol.ClientMessage;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** What stands behind the clients of the service: event handlers and event listeners. */
public interface Backend {
    /** Nobody: lets everybody in and handles nothing. */
    Backend NOBODY = _ -> new Visit() {
        @Override
        public CompletionStage<Admission> connect() {
            return CompletableFuture.completedStage(Admission.Accepted.UNCHANGED);
        }

        @Override
        public Conversation begin(Caller caller) {
            return new Conversation() {
                @Override
                public void event(ClientMessage.Event event, Consumer<EventOutcome> then) {
                    then.accept(new EventOutcome.NoHandler());
                }

                @Override
                public void joined(String group) {}

                @Override
                public void left(String group) {}

                @Override
                public void end(Disconnect why) {}
            };
        }

        @Override
        public void abandon(Disconnect why) {}
    };

    /** A client asks to come in; nothing is called yet. Any thread. */
    Visit arrive(Arrival arrival);

    /** One client from its arrival to its beginning; what a handler stored with its answer stays in here. */
    interface Visit {
        /** Asks the {@code connect} handler, where there is one. Once; any thread; completes on any. */
        CompletionStage<Admission> connect();

        /** The client is a member of its hub and knows it. Called on its loop, before any of its messages is handed on. */
        Conversation begin(Caller caller);

        /** The client was accepted and went before it could begin. In place of {@link #begin}; any thread. */
        void abandon(Disconnect why);
    }

    /** What one client has with the backend. All calls come on the loop of {@link Caller#loop}; none may block. */
    interface Conversation {
        /**
         * The client sends an event. Events of one client are handled one after the other, in their order.
         *
         * @param then called on the loop, once, also when the client has gone meanwhile; for simple clients the event's name is
         *     {@code message}
         */
        void event(ClientMessage.Event event, Consumer<EventOutcome> then);

        /** The client is a member of the group. */
        void joined(String group);

        /** The client is no member of the group any more. */
        void left(String group);

        /** The client is gone, for good; last call, once. */
        void end(Disconnect why);
    }
}
