package io.tidewire.service.access;

import io.tidewire.http.Problem;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The one spelling of a hub: lower case, with the application in front where there is one ({@code app_hub}). REST callers
 * send the application apart from the hub, clients send both already joined; either way it is the same hub (reference A.4).
 */
public final class HubName {
    private static final int LIMIT = 128;

    private HubName() {}

    /** The hub of a REST call. */
    public static String of(String hub, @Nullable String application) {
        check(hub, "hub", LIMIT);
        if (application == null || application.isEmpty()) {
            return hub.toLowerCase(Locale.ROOT);
        }
        check(application, "application", LIMIT);
        return (application + "_" + hub).toLowerCase(Locale.ROOT);
    }

    /** The hub of a client, with the application already in it. */
    public static String joined(String name) {
        check(name, "hub", 2 * LIMIT + 1);
        return name.toLowerCase(Locale.ROOT);
    }

    private static void check(String name, String what, int limit) {
        boolean valid = !name.isEmpty() && name.length() <= limit && isLetter(name.charAt(0));
        for (int i = 1; valid && i < name.length(); i++) {
            valid = isNameCharacter(name.charAt(i));
        }
        if (!valid) {
            throw new Problem(
                    400,
                    "Error.Request.Invalid",
                    "Invalid " + what + " name. A valid " + what + " name is between 1 and " + LIMIT
                            + " characters long, starts with a letter and contains only letters, digits and _`,.[]");
        }
    }

    private static boolean isLetter(char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    }

    private static boolean isNameCharacter(char c) {
        return isLetter(c) || (c >= '0' && c <= '9') || "_`,.[]".indexOf(c) >= 0;
    }
}
