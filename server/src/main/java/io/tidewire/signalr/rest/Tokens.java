package io.tidewire.signalr.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidewire.auth.Claim;
import io.tidewire.http.Problem;
import io.tidewire.signalr.access.SignalRClaims;
import io.tidewire.signalr.rest.Operation.Action;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What REST callers are given to open other doors with. */
final class Tokens {
    private static final int DEFAULT_MINUTES = 60;

    private Tokens() {}

    /** A token for a client of the hub, signed with the primary key (reference C.5). */
    static Action generate() {
        return call -> {
            String hub = URLEncoder.encode(call.hub().name(), UTF_8);
            int minutes = call.number("minutesToExpire", 1, Integer.MAX_VALUE, DEFAULT_MINUTES);
            String user = call.queryUser("userId");
            List<Claim> claims = user == null ? List.of() : List.of(SignalRClaims.user(user));
            String token;
            try {
                token = call.tokens()
                        .issue(call.endpoint() + "/client/?hub=" + hub, Duration.ofMinutes(minutes), claims);
            } catch (IllegalArgumentException tooLong) {
                throw new Problem(400, Call.INVALID, "Invalid userId. " + tooLong.getMessage() + ".");
            }
            call.answer(JsonAnswer.of(200, out -> out.writeStringProperty("token", token))
                    .with("Cache-Control", "no-store"));
        };
    }

    /**
     * Where callers with a Microsoft Entra token get a temporary key (reference B.6). Whoever asks has no access key, or does
     * not know that one is needed here.
     */
    static Action accessKey() {
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
