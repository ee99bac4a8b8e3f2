package io.tidewire.config;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The value of each setting: the last one given, or the profile's default. */
final class Values {
    private final Profile profile;
    private final Map<String, Given> given;

    /** @param given the winning value of each setting that was given one; each can be parsed */
    Values(Profile profile, Map<String, Given> given) {
        this.profile = profile;
        this.given = Map.copyOf(given);
    }

    Profile profile() {
        return profile;
    }

    /** Null when it was not given and has no default. */
    <T> @Nullable T find(Setting<T> setting) {
        Given written = given.get(setting.key());
        return written == null ? setting.byDefault(profile) : setting.type().parse(written.raw());
    }

    /** For settings with a default, and those that {@link Rules} found to be given. */
    <T> T need(Setting<T> setting) {
        T value = find(setting);
        if (value == null) {
            throw new IllegalStateException(setting.key() + " has no value");
        }
        return value;
    }

    /** Null when the default holds. */
    @Nullable
    Origin origin(Setting<?> setting) {
        Given written = given.get(setting.key());
        return written == null ? null : written.origin();
    }
}
