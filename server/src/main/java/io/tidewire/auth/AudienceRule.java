package io.tidewire.auth;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Decides whether one of a token's audiences names the request it came with, as strictly as set (reference B.2). */
final class AudienceRule {
    private final TokenSettings.Audience mode;
    private final Set<String> publicHosts;

    AudienceRule(TokenSettings.Audience mode, Collection<String> publicHosts) {
        this.mode = mode;
        this.publicHosts = publicHosts.stream().map(AudienceUri::host).collect(Collectors.toUnmodifiableSet());
    }

    boolean accepts(AudienceCheck check, List<AudienceUri> audiences) {
        if (mode == TokenSettings.Audience.OFF) {
            return true;
        }
        if (check instanceof AudienceCheck.Rest call && AudienceUri.isPlain(call.rawPath())) {
            return acceptsPlain(call, audiences);
        }
        @Nullable List<String> path = AudienceUri.segments(check.rawPath());
        if (path == null) {
            return false;
        }
        for (AudienceUri audience : audiences) {
            if (namesHost(check, audience) && namesPath(check, path, audience)) {
                return true;
            }
        }
        return false;
    }

    /** The same without taking the path apart, as each call would have to. */
    private boolean acceptsPlain(AudienceCheck.Rest check, List<AudienceUri> audiences) {
        for (AudienceUri audience : audiences) {
            if (namesHost(check, audience)
                    && AudienceUri.startsWith(check.rawPath(), audience.path())
                    && namesSomething(audience)) {
                return true;
            }
        }
        return false;
    }

    private boolean namesSomething(AudienceUri audience) {
        return !audience.path().isEmpty() || mode == TokenSettings.Audience.LENIENT;
    }

    private boolean namesHost(AudienceCheck check, AudienceUri audience) {
        if (mode == TokenSettings.Audience.LENIENT || publicHosts.contains(audience.host())) {
            return true;
        }
        for (String host : check.hosts()) {
            if (AudienceUri.host(host).equals(audience.host())) {
                return true;
            }
        }
        return false;
    }

    private boolean namesPath(AudienceCheck check, List<String> path, AudienceUri audience) {
        return switch (check) {
            case AudienceCheck.Rest _ -> startsWith(path, audience.path()) && namesSomething(audience);
            case AudienceCheck.HubInPath(String _, String hub, List<String> _) ->
                isSame(audience.path(), List.of("client", "hubs", hub))
                        || (isSame(audience.path(), List.of("client")) && hub.equalsIgnoreCase(audience.hub()));
            case AudienceCheck.Hub(String _, String hub, List<String> _) ->
                isSame(withoutNegotiate(path), withoutNegotiate(audience.path()))
                        && hub.equalsIgnoreCase(audience.hub());
        };
    }

    private static boolean isSame(List<String> path, List<String> other) {
        return path.size() == other.size() && startsWith(path, other);
    }

    private static boolean startsWith(List<String> path, List<String> prefix) {
        if (prefix.size() > path.size()) {
            return false;
        }
        for (int i = 0; i < prefix.size(); i++) {
            if (!path.get(i).equalsIgnoreCase(prefix.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static List<String> withoutNegotiate(List<String> path) {
        boolean negotiates = !path.isEmpty() && path.getLast().equalsIgnoreCase("negotiate");
        return negotiates ? path.subList(0, path.size() - 1) : path;
    }
}
