package io.tidewire.webpubsub.access;

import io.tidewire.http.Problem;
import io.tidewire.hub.Observer;
import io.tidewire.webpubsub.access.AdmissionSettings.CountRule;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Holds the hubs to the {@link CountRule}s of their settings: how many clients may be alike in something at one time (reference A.4).
 * What a client does not have, no rule counts. Any thread.
 */
public final class CountRules {
    /** A client, as far as rules look at it. */
    public record Client(
            String hub,
            AdmissionSettings settings,
            @Nullable String userId,
            Map<String, List<String>> claims,
            InetAddress address) {
        /** A client is kept as long as it is there: of its claims only those that a rule counts. */
        public Client {
            claims = counted(settings, claims);
        }

        private static Map<String, List<String>> counted(AdmissionSettings settings, Map<String, List<String>> claims) {
            var counted = new HashMap<String, List<String>>();
            for (CountRule rule : settings.connectionCountRules()) {
                List<String> values = rule.claim() == null ? null : claims.get(rule.claim());
                if (values != null) {
                    counted.put(rule.claim(), List.copyOf(values));
                }
            }
            return Map.copyOf(counted);
        }
    }

    /** Clients of a hub that one of its rules counts together. */
    private record Kind(String hub, CountRule rule, String value) {}

    private final ConcurrentMap<Kind, Integer> counts = new ConcurrentHashMap<>();
    private final Observer observer;

    /** Nobody is there yet. */
    public CountRules(Observer observer) {
        this.observer = observer;
    }

    /**
     * Before a client comes in.
     *
     * @throws Problem 429
     */
    public void check(Client client) {
        for (Kind kind : kinds(client)) {
            if (counts.getOrDefault(kind, 0) >= kind.rule.limit()) {
                observer.refused("ConnectionCountRule");
                throw new Problem(429, "Error.TooManyRequests", full(kind.rule));
            }
        }
    }

    /**
     * A client is in. Two may have passed {@link #check} where there was room for one.
     *
     * @return false when there is no room; otherwise {@link #leave} follows
     */
    public boolean enter(Client client) {
        List<Kind> kinds = kinds(client);
        for (int i = 0; i < kinds.size(); i++) {
            Kind kind = kinds.get(i);
            if (counts.merge(kind, 1, Integer::sum) > kind.rule.limit()) {
                leave(kinds.subList(0, i + 1));
                return false;
            }
        }
        return true;
    }

    /** A client that was let in is gone. */
    public void leave(Client client) {
        leave(kinds(client));
    }

    private void leave(List<Kind> kinds) {
        for (Kind kind : kinds) {
            counts.computeIfPresent(kind, (_, count) -> count == 1 ? null : count - 1);
        }
    }

    private static List<Kind> kinds(Client client) {
        List<CountRule> rules = client.settings.connectionCountRules();
        if (rules.isEmpty()) {
            return List.of();
        }
        var kinds = new ArrayList<Kind>();
        for (CountRule rule : rules) {
            for (String value : values(client, rule)) {
                kinds.add(new Kind(client.hub, rule, value));
            }
        }
        return kinds;
    }

    private static List<String> values(Client client, CountRule rule) {
        return switch (rule.by()) {
            case USER_ID -> client.userId == null ? List.of() : List.of(client.userId);
            case CLAIM ->
                rule.claim() == null
                        ? List.of()
                        : client.claims.getOrDefault(rule.claim(), List.of()).stream()
                                .distinct()
                                .toList();
            case ADDRESS -> List.of(client.address.getHostAddress());
        };
    }

    private static String full(CountRule rule) {
        String alike = switch (rule.by()) {
            case USER_ID -> "of this user";
            case CLAIM -> "with this " + rule.claim();
            case ADDRESS -> "from this address";
        };
        return "Connection count reaches limit: " + rule.limit() + " clients " + alike
                + " (setting connectionCountRules of the hub)";
    }
}
