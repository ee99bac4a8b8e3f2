package io.tidewire.webpubsub.client;

import io.tidewire.http.Problem;
import io.tidewire.http.Query;
import io.tidewire.webpubsub.protocol.GroupName;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks for in its query (reference D.2). It has a meaning for simple clients only, and is checked for all.
 *
 * @param group to which each of its frames is sent; null where each is an event
 * @param noEcho whether it does without what it sent itself
 */
record Terms(@Nullable String group, boolean noEcho) {
    private static final String MODE = "webpubsub_mode";

    /** Of nearly all clients, which share it. */
    private static final Terms NONE = new Terms(null, false);

    /**
     * Reads the query. Of what is repeated the last one counts.
     *
     * @throws Problem 400 naming the parameter that is wrong
     */
    static Terms of(Query query) {
        String mode = query.last(MODE);
        String group = query.last("group");
        if (group != null && !GroupName.isValid(group)) {
            throw invalid("group", "a name of 1 to " + GroupName.MAX_LENGTH + " characters, not only white space");
        }
        boolean noEcho = flag("noEcho", query.last("noEcho"));
        return switch (mode == null ? "sendevent" : mode.toLowerCase(Locale.ROOT)) {
            case "sendevent" -> noEcho ? new Terms(null, true) : NONE;
            case "sendtogroup" -> {
                if (group == null) {
                    throw invalid("group", "there in the mode sendToGroup");
                }
                yield new Terms(group, noEcho);
            }
            case String _ -> throw invalid(MODE, "sendEvent or sendToGroup");
        };
    }

    private static boolean flag(String name, @Nullable String value) {
        if (value == null || value.equalsIgnoreCase("false")) {
            return false;
        }
        if (value.equalsIgnoreCase("true")) {
            return true;
        }
        throw invalid(name, "true or false");
    }

    private static Problem invalid(String name, String rule) {
        return new Problem(400, "Error.BadRequest", "The query parameter " + name + " must be " + rule + ".");
    }
}
