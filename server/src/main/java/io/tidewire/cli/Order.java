package io.tidewire.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can be typed at the prompt of {@code tidewire server}. */
sealed interface Order {
    /** Whom an order is about; the name is the word that is typed. */
    enum Whom {
        USER,
        GROUP,
        CONNECTION,
        ALL
    }

    /**
     * Call the clients.
     *
     * @param ids one send for each; empty for everybody
     * @param message null for a text that is made up
     */
    record Send(Whom whom, List<String> ids, @Nullable String message) implements Order {}

    /** Put a user or a connection into a group. */
    record Join(String group, Whom whom, String id) implements Order {}

    /** Take a user or a connection out of a group. */
    record Leave(String group, Whom whom, String id) implements Order {}

    /** Close connections. {@code id} is empty for everybody's. */
    record Close(Whom whom, String id, @Nullable String reason) implements Order {}

    /** Ask whether there is such a one. */
    record Exists(Whom whom, String id) implements Order {}

    /** Ask whether a user is in a group. */
    record InGroup(String user, String group) implements Order {}

    /** Name the client method that later sends call. */
    record Target(String name) implements Order {}

    /** Show what can be typed. */
    record Help() implements Order {}

    /** Leave the prompt. */
    record Quit() implements Order {}
}
