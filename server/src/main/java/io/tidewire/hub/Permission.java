package io.tidewire.hub;

/** What a client may do to groups by itself (Web PubSub reference E). */
public enum Permission {
    /** Join and leave. */
    JOIN_LEAVE_GROUP,
    /** Send to the group's members; being one is not needed. */
    SEND_TO_GROUP
}
