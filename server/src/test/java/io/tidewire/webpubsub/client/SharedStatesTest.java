package io.tidewire.webpubsub.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.hub.MemberState;
import io.tidewire.hub.Message;
import io.tidewire.hub.Permission;
import io.tidewire.webpubsub.protocol.ClientMessage;
import io.tidewire.webpubsub.protocol.ServiceMessage.GroupState;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Group state of one client (reference D.8, L 7, L 8), on a real hub. */
class SharedStatesTest {
    private final RecordingSpeaker speaker = new RecordingSpeaker(settings(2));
    private final SharedStates states = new SharedStates(speaker);

    private static ClientSettings settings(int maxGroupStates) {
        ClientSettings usual = ClientSettings.DEFAULT;
        return new ClientSettings(
                usual.allowedOrigins(),
                usual.keepAliveInterval(),
                usual.timeout(),
                usual.closeOnFailedEvent(),
                usual.maxPendingInvocations(),
                usual.maxGroups(),
                maxGroupStates,
                usual.reliable(),
                usual.streams());
    }

    @BeforeEach
    void hearOfLeaving() {
        speaker.onLeft = states::left;
    }

    private void set(String group, @Nullable Map<String, String> state) {
        states.take(new ClientMessage.SetGroupState(group, 1L, state));
        speaker.settle(); // a session takes the next message when this one is in place
    }

    private void watch(String group) {
        states.take(new ClientMessage.SubscribeGroupState(group, 2L));
    }

    private void setOther(String group, @Nullable Map<String, String> state) {
        var _ = speaker.hub().setState(speaker.other, speaker.loop(), group, state);
        speaker.settle();
    }

    private List<Message> received() {
        speaker.settle();
        var received = List.copyOf(speaker.mine);
        speaker.mine.clear();
        return received;
    }

    private static GroupState update(String id, @Nullable String user, @Nullable Map<String, String> state) {
        return new GroupState("g", false, List.of(new MemberState(id, user, state, 1700)));
    }

    private void mayJoinAll() {
        speaker.connection().permissions().grant(Permission.JOIN_LEAVE_GROUP, (String) null);
    }

    @Test
    void aWatcherIsShownTheStatesAndThenWhatChanges() {
        setOther("g", Map.of("typing", "yes"));
        watch("g");
        assertThat(speaker.heard()).containsExactly("success 2");
        assertThat(received())
                .containsExactly(new GroupState(
                        "g", true, List.of(new MemberState("other", null, Map.of("typing", "yes"), 1700))));
        setOther("g", Map.of("typing", "no"));
        setOther("g", null);
        assertThat(received())
                .containsExactly(update("other", null, Map.of("typing", "no")), update("other", null, null));
    }

    /** So a client has one view of the group, in which its own states stand as the others see them. */
    @Test
    void aWatcherIsToldOfItsOwnStatesToo() {
        watch("g");
        set("g", Map.of("a", "1"));
        assertThat(speaker.heard()).containsExactly("success 2", "success 1");
        assertThat(received())
                .containsExactly(new GroupState("g", true, List.of()), update("me", "ann", Map.of("a", "1")));
    }

    @Test
    void onlyMembersHaveAState() {
        mayJoinAll();
        set("elsewhere", Map.of("a", "1"));
        assertThat(speaker.heard())
                .containsExactly("failure 1 Forbidden: The client is no member of group 'elsewhere'.");
    }

    @Test
    void whoIsNoMemberHasNothingToClear() {
        set("elsewhere", null);
        assertThat(speaker.heard()).containsExactly("success 1");
    }

    @Test
    void membersMayWatch() {
        watch("g");
        assertThat(speaker.heard()).containsExactly("success 2");
    }

    @Test
    void whoMayJoinMayWatch() {
        mayJoinAll();
        watch("elsewhere");
        assertThat(speaker.heard()).containsExactly("success 2");
    }

    @Test
    void othersMayNot() {
        watch("elsewhere");
        assertThat(speaker.heard())
                .containsExactly(
                        "failure 2 Forbidden: The client is no member of group 'elsewhere' and may not join it.");
        assertThat(speaker.connection().watches("elsewhere")).isFalse();
    }

    @Test
    void whoIsTakenOutOfTheGroupWatchesItNoMore() {
        watch("g");
        received();
        speaker.leave("me", "g");
        setOther("g", Map.of("a", "1"));
        assertThat(received()).isEmpty();
    }

    @Test
    void whoMayJoinGoesOnWatching() {
        mayJoinAll();
        watch("g");
        received();
        speaker.leave("me", "g");
        setOther("g", Map.of("a", "1"));
        assertThat(received()).containsExactly(update("other", null, Map.of("a", "1")));
    }

    @Test
    void aStateEndsWithTheMembership() {
        setOther("g", Map.of("a", "1"));
        watch("g");
        received();
        speaker.leave("other", "g");
        assertThat(received()).containsExactly(update("other", null, null));
    }

    @Test
    void whoUnsubscribesHearsNoMore() {
        watch("g");
        received();
        speaker.heard();
        states.take(new ClientMessage.UnsubscribeGroupState("g", 3L));
        states.take(new ClientMessage.UnsubscribeGroupState("g", 4L));
        setOther("g", Map.of("a", "1"));
        assertThat(received()).isEmpty();
        assertThat(speaker.heard()).containsExactly("success 3", "success 4");
    }

    @Test
    void theNumberOfStatesIsBounded() {
        for (String group : List.of("a", "b", "c")) {
            speaker.join("me", group);
        }
        set("a", Map.of());
        set("b", Map.of());
        set("a", Map.of("x", "y"));
        speaker.heard();
        set("c", Map.of());
        assertThat(speaker.heard())
                .containsExactly("failure 1 BadRequest: The client has a state in 2 groups already, the limit"
                        + " (webpubsub.client.maxGroupStates).");
        set("a", null);
        set("c", Map.of());
        assertThat(speaker.heard()).containsExactly("success 1", "success 1");
    }

    @Test
    void theNumberOfWatchedGroupsIsBounded() {
        mayJoinAll();
        watch("a");
        watch("b");
        watch("a");
        speaker.heard();
        watch("c");
        assertThat(speaker.heard())
                .containsExactly("failure 2 BadRequest: The client watches the states of 2 groups already, the limit"
                        + " (webpubsub.client.maxGroupStates).");
    }

    @Test
    void withoutAnAckIdNothingIsSaid() {
        states.take(new ClientMessage.SetGroupState("g", null, Map.of()));
        states.take(new ClientMessage.SetGroupState("elsewhere", null, Map.of()));
        states.take(new ClientMessage.SubscribeGroupState("g", null));
        states.take(new ClientMessage.UnsubscribeGroupState("g", null));
        assertThat(speaker.heard()).isEmpty();
    }

    /** States stay as long as their clients, and thousands of clients have a hundred each. */
    @Test
    void statesTakeOfTheRoomForAllClientsUntilTheyAreOver() {
        set("g", Map.of("k", "v".repeat(1000)));
        assertThat(speaker.kept).isGreaterThan(1000);
        set("g", Map.of());
        assertThat(speaker.kept).isPositive().isLessThan(1000);
        set("nowhere", Map.of("k", "v".repeat(1000)));
        assertThat(speaker.kept).isLessThan(1000);
        set("g", null);
        assertThat(speaker.kept).isZero();
        set("g", Map.of("k", "v"));
        speaker.leave("me", "g");
        assertThat(speaker.kept).isZero();
    }

    @Test
    void whereThereIsNoRoomForAStateTheClientKeepsTheOneBefore() {
        set("g", Map.of("k", "old"));
        long before = speaker.kept;
        speaker.full = true;
        set("g", Map.of("k", "new"));
        assertThat(speaker.heard())
                .containsExactly(
                        "success 1",
                        "failure 1 InternalServerError: There is no room for more states at present"
                                + " (network.maxBufferedBytes); try again.");
        assertThat(speaker.kept).isEqualTo(before);
    }
}
