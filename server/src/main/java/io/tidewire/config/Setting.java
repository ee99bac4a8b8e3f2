package io.tidewire.config;

import io.tidewire.config.type.Type;
import org.jspecify.annotations.Nullable;

/**
 * One line of the {@link Catalogue}.
 *
 * @param key its name in the file and on the command line, for example {@code http.maxBodyBytes}
 * @param type how its value is written
 * @param dev its default in {@link Profile#DEV}; null for none
 * @param serve its default in {@link Profile#SERVE}; null for none
 * @param doc what it does, in one sentence
 */
public record Setting<T>(
        String key, Type<T> type, @Nullable T dev, @Nullable T serve, String doc) {
    static final String ENVIRONMENT_PREFIX = "TIDEWIRE_";

    public @Nullable T byDefault(Profile profile) {
        return switch (profile) {
            case DEV -> dev;
            case SERVE -> serve;
        };
    }

    /** Its name in the environment: {@code http.maxBodyBytes} is {@code TIDEWIRE_HTTP_MAX_BODY_BYTES}. */
    public String environmentName() {
        var name = new StringBuilder(ENVIRONMENT_PREFIX);
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            if (c == '.') {
                name.append('_');
            } else if (Character.isUpperCase(c)) {
                name.append('_').append(c);
            } else {
                name.append(Character.toUpperCase(c));
            }
        }
        return name.toString();
    }

    /** The text for people of its default in that profile; {@code none} when there is none. */
    String printDefault(Profile profile) {
        T value = byDefault(profile);
        return value == null ? "none" : type.print(value);
    }
}
