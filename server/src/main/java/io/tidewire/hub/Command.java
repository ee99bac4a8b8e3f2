package io.tidewire.hub;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Everything that changes or uses a hub. REST calls, clients and other nodes all speak it. */
public sealed interface Command {
    Audience audience();

    /** Sends a message. Nobody waits for the receivers. */
    record Deliver(Audience audience, Message message) implements Command {}

    /** Asks one connection. The asker waits for what becomes of it, no longer than the patience lasts. */
    record Ask(String connectionId, Message question, Duration patience) implements Command {
        @Override
        public Audience audience() {
            return Audience.connection(connectionId);
        }
    }

    /** A command whose caller waits until its effect is in place. */
    sealed interface Change extends Command {}

    /** Adds the audience to a group. */
    record Join(Audience audience, String group, Cause cause) implements Change {}

    /** Ends memberships of one cause; a connection stays while it has another cause to be in the group. */
    record Leave(Audience audience, String group, Cause cause) implements Change {}

    /** Takes the audience out of one group, whatever made it a member. */
    record Remove(Audience audience, String group) implements Change {}

    /** Takes the audience out of all its groups. */
    record RemoveFromAll(Audience audience) implements Change {}

    /** Allows the connections something, for one group or, with null, for all. */
    record Grant(
            Audience audience,
            Permission permission,
            @Nullable String group) implements Change {}

    /** Takes that away, for one group or, with null, altogether. */
    record Revoke(
            Audience audience,
            Permission permission,
            @Nullable String group) implements Change {}

    /** Ends the connections. */
    record Close(Audience audience, Disconnect why) implements Change {}

    /**
     * Does several things for each connection of the audience, in order and with nothing in between. Who is meant is decided
     * before the first of them.
     */
    record Execute(Audience audience, List<Step> steps) implements Command {
        public Execute {
            steps = List.copyOf(steps);
        }

        /** Approximate bytes of all its messages. */
        int size() {
            long size = 0;
            for (Step step : steps) {
                size += step instanceof Step.Send send ? send.message().size() : 0;
            }
            return (int) Math.min(size, Integer.MAX_VALUE);
        }
    }

    /** One thing done for one connection. */
    sealed interface Step {
        record Send(Message message) implements Step {}

        /** The connection itself joins. */
        record Join(String group) implements Step {}

        /** Leaves, whatever made it a member. */
        record Leave(String group) implements Step {}

        /** Ends the connection; the steps behind this one are for nobody. */
        record Close(Disconnect why) implements Step {}
    }

    /** What made a connection a member of a group. It may have both causes at once. */
    enum Cause {
        /** The connection itself was added; ends with the connection. */
        CONNECTION(1),
        /** Its user was added; ends when the user's membership expires or is removed. */
        USER(2);

        private final int bit;

        Cause(int bit) {
            this.bit = bit;
        }

        int bit() {
            return bit;
        }
    }
}
