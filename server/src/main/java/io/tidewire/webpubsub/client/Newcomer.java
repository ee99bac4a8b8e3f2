package io.tidewire.webpubsub.client;

import io.tidewire.hub.Hub;
import io.tidewire.webpubsub.access.CountRules;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A client that may come in, with all that its token and the application say.
 *
 * @param userId null for none
 * @param roles checked
 * @param groups that it is a member of from the beginning
 * @param counted what the rules of the hub look at
 * @param visit what it has with the application so far
 */
record Newcomer(
        Hub hub,
        String connectionId,
        @Nullable String userId,
        List<String> roles,
        List<String> groups,
        Subprotocol subprotocol,
        Terms terms,
        CountRules.Client counted,
        Backend.Visit visit) {}
