package io.tidewire.webpubsub.protocol;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a message says about itself (reference C.3, D.3): lower-case keys with printable ASCII values, in the order in which they
 * came, within the limits here. Immutable.
 */
public final class Metadata {
    public static final Metadata NONE = new Metadata(Map.of());

    public static final int MAX_KEY = 256;
    public static final int MAX_VALUE = 1024;
    public static final int MAX_TOTAL = 8 * 1024;

    private static final String KEY_CHARACTERS = "!#$%&'*+-.^_`|~";

    private final Map<String, String> entries;

    private Metadata(Map<String, String> entries) {
        this.entries = entries;
    }

    /**
     * Of what a caller sent, in whatever case.
     *
     * @throws InvalidContent when it is beyond a limit
     */
    public static Metadata of(Map<String, String> entries) {
        var builder = new Builder();
        entries.forEach(builder::add);
        return builder.build();
    }

    public Map<String, String> entries() {
        return entries;
    }

    public boolean isEmpty() {
        return entries.isEmpty();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Metadata that && entries.equals(that.entries);
    }

    @Override
    public int hashCode() {
        return entries.hashCode();
    }

    @Override
    public String toString() {
        return entries.toString();
    }

    /** Takes entries one by one and the limits with each, so that nobody holds more than they allow. */
    public static final class Builder {
        private final Map<String, String> entries = new LinkedHashMap<>();
        private int total;

        /**
         * Adds an entry; of several with the same key the last one counts.
         *
         * @throws InvalidContent when it is beyond a limit
         */
        public void add(String key, String value) {
            if (!isKey(key)) {
                throw new InvalidContent("Invalid metadata key. A key is between 1 and " + MAX_KEY
                        + " characters long and contains only letters, digits and " + KEY_CHARACTERS);
            }
            if (!isValue(value)) {
                throw new InvalidContent("Invalid metadata value. A value is at most " + MAX_VALUE
                        + " characters long and contains only printable ASCII.");
            }
            entries.put(key.toLowerCase(Locale.ROOT), value);
            total += key.length() + value.length(); // also what a later one replaces: it was work
            if (total > MAX_TOTAL) {
                throw new InvalidContent(
                        "Too much metadata. All keys and values together have at most " + MAX_TOTAL + " characters.");
            }
        }

        public Metadata build() {
            return entries.isEmpty() ? NONE : new Metadata(Collections.unmodifiableMap(new LinkedHashMap<>(entries)));
        }

        private static boolean isKey(String key) {
            boolean valid = !key.isEmpty() && key.length() <= MAX_KEY;
            for (int i = 0; valid && i < key.length(); i++) {
                valid = isKeyCharacter(key.charAt(i));
            }
            return valid;
        }

        private static boolean isValue(String value) {
            boolean valid = value.length() <= MAX_VALUE;
            for (int i = 0; valid && i < value.length(); i++) {
                valid = value.charAt(i) >= 0x20 && value.charAt(i) < 0x7F;
            }
            return valid;
        }

        private static boolean isKeyCharacter(char c) {
            return (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || KEY_CHARACTERS.indexOf(c) >= 0;
        }
    }
}
