package io.tidewire.hub;

import static io.tidewire.hub.Permission.JOIN_LEAVE_GROUP;
import static io.tidewire.hub.Permission.SEND_TO_GROUP;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Web PubSub reference E: what roles and REST grants come to. */
class PermissionsTest {
    private final Permissions permissions = new Permissions();

    private boolean allows(String group) {
        return permissions.allows(SEND_TO_GROUP, group);
    }

    private void grant(String group) {
        assertThat(permissions.grant(SEND_TO_GROUP, group)).isTrue();
    }

    private void grantAll() {
        assertThat(permissions.grant(SEND_TO_GROUP, (String) null)).isTrue();
    }

    private void grantPattern(String pattern) {
        assertThat(permissions.grant(SEND_TO_GROUP, GroupPattern.of(pattern))).isTrue();
    }

    private void revoke(String group) {
        assertThat(permissions.revoke(SEND_TO_GROUP, group)).isTrue();
    }

    private void revokeAll() {
        assertThat(permissions.revoke(SEND_TO_GROUP, null)).isTrue();
    }

    @Test
    void nothingIsAllowedAtFirst() {
        assertThat(allows("g")).isFalse();
        assertThat(permissions.allowsAll(SEND_TO_GROUP)).isFalse();
    }

    @Test
    void whatOneConnectionIsGrantedIsNotAnothers() {
        var other = new Permissions();
        revokeAll();
        revoke("g");
        grant("g");
        grantPattern("p*");
        assertThat(other.allows(SEND_TO_GROUP, "g")).isFalse();
        assertThat(other.allows(SEND_TO_GROUP, "p1")).isFalse();
        assertThat(new Permissions().allowsAll(SEND_TO_GROUP)).isFalse();
    }

    @Test
    void aGroupIsGrantedByItsNameInItsLetterCase() {
        grant("g");
        assertThat(allows("g")).isTrue();
        assertThat(allows("G")).isFalse();
        assertThat(allows("h")).isFalse();
        assertThat(permissions.allowsAll(SEND_TO_GROUP)).isFalse();
    }

    @Test
    void onePermissionIsNotTheOther() {
        grant("g");
        grantPattern("p*");
        assertThat(permissions.allows(JOIN_LEAVE_GROUP, "g")).isFalse();
        grantAll();
        assertThat(permissions.allows(JOIN_LEAVE_GROUP, "g")).isFalse();
        assertThat(permissions.allowsAll(JOIN_LEAVE_GROUP)).isFalse();
        permissions.revoke(JOIN_LEAVE_GROUP, null);
        assertThat(allows("g")).isTrue();
    }

    @Test
    void aGrantWithoutGroupIsForAllOfThem() {
        grantAll();
        assertThat(allows("g")).isTrue();
        assertThat(permissions.allowsAll(SEND_TO_GROUP)).isTrue();
    }

    @Test
    void aPatternGrantsTheGroupsThatFit() {
        grantPattern("room.*");
        assertThat(allows("room.1")).isTrue();
        assertThat(allows("room.1.2")).isFalse();
        assertThat(permissions.allowsAll(SEND_TO_GROUP)).isFalse();
    }

    @Test
    void whatIsRevokedByItsNameIsGone() {
        grant("g");
        grant("h");
        revoke("g");
        revoke("never granted");
        assertThat(allows("g")).isFalse();
        assertThat(allows("h")).isTrue();
    }

    @Test
    void revokingWithoutGroupTakesNamesPatternsAndAllAway() {
        grant("g");
        grantPattern("room.*");
        revokeAll();
        assertThat(allows("g")).isFalse();
        assertThat(allows("room.1")).isFalse();
        grant("g");
        grantAll();
        revokeAll();
        assertThat(allows("g")).isFalse();
        assertThat(permissions.allowsAll(SEND_TO_GROUP)).isFalse();
    }

    @Test
    void revokingOneOfAllDeniesThatOne() {
        grantAll();
        revoke("g");
        assertThat(allows("g")).isFalse();
        assertThat(allows("h")).isTrue();
        assertThat(permissions.allowsAll(SEND_TO_GROUP)).isFalse();
    }

    @Test
    void revokingWhatAPatternGrantsDeniesIt() {
        grantPattern("room.*");
        grant("room.1");
        revoke("room.1");
        assertThat(allows("room.1")).isFalse();
        assertThat(allows("room.2")).isTrue();
    }

    @Test
    void grantingWhatWasDeniedAllowsItAgain() {
        grantAll();
        revoke("g");
        grant("g");
        assertThat(allows("g")).isTrue();
        assertThat(permissions.allowsAll(SEND_TO_GROUP)).isTrue();
    }

    @Test
    void grantingAllEndsAllDenials() {
        grantAll();
        revoke("g");
        grantAll();
        assertThat(allows("g")).isTrue();
    }

    @Test
    void denialsGoWithWhatTheyAreAnExceptionOf() {
        grantAll();
        revoke("g");
        revokeAll();
        grantPattern("*");
        assertThat(allows("g")).isTrue();
    }

    @Test
    void aThousandGroupsAreGrantedByNameAndNoMore() {
        for (int i = 0; i < 1000; i++) {
            grant("g" + i);
        }
        assertThat(permissions.grant(SEND_TO_GROUP, "one more")).isFalse();
        assertThat(allows("one more")).isFalse();
        grant("g0"); // is there already
        assertThat(permissions.grant(JOIN_LEAVE_GROUP, "one more")).isTrue();
        revoke("g0");
        grant("one more");
        assertThat(permissions.grant(SEND_TO_GROUP, "g0")).isFalse();
        grantAll();
        grant("g0");
        assertThat(allows("g0")).isTrue();
    }

    @Test
    void aThousandGroupsAreDeniedAndNoMore() {
        grantAll();
        for (int i = 0; i < 1000; i++) {
            revoke("g" + i);
        }
        assertThat(permissions.revoke(SEND_TO_GROUP, "one more")).isFalse();
        assertThat(allows("one more")).isTrue();
        revoke("g0"); // is denied already
        grant("g0");
        revoke("one more");
        assertThat(allows("one more")).isFalse();
    }

    @Test
    void thereAreTenPatternsAndNoMore() {
        for (int i = 0; i < 10; i++) {
            grantPattern("room" + i + ".*");
        }
        assertThat(permissions.grant(SEND_TO_GROUP, GroupPattern.of("more.*"))).isFalse();
        assertThat(allows("more.1")).isFalse();
        assertThat(allows("room9.1")).isTrue();
        assertThat(permissions.grant(JOIN_LEAVE_GROUP, GroupPattern.of("more.*")))
                .isTrue();
    }

    /** What a group's pattern allows needs no place among the names. */
    @Test
    void whatAPatternAllowsTakesNoPlace() {
        grantPattern("room.*");
        for (int i = 0; i < 1000; i++) {
            grant("room." + i);
        }
        grant("g");
        assertThat(allows("g")).isTrue();
    }

    /** Any order of grants and revocations, next to the rules of the reference written down as sets. */
    @Test
    void anyOrderComesToWhatTheReferenceSays() {
        long seed = Long.getLong("tidewire.seed", 4);
        var random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            var mine = new Permissions();
            boolean pattern = random.nextBoolean();
            if (pattern) {
                mine.grant(SEND_TO_GROUP, GroupPattern.of("a?"));
            }
            boolean all = false;
            Set<String> granted = new HashSet<>();
            Set<String> denied = new HashSet<>();
            for (int step = 0; step < 20; step++) {
                String group = new String[] {"a1", "a2", "b1", "b2"}[random.nextInt(4)];
                switch (random.nextInt(8)) {
                    case 0 -> {
                        mine.grant(SEND_TO_GROUP, (String) null);
                        all = true;
                        denied.clear();
                    }
                    case 1 -> {
                        mine.revoke(SEND_TO_GROUP, null);
                        all = false;
                        pattern = false;
                        granted.clear();
                        denied.clear();
                    }
                    case 2, 3, 4 -> {
                        mine.grant(SEND_TO_GROUP, group);
                        granted.add(group);
                        denied.remove(group);
                    }
                    default -> {
                        mine.revoke(SEND_TO_GROUP, group);
                        granted.remove(group);
                        denied.add(group);
                    }
                }
                for (String each : new String[] {"a1", "a2", "b1", "b2"}) {
                    boolean expected = !denied.contains(each)
                            && (all || granted.contains(each) || (pattern && each.charAt(0) == 'a'));
                    assertThat(mine.allows(SEND_TO_GROUP, each))
                            .as("round %d, step %d, group %s, seed %d", round, step, each, seed)
                            .isEqualTo(expected);
                }
            }
        }
    }
}
