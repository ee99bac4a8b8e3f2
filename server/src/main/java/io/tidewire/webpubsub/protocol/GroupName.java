package io.tidewire.webpubsub.protocol;

import io.tidewire.service.access.GivenName;

/** What a group may be called (reference A.2). Case matters. */
public final class GroupName {
    public static final int MAX_LENGTH = 1024;

    private GroupName() {}

    public static boolean isValid(String name) {
        return GivenName.isValid(name, MAX_LENGTH);
    }

    /**
     * The name, which is valid.
     *
     * @throws InvalidContent otherwise
     */
    public static String checked(String name) {
        if (!isValid(name)) {
            throw new InvalidContent("Invalid group name. A group name is between 1 and " + MAX_LENGTH
                    + " characters long and not only white space.");
        }
        return name;
    }
}
