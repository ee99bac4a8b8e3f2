package io.tidewire.signalr.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidewire.http.Problem;
import io.tidewire.service.rest.Operation.Action;
import io.tidewire.signalr.access.SignalRClaims;
import java.net.URLEncoder;
import java.util.List;
import java.util.Map;

/** What REST callers are given to open other doors with. */
final class Tokens {
    private Tokens() {}

    /** A token for a client of the hub, signed with the primary key (reference C.5). */
    static Action<Call> generate() {
        return call -> {
            String user = call.queryUser("userId");
            call.answerToken(
                    "/client/?hub=" + URLEncoder.encode(call.hub().name(), UTF_8),
                    user == null ? List.of() : List.of(SignalRClaims.user(user)));
        };
    }

    /**
     * Where callers with a Microsoft Entra token get a temporary key (reference B.6). Whoever asks has no access key, or does
     * not know that one is needed here.
     */
    static Action<Call> accessKey() {
        return _ -> {
            throw new Problem(
                    401,
                    "Error.Request.Unauthorized",
                    "This server gives out no temporary keys: it knows no issuer of Microsoft Entra tokens."
                            + " Use an access key: put AccessKey=<the value of the setting signalr.keys.primary>"
                            + " into the connection string in place of AuthType.",
                    List.of(Map.entry("WWW-Authenticate", "Bearer")));
        };
    }
}
