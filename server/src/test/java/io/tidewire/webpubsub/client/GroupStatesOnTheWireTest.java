package io.tidewire.webpubsub.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.auth.Claim;
import io.tidewire.hub.Audience;
import io.tidewire.hub.Permission;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** States of groups' members (reference D.8, L 7, L 8). */
class GroupStatesOnTheWireTest {
    private static ClientServer server;

    @BeforeAll
    static void start() {
        server = ClientServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String set(long ackId, String state) {
        return "{\"type\":\"setGroupState\",\"group\":\"g\",\"ackId\":" + ackId
                + (state.isEmpty() ? "" : ",\"state\":" + state) + "}";
    }

    private static String watch(long ackId) {
        return "{\"type\":\"subscribeGroupState\",\"group\":\"g\",\"ackId\":" + ackId + "}";
    }

    private static String unwatch(long ackId) {
        return "{\"type\":\"unsubscribeGroupState\",\"group\":\"g\",\"ackId\":" + ackId + "}";
    }

    private static String states(String type, String items) {
        return "{\"type\":\"" + type + "\",\"group\":\"g\",\"items\":[" + items + "]}";
    }

    private static String item(PubSubClient client, String user, String state) {
        return "{\"connectionId\":\"" + client.connectionId + "\""
                + (user.isEmpty() ? "" : ",\"userId\":\"" + user + "\"")
                + (state.isEmpty() ? "" : ",\"state\":" + state) + ",\"updatedAt\":T}";
    }

    /** The next frame, without times. */
    private static String hear(PubSubClient client) {
        return client.hear().replaceAll("\"updatedAt\":17\\d{11}", "\"updatedAt\":T");
    }

    private static PubSubClient member(String hub) {
        return PubSubClient.open(server, hub, PubSubClient.MAY_ALL).join("g", 1);
    }

    @Test
    void aWatcherIsShownTheStatesAndThenWhatChanges() {
        try (var ann = PubSubClient.open(server, "watch", PubSubClient.MAY_ALL, Claim.of("sub", "ann"))
                        .join("g", 1);
                var bob = PubSubClient.open(server, "watch", PubSubClient.MAY_ALL)) {
            ann.ask(set(2, "{\"typing\":\"yes\"}"), PubSubClient.ack(2));
            bob.ask(watch(1), PubSubClient.ack(1));
            assertThat(hear(bob)).isEqualTo(states("groupStateSnapshot", item(ann, "ann", "{\"typing\":\"yes\"}")));
            ann.ask(set(3, "{}"), PubSubClient.ack(3));
            assertThat(hear(bob)).isEqualTo(states("groupStateUpdate", item(ann, "ann", "{}")));
            ann.ask(set(4, ""), PubSubClient.ack(4));
            assertThat(hear(bob)).isEqualTo(states("groupStateUpdate", item(ann, "ann", "")));
            bob.ask(unwatch(2), PubSubClient.ack(2));
            ann.ask(set(5, "{}"), PubSubClient.ack(5));
            bob.settle();
        }
    }

    @Test
    void membersWhoDoNotWatchHearNothing() {
        try (var ann = member("silent");
                var bob = member("silent")) {
            ann.ask(set(2, "{}"), PubSubClient.ack(2));
            bob.settle();
            ann.settle();
        }
    }

    @Test
    void aStateEndsWithTheMembershipAndWithTheConnection() {
        try (var watcher = member("ends");
                var leaving = member("ends");
                var going = member("ends")) {
            watcher.ask(watch(2), PubSubClient.ack(2));
            assertThat(hear(watcher)).isEqualTo(states("groupStateSnapshot", ""));
            leaving.ask(set(2, "{}"), PubSubClient.ack(2));
            assertThat(hear(watcher)).isEqualTo(states("groupStateUpdate", item(leaving, "", "{}")));
            leaving.ask("{\"type\":\"leaveGroup\",\"group\":\"g\",\"ackId\":3}", PubSubClient.ack(3));
            assertThat(hear(watcher)).isEqualTo(states("groupStateUpdate", item(leaving, "", "")));
            going.ask(set(2, "{}"), PubSubClient.ack(2));
            assertThat(hear(watcher)).isEqualTo(states("groupStateUpdate", item(going, "", "{}")));
            going.lose();
            assertThat(hear(watcher)).isEqualTo(states("groupStateUpdate", item(going, "", "")));
        }
    }

    @Test
    void onlyMembersHaveAStateAndOnlyWhoCouldBeOneWatches() {
        try (var stranger = PubSubClient.open(server, "strangers")) {
            stranger.ask(set(1, "{}"), PubSubClient.failed(1, "Forbidden", "The client is no member of group 'g'."));
            stranger.ask(
                    watch(2),
                    PubSubClient.failed(2, "Forbidden", "The client is no member of group 'g' and may not join it."));
            ClientServer.await(server.hub("strangers").join(Audience.connection(stranger.connectionId), "g"));
            stranger.ask(watch(3), PubSubClient.ack(3));
            assertThat(hear(stranger)).isEqualTo(states("groupStateSnapshot", ""));
            ClientServer.await(server.hub("strangers").remove(Audience.connection(stranger.connectionId), "g"));
            try (var ann = member("strangers");
                    var watcher = member("strangers")) {
                watcher.ask(watch(2), PubSubClient.ack(2));
                assertThat(hear(watcher)).isEqualTo(states("groupStateSnapshot", ""));
                // Whoever hears the second change: the first one is on its way to all who watch.
                for (int i = 2; i < 4; i++) {
                    ann.ask(set(i, "{}"), PubSubClient.ack(i));
                    assertThat(hear(watcher)).isEqualTo(states("groupStateUpdate", item(ann, "", "{}")));
                }
                stranger.settle();
            }
        }
    }

    /** Otherwise it would see a group that the application has shut it out of, and nothing but its end would help. */
    @Test
    void whoMayNotJoinAnyMoreDoesNotGoOnWatchingUnlessItIsAMember() {
        try (var ann = member("shut");
                var stranger = PubSubClient.open(server, "shut", PubSubClient.MAY_ALL);
                var member = member("shut")) {
            stranger.ask(watch(1), PubSubClient.ack(1));
            assertThat(hear(stranger)).isEqualTo(states("groupStateSnapshot", ""));
            member.ask(watch(2), PubSubClient.ack(2));
            assertThat(hear(member)).isEqualTo(states("groupStateSnapshot", ""));
            ClientServer.await(server.hub("shut").revoke(Audience.all(), Permission.JOIN_LEAVE_GROUP, "g"));
            ann.ask(set(2, "{}"), PubSubClient.ack(2));
            assertThat(hear(member)).isEqualTo(states("groupStateUpdate", item(ann, "", "{}")));
            stranger.settle();
        }
    }

    /** Reliable clients have them numbered, like messages, and miss none. */
    @Test
    void statesAndWatchesStayOverARecovery() {
        try (var ann = PubSubClient.reliable(server, "back", PubSubClient.MAY_ALL)
                        .join("g", 1);
                var bob = PubSubClient.reliable(server, "back", PubSubClient.MAY_ALL)) {
            bob.ask(watch(1), PubSubClient.ack(1));
            assertThat(hear(bob))
                    .isEqualTo("{\"type\":\"groupStateSnapshot\",\"group\":\"g\",\"items\":[],\"sequenceId\":1}");
            bob.lose();
            ann.ask(set(2, "{\"a\":\"1\"}"), PubSubClient.ack(2));
            ann.lose();
            ann.comeBack();
            ann.settle();
            bob.comeBack();
            assertThat(hear(bob)).contains("groupStateSnapshot", "\"sequenceId\":1}");
            assertThat(hear(bob))
                    .isEqualTo("{\"type\":\"groupStateUpdate\",\"group\":\"g\",\"items\":["
                            + item(ann, "", "{\"a\":\"1\"}") + "],\"sequenceId\":2}");
            ann.ask(set(3, ""), PubSubClient.ack(3));
            assertThat(hear(bob)).contains("\"sequenceId\":3}");
        }
    }
}
