package io.tidewire.webpubsub.access;

import io.tidewire.auth.Claim;
import io.tidewire.auth.Claims;
import io.tidewire.http.Problem;
import io.tidewire.webpubsub.protocol.GroupName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the token of a client says (reference B.2).
 *
 * @param userId null for none
 * @param all every claim, for those who are told
 */
public record ClientClaims(
        @Nullable String userId, List<String> roles, List<String> groups, Map<String, List<String>> all) {
    /** Of a client without a token. */
    public static final ClientClaims ANONYMOUS = new ClientClaims(null, List.of(), List.of(), Map.of());

    /**
     * Reads the claims.
     *
     * @throws Problem 400 for a group that there can not be
     */
    public static ClientClaims of(Claims claims) {
        var all = new LinkedHashMap<String, List<String>>();
        for (Claim claim : claims.inOrder()) {
            all.put(claim.name(), claim.values());
        }
        List<String> groups = claims.all("webpubsub.group");
        for (String group : groups) {
            if (!GroupName.isValid(group)) {
                throw new Problem(
                        400,
                        "Error.BadRequest",
                        "The claim webpubsub.group has an invalid group name. A group name is between 1 and "
                                + GroupName.MAX_LENGTH + " characters long and not only white space.");
            }
        }
        return new ClientClaims(userId(claims.first("sub")), claims.all("role"), groups, all);
    }

    /** An empty one is none (L 20). */
    public static @Nullable String userId(@Nullable String said) {
        return said == null || said.isEmpty() ? null : said;
    }
}
