package io.tidewire.config;

import java.util.List;

/**
 * Settings that can be used, and how they came about.
 *
 * @param settings for the rooms
 * @param given what was written somewhere and won, in the order of the catalogue; everything else is a default
 * @param warnings what is allowed but probably not meant, one line each
 */
public record LoadedSettings(Settings settings, List<Entry> given, List<String> warnings) {
    /**
     * One setting that is not left at its default.
     *
     * @param value as one would write it; a stand-in for secrets
     */
    public record Entry(String key, String value, Origin origin) {
        /** For example {@code signalr.listen = 0.0.0.0:8888  (tidewire.yaml:2)}. */
        @Override
        public String toString() {
            return key + " = " + value + "  (" + origin.label() + ")";
        }
    }

    public LoadedSettings {
        given = List.copyOf(given);
        warnings = List.copyOf(warnings);
    }
}
