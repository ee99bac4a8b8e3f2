package io.tidewire.webpubsub.rest;

import static io.tidewire.webpubsub.rest.RestServer.assertBadRequest;
import static io.tidewire.webpubsub.rest.RestServer.assertDone;
import static io.tidewire.webpubsub.rest.RestServer.assertError;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.hub.Audience;
import io.tidewire.hub.Permission;
import io.tidewire.hub.Permissions;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a connection may do, over REST (reference C.2 #17 to #19, E). */
class PermissionCallsTest {
    private static RestServer server;

    private final String name = RestServer.newHub();
    private final String send = "/api/hubs/" + name + "/permissions/sendToGroup/connections/c";
    private final String join = "/api/hubs/" + name + "/permissions/joinLeaveGroup/connections/c";

    @BeforeAll
    static void start() {
        server = RestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private void assertAllowed(String target, boolean allowed) {
        assertThat(server.call("HEAD", target).status()).as(target).isEqualTo(allowed ? 200 : 404);
    }

    @Test
    void aGrantIsForOneGroupAndOnePermission() {
        server.member(name, "c", null);
        server.member(name, "d", null);
        assertDone(server.call("PUT", send + "?targetName=g"), 200);
        assertAllowed(send + "?targetName=g", true);
        assertAllowed(send + "?targetName=G", false);
        assertAllowed(send, false);
        assertAllowed(join + "?targetName=g", false);
        assertAllowed(send.replace("/c", "/d") + "?targetName=g", false);
        assertDone(server.call("DELETE", send + "?targetName=g"), 204);
        assertAllowed(send + "?targetName=g", false);
    }

    @Test
    void aGrantWithoutAGroupIsForAll() {
        server.member(name, "c", null);
        assertDone(server.call("PUT", join), 200);
        assertAllowed(join, true);
        assertAllowed(join + "?targetName=whatever", true);
        assertAllowed(send, false);
    }

    /** Revoking one after all were granted is remembered until it is granted again. */
    @Test
    void oneGroupCanBeTakenOutOfAll() {
        server.member(name, "c", null);
        assertDone(server.call("PUT", send), 200);
        assertDone(server.call("DELETE", send + "?targetName=g"), 204);
        assertAllowed(send + "?targetName=g", false);
        assertAllowed(send + "?targetName=h", true);
        assertAllowed(send, false);
        assertDone(server.call("PUT", send + "?targetName=g"), 200);
        assertAllowed(send, true);
        assertDone(server.call("DELETE", send), 204);
        assertAllowed(send, false);
        assertAllowed(send + "?targetName=h", false);
    }

    @Test
    void aConnectionThatIsNotThereHasNothing() {
        assertError(server.call("PUT", send), 404, "Error.NotFound", "The connection does not exist.");
        assertDone(server.call("DELETE", send), 204);
        assertAllowed(send, false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SendToGroup", "SENDTOGROUP", "sendtogroup"})
    void aPermissionIsReadInAnyCase(String permission) {
        server.member(name, "c", null);
        assertDone(server.call("PUT", send.replace("sendToGroup", permission)), 200);
        assertAllowed(send, true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sendToGroups", "joinGroup", "webpubsub.sendToGroup", "x"})
    void anotherPermissionIsRefused(String permission) {
        server.member(name, "c", null);
        String target = send.replace("sendToGroup", permission);
        assertBadRequest(server.call("PUT", target), "Invalid permission. It is joinLeaveGroup or sendToGroup.");
        assertBadRequest(server.call("DELETE", target), "Invalid permission.");
        assertThat(server.call("HEAD", target).status()).isEqualTo(400);
    }

    /** An empty name is none, and must not be taken for every group. */
    @ParameterizedTest
    @ValueSource(strings = {"?targetName=", "?targetName=%20"})
    void anEmptyGroupIsNotEveryGroup(String query) {
        server.member(name, "c", null);
        assertBadRequest(server.call("PUT", send + query), "Invalid targetName.");
        assertBadRequest(server.call("DELETE", send + query), "Invalid targetName.");
        assertAllowed(send, false);
    }

    @Test
    void grantsByNameHaveALimit() {
        server.member(name, "c", null);
        CompletableFuture.allOf(IntStream.range(0, Permissions.MAX_GROUPS)
                        .mapToObj(i -> server.hub(name)
                                .grant(Audience.connection("c"), Permission.SEND_TO_GROUP, "g" + i)
                                .toCompletableFuture())
                        .toArray(CompletableFuture<?>[]::new))
                .join();
        assertBadRequest(server.call("PUT", send + "?targetName=more"), "1000 groups by name");
        assertAllowed(send + "?targetName=more", false);
        assertDone(server.call("PUT", send + "?targetName=g7"), 200);
    }
}
