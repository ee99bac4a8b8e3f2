package io.tidewire.http;

import io.tidewire.http.ApiVersions.Rule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which api-version a request means, by the rules of its listener's {@link ApiVersions}. */
final class VersionRule {
    private static final String PREVIEW = "-preview";
    private static final int DATE_LENGTH = 10;

    private final ApiVersions versions;

    VersionRule(ApiVersions versions) {
        this.versions = versions;
    }

    /** One of the supported versions; null when the request is to be refused. */
    @Nullable
    String meant(Query query) {
        List<String> given = query.all(versions.parameter());
        List<String> supported = versions.supported();
        if (supported.isEmpty() || given.size() > 1) {
            // Two answers to one question: whichever was taken, somebody on the way may have taken the other.
            return null;
        }
        if (given.isEmpty()) {
            return versions.rule() == Rule.SAID ? null : supported.getLast();
        }
        String version = Ascii.lower(given.getFirst());
        if (supported.contains(version)) {
            return version;
        }
        return versions.rule() == Rule.NOT_NEWER && wellFormed(version) ? newestNotNewer(version, supported) : null;
    }

    Problem refusal() {
        return versions.refusal() == null
                ? Refusals.apiVersion(versions.parameter(), versions.supported())
                : Problem.about(versions.parameter(), 400, Refusals.INVALID_API_VERSION, versions.refusal());
    }

    String parameter() {
        return versions.parameter();
    }

    /** By date alone: a preview has the operations that its final version then got. Null when it is older than all. */
    private static @Nullable String newestNotNewer(String version, List<String> supported) {
        String date = version.substring(0, DATE_LENGTH);
        for (int i = supported.size() - 1; i >= 0; i--) {
            String candidate = supported.get(i);
            if (candidate
                            .substring(0, Math.min(DATE_LENGTH, candidate.length()))
                            .compareTo(date)
                    <= 0) {
                return candidate;
            }
        }
        return null;
    }

    private static boolean wellFormed(String version) {
        String date = version.endsWith(PREVIEW) ? version.substring(0, version.length() - PREVIEW.length()) : version;
        if (date.length() != DATE_LENGTH) {
            return false;
        }
        for (int i = 0; i < DATE_LENGTH; i++) {
            char c = date.charAt(i);
            boolean fits = (i == 4 || i == 7) ? c == '-' : (c >= '0' && c <= '9');
            if (!fits) {
                return false;
            }
        }
        return within(date, 5, 12) && within(date, 8, 31);
    }

    private static boolean within(String date, int from, int most) {
        int value = (date.charAt(from) - '0') * 10 + date.charAt(from + 1) - '0';
        return value >= 1 && value <= most;
    }
}
