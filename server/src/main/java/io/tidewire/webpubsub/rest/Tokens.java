package io.tidewire.webpubsub.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidewire.auth.Claim;
import io.tidewire.service.rest.Operation.Action;
import io.tidewire.service.rest.RestCall;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;

/** Tokens with which clients may connect (reference B.2). */
final class Tokens {
    /** Which endpoint the token is for. */
    enum ClientType {
        Default("/client/hubs/"),
        MQTT("/clients/mqtt/hubs/"),
        SocketIO("/clients/socketio/hubs/");

        private final String path;

        ClientType(String path) {
            this.path = path;
        }
    }

    private Tokens() {}

    /** Roles are not looked at: those that nobody knows yet are for the event handler to read. */
    static Action<Call> generate() {
        return call -> {
            String hub = URLEncoder.encode(call.hub().name(), UTF_8);
            ClientType type = call.choice("clientType", ClientType.class, ClientType.Default);
            String user = call.queryUser("userId");
            List<String> roles = call.all("role");
            List<String> groups = call.all("group");
            groups.forEach(group -> RestCall.checked(group, "group name"));

            var claims = new ArrayList<Claim>();
            if (user != null) {
                claims.add(Claim.of("sub", user));
            }
            if (!roles.isEmpty()) {
                claims.add(new Claim("role", roles));
            }
            if (!groups.isEmpty()) {
                claims.add(new Claim("webpubsub.group", groups));
            }
            call.answerToken(type.path + hub, claims);
        };
    }
}
