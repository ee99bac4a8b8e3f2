package io.tidewire.compat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.core.exception.ClientAuthenticationException;
import com.azure.core.exception.HttpResponseException;
import com.azure.core.exception.ResourceNotFoundException;
import com.azure.core.http.rest.RequestOptions;
import com.azure.core.util.BinaryData;
import com.azure.messaging.webpubsub.WebPubSubServiceAsyncClient;
import com.azure.messaging.webpubsub.WebPubSubServiceClient;
import com.azure.messaging.webpubsub.WebPubSubServiceClientBuilder;
import com.azure.messaging.webpubsub.models.GetClientAccessTokenOptions;
import com.azure.messaging.webpubsub.models.WebPubSubContentType;
import com.azure.messaging.webpubsub.models.WebPubSubPermission;
import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The vendor's Java client for services of Web PubSub (REST 2024-01-01, tokens), seen by the JDK's WebSocket; a hub of its own
 * for each test.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class VendorJavaServiceTest {
    private static final AtomicInteger HUBS = new AtomicInteger();
    private static final byte[] BYTES = {0, 1, 2, 127, (byte) 128, (byte) 255};

    /** Null until it has started, and for good if it does not. */
    private @Nullable PackagedServer server;

    @SuppressWarnings("NullAway.Init") // set before each test
    private WebPubSubServiceClient service;

    @BeforeAll
    void startServer() throws Exception {
        server = PackagedServer.start("java-service");
    }

    @AfterAll
    void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void newHub() {
        service = builder().buildClient();
    }

    private WebPubSubServiceClientBuilder builder() {
        return new WebPubSubServiceClientBuilder()
                .connectionString(Objects.requireNonNull(server).webPubSubConnectionString())
                .hub("java" + HUBS.incrementAndGet());
    }

    private WebPubSubReceiver receiver(GetClientAccessTokenOptions options) throws Exception {
        return new WebPubSubReceiver(service.getClientAccessToken(options).getUrl());
    }

    private WebPubSubReceiver receiver(String user, String... groups) throws Exception {
        return receiver(new GetClientAccessTokenOptions().setUserId(user).setGroups(List.of(groups)));
    }

    /** New each time, because the vendor's client writes headers of one call into it. */
    private static RequestOptions nothingMore() {
        return new RequestOptions();
    }

    private static GetClientAccessTokenOptions nobody() {
        return new GetClientAccessTokenOptions();
    }

    @Test
    void textReachesAllAUserAConnectionAndAGroup() throws Exception {
        try (var ann = receiver("ann", "room");
                var other = receiver(nobody())) {
            service.sendToAll("all ü 😀", WebPubSubContentType.TEXT_PLAIN);
            service.sendToUser("ann", "user", WebPubSubContentType.TEXT_PLAIN);
            service.sendToConnection(ann.id(), "connection", WebPubSubContentType.TEXT_PLAIN);
            service.sendToGroup("room", "group", WebPubSubContentType.TEXT_PLAIN);
            service.sendToAll("end", WebPubSubContentType.TEXT_PLAIN);
            assertThat(ann.takeMessages(5))
                    .containsExactly(
                            "text:\"all ü 😀\"",
                            "text:\"user\"",
                            "text:\"connection\"",
                            "room:text:\"group\"",
                            "text:\"end\"");
            assertThat(other.takeMessages(2)).containsExactly("text:\"all ü 😀\"", "text:\"end\"");
        }
    }

    @Test
    void jsonAndBytesKeepTheirKind() throws Exception {
        try (var ann = receiver("ann")) {
            service.sendToAll("{\"a\":[1,null]}", WebPubSubContentType.APPLICATION_JSON);
            service.sendToAllWithResponse(
                    BinaryData.fromBytes(BYTES),
                    WebPubSubContentType.APPLICATION_OCTET_STREAM,
                    BYTES.length,
                    nothingMore());
            service.sendToUserWithResponse(
                    "ann",
                    BinaryData.fromString("\"ü\""),
                    WebPubSubContentType.APPLICATION_JSON,
                    "\"ü\"".getBytes(UTF_8).length,
                    nothingMore());
            assertThat(ann.takeMessages(3))
                    .containsExactly("json:{\"a\":[1,null]}", "binary:\"AAECf4D/\"", "json:\"ü\"");
        }
    }

    @Test
    void exclusionsAndFiltersKeepMessagesFromClients() throws Exception {
        try (var ann = receiver("ann", "room");
                var bob = receiver("bob", "room")) {
            var text = WebPubSubContentType.TEXT_PLAIN;
            var excluded = new RequestOptions().addQueryParam("excluded", bob.id());
            service.sendToAllWithResponse(BinaryData.fromString("ann"), text, 3, excluded);
            var filter = new RequestOptions().addQueryParam("filter", "userId eq 'bob' and 'room' in groups");
            service.sendToGroupWithResponse("room", BinaryData.fromString("bob"), text, 3, filter);
            service.sendToAll("end", text);
            assertThat(ann.takeMessages(2)).containsExactly("text:\"ann\"", "text:\"end\"");
            assertThat(bob.takeMessages(2)).containsExactly("room:text:\"bob\"", "text:\"end\"");
        }
    }

    @Test
    void whatExists() throws Exception {
        assertThat(service.connectionExistsWithResponse("none", nothingMore()).getValue())
                .isFalse();
        try (var ann = receiver("ann", "room")) {
            assertThat(service.connectionExistsWithResponse(ann.id(), nothingMore())
                            .getValue())
                    .isTrue();
            assertThat(service.userExistsWithResponse("ann", nothingMore()).getValue())
                    .isTrue();
            assertThat(service.userExistsWithResponse("bob", nothingMore()).getValue())
                    .isFalse();
            assertThat(service.groupExistsWithResponse("room", nothingMore()).getValue())
                    .isTrue();
            assertThat(service.groupExistsWithResponse("empty", nothingMore()).getValue())
                    .isFalse();
        }
    }

    @Test
    void groupsOfConnectionsAndUsers() throws Exception {
        try (var ann = receiver("ann")) {
            service.addConnectionToGroupWithResponse("one", ann.id(), nothingMore());
            service.addUserToGroupWithResponse("two", "ann", nothingMore());
            service.addConnectionsToGroups(List.of("three", "four"), "userId eq 'ann'");
            for (String group : List.of("one", "two", "three", "four")) {
                service.sendToGroup(group, "in", WebPubSubContentType.TEXT_PLAIN);
            }
            service.removeConnectionFromGroupWithResponse("one", ann.id(), nothingMore());
            service.removeUserFromGroupWithResponse("two", "ann", nothingMore());
            for (String group : List.of("one", "two", "three", "four")) {
                service.sendToGroup(group, "still", WebPubSubContentType.TEXT_PLAIN);
            }
            service.removeConnectionFromAllGroupsWithResponse(ann.id(), nothingMore());
            service.addUserToGroupWithResponse("five", "ann", nothingMore());
            service.removeUserFromAllGroupsWithResponse("ann", nothingMore());
            for (String group : List.of("three", "four", "five")) {
                service.sendToGroup(group, "out", WebPubSubContentType.TEXT_PLAIN);
            }
            service.sendToAll("end", WebPubSubContentType.TEXT_PLAIN);
            assertThat(ann.takeMessages(7))
                    .containsExactly(
                            "one:text:\"in\"",
                            "two:text:\"in\"",
                            "three:text:\"in\"",
                            "four:text:\"in\"",
                            "three:text:\"still\"",
                            "four:text:\"still\"",
                            "text:\"end\"");
        }
    }

    @Test
    void permissionsAreGrantedCheckedAndRevoked() throws Exception {
        try (var ann = receiver("ann")) {
            assertThat(mayJoin(ann, "room", 1)).isFalse();
            var room = new RequestOptions().addQueryParam("targetName", "room");
            service.grantPermissionWithResponse(WebPubSubPermission.JOIN_LEAVE_GROUP, ann.id(), room);
            assertThat(service.checkPermissionWithResponse(WebPubSubPermission.JOIN_LEAVE_GROUP, ann.id(), room)
                            .getValue())
                    .isTrue();
            assertThat(service.checkPermissionWithResponse(WebPubSubPermission.SEND_TO_GROUP, ann.id(), room)
                            .getValue())
                    .isFalse();
            assertThat(mayJoin(ann, "room", 2)).isTrue();
            assertThat(mayJoin(ann, "other", 3)).isFalse();
            service.revokePermissionWithResponse(WebPubSubPermission.JOIN_LEAVE_GROUP, ann.id(), nothingMore());
            assertThat(mayJoin(ann, "room", 4)).isFalse();
        }
    }

    private static boolean mayJoin(WebPubSubReceiver client, String group, int ackId) throws Exception {
        JsonObject ack = client.ask("{\"type\":\"joinGroup\",\"group\":\"" + group + "\",\"ackId\":" + ackId + "}");
        assertThat(ack.get("ackId").getAsInt()).isEqualTo(ackId);
        if (!ack.get("success").getAsBoolean()) {
            assertThat(ack.getAsJsonObject("error").get("name").getAsString()).isEqualTo("Forbidden");
        }
        return ack.get("success").getAsBoolean();
    }

    @Test
    void tokensCarryUserGroupsAndRoles() throws Exception {
        var options = nobody().setUserId("ann")
                .addRole("webpubsub.joinLeaveGroup.room")
                .addGroup("first")
                .setExpiresAfter(Duration.ofMinutes(5));
        try (var ann = receiver(options)) {
            assertThat(ann.userId()).isEqualTo("ann");
            assertThat(mayJoin(ann, "room", 1)).isTrue();
            assertThat(mayJoin(ann, "other", 2)).isFalse();
            service.sendToGroup("first", "x", WebPubSubContentType.TEXT_PLAIN);
            assertThat(ann.takeMessages(1)).containsExactly("first:text:\"x\"");
        }
        try (var anonymous = receiver(nobody())) {
            assertThat(anonymous.userId()).isNull();
        }
    }

    @Test
    void closesAConnectionAUserAGroupAndAll() throws Exception {
        var reason = nothingMore().addQueryParam("reason", "tidied up");
        try (var one = receiver(nobody());
                var two = receiver("ann");
                var three = receiver("bob", "room");
                var four = receiver(nobody())) {
            service.closeConnectionWithResponse(one.id(), reason);
            service.closeUserConnectionsWithResponse("ann", reason);
            service.closeGroupConnectionsWithResponse("room", reason);
            for (WebPubSubReceiver closed : List.of(one, two, three)) {
                assertThat(closed.close(20)).isEqualTo(new WebPubSubReceiver.Close(1000, "tidied up"));
                assertThat(closed.take(1).getFirst().get("message").getAsString())
                        .isEqualTo("tidied up");
            }
            service.sendToAll("end", WebPubSubContentType.TEXT_PLAIN);
            assertThat(four.takeMessages(1)).containsExactly("text:\"end\"");
            service.closeAllConnectionsWithResponse(nothingMore());
            assertThat(four.close(20).code()).isEqualTo(1000);
        }
    }

    @Test
    void whatDoesNotExistIsATypedException() {
        assertThatThrownBy(() -> service.addConnectionToGroupWithResponse("room", "none", nothingMore()))
                .isInstanceOf(ResourceNotFoundException.class);
        assertThatThrownBy(() -> service.addUserToGroupWithResponse("room", "nobody", nothingMore()))
                .isInstanceOf(ResourceNotFoundException.class);
        service.sendToUser("nobody", "x", WebPubSubContentType.TEXT_PLAIN);
        service.closeConnectionWithResponse("none", nothingMore());
    }

    @Test
    void whatIsWrongIsToldWithItsCode() {
        var filter = new RequestOptions().addQueryParam("filter", "userId eq 1");
        assertThatThrownBy(() -> service.sendToAllWithResponse(
                        BinaryData.fromString("x"), WebPubSubContentType.TEXT_PLAIN, 1, filter))
                .isInstanceOfSatisfying(HttpResponseException.class, error -> {
                    assertThat(error.getResponse().getStatusCode()).isEqualTo(400);
                    assertThat(error.getMessage()).contains("Error.BadRequest", "(Parameter 'filter')");
                });
        var stranger = builder()
                .connectionString(Objects.requireNonNull(server)
                        .webPubSubConnectionString()
                        .replace(PackagedServer.KEY, "x".repeat(44)))
                .buildClient();
        assertThatThrownBy(() -> stranger.sendToAll("x", WebPubSubContentType.TEXT_PLAIN))
                .isInstanceOf(ClientAuthenticationException.class);
    }

    @Test
    void theAsynchronousClientDoesTheSame() throws Exception {
        String hub = "java" + HUBS.incrementAndGet();
        WebPubSubServiceAsyncClient async = builder().hub(hub).buildAsyncClient();
        var limit = Duration.ofSeconds(20);
        var token = Objects.requireNonNull(async.getClientAccessToken(nobody()).block(limit));
        try (var receiver = new WebPubSubReceiver(token.getUrl())) {
            async.sendToAll("x", WebPubSubContentType.TEXT_PLAIN).block(limit);
            assertThat(receiver.takeMessages(1)).containsExactly("text:\"x\"");
            assertThat(Objects.requireNonNull(async.connectionExistsWithResponse(receiver.id(), nothingMore())
                                    .block(limit))
                            .getValue())
                    .isTrue();
        }
    }
}
