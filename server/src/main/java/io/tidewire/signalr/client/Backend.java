package io.tidewire.signalr.client;

import io.tidewire.hub.Disconnect;
import io.tidewire.signalr.protocol.ClientMessage;

/** What stands behind the clients of the service and takes what they send: upstreams in serverless mode. */
public interface Backend {
    /** Nobody: takes nothing. */
    Backend NOBODY = _ -> new Conversation() {
        @Override
        public boolean invoke(ClientMessage.Invocation invocation) {
            return false;
        }

        @Override
        public void end(Disconnect why) {}
    };

    /** A client is a member of its hub. Called on its loop, before any of its messages is handed on. */
    Conversation begin(Caller caller);

    /** What one client has with the backend. All calls come on the loop of {@link Caller#loop}; none may block. */
    interface Conversation {
        /**
         * The client calls a method. The buffers of the message are borrowed until this returns.
         *
         * @return false when nobody is there for it; the session then says so to the client
         */
        boolean invoke(ClientMessage.Invocation invocation);

        /** The client is gone, for good; last call, once. */
        void end(Disconnect why);
    }
}
