package io.tidewire.auth;

import java.util.List;

/**
 * What a request asks of its token's audience (reference B.2). Paths are raw, as in the request line, without the query.
 * Hosts are the names that the request was sent to: its {@code Host}, and {@code X-Forwarded-Host} when its sender is trusted;
 * ports may be left on.
 */
public sealed interface AudienceCheck {
    String rawPath();

    List<String> hosts();

    /** A REST call: the audience is the request's path or one above it. */
    record Rest(String rawPath, List<String> hosts) implements AudienceCheck {
        public Rest {
            hosts = List.copyOf(hosts);
        }

        @Override
        public String toString() {
            return rawPath;
        }
    }

    /**
     * A client of Web PubSub (its reference B.2): the audience is {@code .../client/hubs/{hub}} or {@code .../client/?hub={hub}},
     * whichever of the two the client uses.
     *
     * @param hub decoded
     */
    record HubInPath(String rawPath, String hub, List<String> hosts) implements AudienceCheck {
        public HubInPath {
            hosts = List.copyOf(hosts);
        }

        @Override
        public String toString() {
            return rawPath;
        }
    }

    /**
     * A connection of a client or app server: the audience is the endpoint's path, with or without {@code /negotiate}, and its
     * {@code hub} parameter is this hub.
     *
     * @param hub decoded
     */
    record Hub(String rawPath, String hub, List<String> hosts) implements AudienceCheck {
        public Hub {
            hosts = List.copyOf(hosts);
        }

        @Override
        public String toString() {
            return rawPath + "?hub=" + hub;
        }
    }
}
