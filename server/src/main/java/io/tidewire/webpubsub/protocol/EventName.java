package io.tidewire.webpubsub.protocol;

/** What an event of a client may be called (reference A.2). Handlers are found without regard to case. */
public final class EventName {
    public static final int MAX_LENGTH = 128;

    private EventName() {}

    public static boolean isValid(String name) {
        boolean valid = !name.isEmpty() && name.length() <= MAX_LENGTH && isLetter(name.charAt(0));
        for (int i = 1; valid && i < name.length(); i++) {
            char c = name.charAt(i);
            valid = isLetter(c) || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
        }
        return valid;
    }

    /**
     * The name, which is valid.
     *
     * @throws InvalidContent otherwise
     */
    public static String checked(String name) {
        if (!isValid(name)) {
            throw new InvalidContent("Invalid event name. An event name is between 1 and " + MAX_LENGTH
                    + " characters long, starts with a letter and contains only letters, digits and _.-");
        }
        return name;
    }

    private static boolean isLetter(char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    }
}
