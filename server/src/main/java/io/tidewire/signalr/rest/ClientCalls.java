package io.tidewire.signalr.rest;

import io.tidewire.http.Problem;
import io.tidewire.signalr.rest.Operation.Action;

/** What REST callers ask of one client: the result of a call, and the items of its streams (reference C.5). */
final class ClientCalls {
    private ClientCalls() {}

    static Action invoke() {
        return _ -> {
            throw notYet();
        };
    }

    static Action sendStreamItem() {
        return _ -> {
            throw notYet();
        };
    }

    static Action completeStream() {
        return _ -> {
            throw notYet();
        };
    }

    private static Problem notYet() {
        return new Problem(501, "Error.Request.NotImplemented", "This server does not do this yet.");
    }
}
